// A result in a few lines, for people.
#ifndef FRANK_CLIENT_LOAD_SUMMARY_H_
#define FRANK_CLIENT_LOAD_SUMMARY_H_

#include <string>

#include "client/load/result.h"

namespace frank::load {

// A line for each operation of each step, what it cost each process, and the
// knee of a ramp.
std::string Summary(const Result& result);

// What a ramp found, as a sentence without a full stop; empty for none.
std::string KneeSentence(const Result& result);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_SUMMARY_H_
