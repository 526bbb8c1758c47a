// The keys of the audit log in frank-moderation's store; a part of
// moderation_schema.h, which has the other tables. Prefixes 0xB0 to 0xB7 are
// this file's.
//
//   0xB0 bucket u64(time) text(subject) u64(number)  AuditPendingRecord
//   0xB1 was cursors of the first, and is not used again
//   0xB2 sha256[32]                                  AuditPlaceRecord
//   0xB3 level u64(index)                            AuditTileRecord
//   0xB5 text(subject)                               AuditProgressRecord
//   0xB6                                             AuditHeadRecord
//   0xB7 text(subject) u64(first number)             AuditLossRecord
//
// Acts are written from everywhere at once, so what they add is spread: 0xB0 by
// a bucket of the subject, 0xB2 by hash. The tree has one writer, the
// sequencer, which appends in batches.
//
// The tree is kept as tiles, like C2SP's tlog-tiles but narrower, since a batch
// is small and writes the last tile of each level anew. Tile n of tile level t
// has the hashes of the nodes 16n to 16n + 15 of the tree's level 4t; those of
// the levels between follow from them. Only complete nodes, over a power of two
// of leaves that all exist, are in tiles, so that what is in one never changes:
// the last of a level grows until it has sixteen.
#ifndef FRANK_STORAGE_AUDIT_SCHEMA_H_
#define FRANK_STORAGE_AUDIT_SCHEMA_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "storage/engine.h"

namespace frank::storage {

// An act: the subject that it is about, and its number among that subject's.
struct ActRef {
  std::string subject;
  uint64_t number = 0;
};

// Acts of a subject that wait to be put into the tree: those up to `last` that
// are not in it yet. One row for all that are added together, at `time`.
struct PendingActs {
  UnixMillis time = 0;
  ActRef last;
};

namespace schema {

// How many levels of the tree a tile spans, and how many nodes of the lowest of
// them it has at most. On disk, never changed.
inline constexpr uint8_t kTileHeight = 4;
inline constexpr uint64_t kTileWidth = 1u << kTileHeight;

// The bucket of a subject's pending acts, 0 to kBuckets - 1. On disk, never
// changed.
uint8_t AuditBucketOf(absl::string_view subject);

std::string AuditPendingKey(const PendingActs& pending);
// Pending acts of a bucket.
KeyRange AuditPending(uint8_t bucket);
KeyRange AuditPendingTable();
std::string AuditPlaceKey(ByteSpan sha256);
std::string AuditTileKey(uint8_t level, uint64_t index);
std::string AuditProgressKey(absl::string_view subject);
std::string AuditHeadKey();
std::string AuditLossKey(const ActRef& first);
KeyRange AuditLosses();

// Reading keys back. kDataLoss on another shape.
absl::StatusOr<PendingActs> ParseAuditPendingKey(absl::string_view key);
absl::StatusOr<ActRef> ParseAuditLossKey(absl::string_view key);

}  // namespace schema
}  // namespace frank::storage

#endif  // FRANK_STORAGE_AUDIT_SCHEMA_H_
