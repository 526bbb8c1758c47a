// Writing CSV (RFC 4180).
#ifndef FRANK_CLIENT_COMMAND_CSV_H_
#define FRANK_CLIENT_COMMAND_CSV_H_

#include <string>
#include <vector>

namespace frank::client {

// One record, with its line break: CR LF. A field with a comma, a quotation
// mark or a line break is quoted, with quotation marks doubled.
std::string CsvRecord(const std::vector<std::string>& fields);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_CSV_H_
