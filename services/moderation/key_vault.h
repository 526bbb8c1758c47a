// Keys at rest. Each report and each piece of evidence has a data key of its
// own; the keys of the cases that hold it wrap that, and the master key wraps
// those. Handlers hold handles, never key bytes.
#ifndef FRANK_SERVICES_MODERATION_KEY_VAULT_H_
#define FRANK_SERVICES_MODERATION_KEY_VAULT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "core/ids.h"
#include "core/random.h"
#include "crypto/hash.h"
#include "crypto/secret.h"
#include "storage/engine.h"
#include "storage/moderation_schema.h"
#include "storage/wrapped_key_store.h"

namespace frank::moderation {

// A handle to one AES-128-GCM key. What it seals is
//   nonce[12] || AES-128-GCM(key, nonce, aad, plaintext), nonce random,
// where aad names the place of the ciphertext, so that none can be put in
// another's. Thread-safe; move-only.
class DataKey {
 public:
  absl::StatusOr<std::string> Seal(RandomSource& random, absl::string_view aad,
                                   ByteSpan plaintext) const;
  // kDataLoss when it is not what was sealed at this place.
  absl::StatusOr<crypto::Secret> Open(absl::string_view aad,
                                      absl::string_view sealed) const;
  // HMAC-SHA256 under the key, by which a repeat is known. Once the key is
  // destroyed nobody can try what the bytes were. `label` says what they are.
  crypto::Sha256Digest Mac(absl::string_view label, ByteSpan bytes) const;

 private:
  friend class KeyVault;
  explicit DataKey(crypto::Secret key) : key_(std::move(key)) {}
  crypto::Secret key_;
};

// Makes, wraps and unwraps data keys over the store. Every method that reads
// returns kDataLoss when a key is missing or was not wrapped for its place.
// Thread-safe.
class KeyVault {
 public:
  // The key that wraps is the first 16 bytes of
  //   HMAC-SHA256(master, "frank master key, AES-128-GCM").
  // `master` is 32 bytes, as key files hold them. `random` outlives the vault.
  KeyVault(const crypto::Secret& master, RandomSource& random);

  DataKey NewKey() const;
  RandomSource& random() const { return random_; }

  // A case's own key, new or stored; none when it was destroyed.
  absl::StatusOr<DataKey> AddCaseKey(storage::Transaction& transaction,
                                     const CaseId& id) const;
  absl::StatusOr<absl::optional<DataKey>> FindCaseKey(
      storage::Transaction& transaction, const CaseId& id) const;
  absl::StatusOr<absl::optional<DataKey>> FindCaseKey(storage::Engine& engine,
                                                      const CaseId& id) const;
  absl::StatusOr<DataKey> CaseKey(storage::Transaction& transaction,
                                  const CaseId& id) const;
  absl::StatusOr<DataKey> CaseKey(storage::Engine& engine,
                                  const CaseId& id) const;

  // Lets the case that `case_key` belongs to open a piece of evidence.
  absl::Status ShareEvidenceKey(storage::Transaction& transaction,
                                const storage::EvidenceId& id,
                                const CaseId& holder, const DataKey& case_key,
                                const DataKey& key) const;
  // The data key of evidence, through a case that holds it.
  absl::StatusOr<DataKey> EvidenceKey(storage::Transaction& transaction,
                                      const storage::EvidenceId& id,
                                      const CaseId& holder) const;
  absl::StatusOr<DataKey> EvidenceKey(storage::Engine& engine,
                                      const storage::EvidenceId& id,
                                      const CaseId& holder,
                                      const DataKey& case_key) const;

  // The data key of a report: by the master key until a case holds it.
  absl::Status PutReportKey(storage::Transaction& transaction,
                            const storage::ReportRef& report,
                            const DataKey& key) const;
  absl::Status PutReportKey(storage::Transaction& transaction,
                            const storage::ReportRef& report,
                            const DataKey& key, const CaseId& holder,
                            const DataKey& case_key) const;
  absl::StatusOr<DataKey> ReportKey(storage::Engine& engine,
                                    const storage::ReportRef& report) const;

 private:
  absl::StatusOr<absl::optional<DataKey>> OpenCaseKey(
      const CaseId& id, const storage::FoundWrap& found) const;

  const DataKey master_;
  RandomSource& random_;
};

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_KEY_VAULT_H_
