// The keys of the reporter's side in frank-moderation's store; part of
// moderation_schema.h, where the notation is explained. Prefixes 0xE0 to 0xE7
// are this file's.
//
//   0xE0 text(reporter) id[16]                         ReceiptRecord
//   0xE1 decision[16]                                  AppealRecord
//   0xE2 bucket u64(received) decision[16]             appeals that wait
#ifndef FRANK_STORAGE_REPORTER_SCHEMA_H_
#define FRANK_STORAGE_REPORTER_SCHEMA_H_

#include <string>

#include "storage/moderation_schema.h"

namespace frank::storage::schema {

std::string ReceiptKey(const ReportRef& report);
std::string AppealKey(const DecisionId& id);
std::string WaitingAppealKey(UnixMillis received_at, const DecisionId& id);
KeyRange WaitingAppealsIn(uint8_t bucket);
KeyRange WaitingAppeals();

}  // namespace frank::storage::schema

#endif  // FRANK_STORAGE_REPORTER_SCHEMA_H_
