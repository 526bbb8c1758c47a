// The keys of the reporter's side in frank-moderation's store; part of
// moderation_schema.h, where the notation is explained. Prefixes 0xE0 to 0xE7
// are this file's.
//
//   0xE0 text(reporter) id[16]                         ReceiptRecord
#ifndef FRANK_STORAGE_REPORTER_SCHEMA_H_
#define FRANK_STORAGE_REPORTER_SCHEMA_H_

#include <string>

#include "storage/moderation_schema.h"

namespace frank::storage::schema {

std::string ReceiptKey(const ReportRef& report);

}  // namespace frank::storage::schema

#endif  // FRANK_STORAGE_REPORTER_SCHEMA_H_
