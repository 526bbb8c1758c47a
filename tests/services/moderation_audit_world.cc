#include "tests/services/moderation_audit_world.h"

#include <utility>

#include "core/status.h"
#include "gtest/gtest.h"
#include "services/moderation/act_log.h"
#include "storage/engine.h"

namespace frank::moderation {
namespace {

// The audit log answers on the thread that asks.
template <typename Response, typename Start>
absl::StatusOr<Response> Answer(Start start) {
  absl::StatusOr<Response> result = absl::UnknownError("not answered");
  start(services::Done<Response>(
      [&](absl::StatusOr<Response> answer) { result = std::move(answer); }));
  return result;
}

absl::Status WriteActs(ModerationWorld& world, const std::string& subject,
                       const std::vector<std::string>& written) {
  return storage::RunTransactionAndWait(
      *world.engine, [&](storage::Transaction& transaction) -> absl::Status {
        ActLog acts(transaction, world.clock.Now());
        for (const std::string& act : written) {
          FRANK_RETURN_IF_ERROR(
              acts.Add(subject, ServiceActor(), act, crypto::AuditDetails())
                  .status());
        }
        return acts.Write();
      });
}

}  // namespace

crypto::CheckpointSigner AuditSigner(uint8_t seed) {
  auto key = crypto::Ed25519PrivateKey::FromSeed(
      crypto::Secret::Copy(Bytes(32, seed)));
  return crypto::CheckpointSigner::Create(kAuditOrigin, *key).value();
}

AuditWorld::AuditWorld(AuditKeys audit_keys) : keys(std::move(audit_keys)) {
  RestartSequencer();
}

absl::Status AuditWorld::Act(const std::string& subject,
                             const std::string& act) {
  return WriteActs(base, subject, {act});
}

absl::Status AuditWorld::ActTogether(const std::string& subject, int count) {
  return WriteActs(base, subject,
                   std::vector<std::string>(count, "case.claimed"));
}

void AuditWorld::RestartSequencer() {
  base.clock.Advance(1 * kMinute);
  sequencer = std::make_unique<AuditSequencer>(AuditSequencer::Dependencies{
      *base.engine, keys, base.clock, base.random});
}

void AuditWorld::Sequence() {
  while (sequencer->SequenceSome() == 0) continue;
}

absl::StatusOr<v1::GetCheckpointResponse> AuditWorld::Checkpoint(
    const std::string& token) {
  return Answer<v1::GetCheckpointResponse>([&](auto done) {
    handler.GetCheckpoint(CallOf(token), {}, std::move(done));
  });
}

crypto::Checkpoint AuditWorld::Opened() {
  auto answer = Checkpoint();
  EXPECT_TRUE(answer.ok()) << answer.status();
  if (!answer.ok()) return {};
  auto opened = keys.signer().verifier().Open(answer->checkpoint());
  EXPECT_TRUE(opened.ok()) << opened.status();
  return opened.value_or(crypto::Checkpoint());
}

absl::StatusOr<v1::GetInclusionProofResponse> AuditWorld::Inclusion(
    const v1::GetInclusionProofRequest& request, const std::string& token) {
  return Answer<v1::GetInclusionProofResponse>([&](auto done) {
    handler.GetInclusionProof(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<v1::GetInclusionProofResponse> AuditWorld::InclusionOf(
    const std::string& subject, uint64_t number) {
  v1::GetInclusionProofRequest request;
  request.mutable_act()->set_subject(subject);
  request.mutable_act()->set_number(number);
  return Inclusion(request);
}

absl::StatusOr<v1::GetConsistencyProofResponse> AuditWorld::Consistency(
    uint64_t old_size, uint64_t new_size, const std::string& token) {
  v1::GetConsistencyProofRequest request;
  request.set_old_size(old_size);
  request.set_new_size(new_size);
  return Answer<v1::GetConsistencyProofResponse>([&](auto done) {
    handler.GetConsistencyProof(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<std::vector<std::string>> AuditWorld::Export(
    uint64_t first, uint64_t end, const std::string& token) {
  v1::ExportEntriesRequest request;
  request.set_first_index(first);
  request.set_end_index(end);
  FRANK_ASSIGN_OR_RETURN(AuditExport stream,
                         handler.ExportEntries(CallOf(token), request));
  std::vector<std::string> entries;
  while (true) {
    FRANK_ASSIGN_OR_RETURN(auto page, stream.Next());
    if (!page) return entries;
    EXPECT_GT(page->entry_size(), 0);
    for (const v1::LogEntry& entry : page->entry()) {
      EXPECT_EQ(entry.leaf_index(), first + entries.size());
      entries.push_back(entry.entry());
    }
  }
}

absl::StatusOr<std::vector<std::string>> AuditWorld::ExportAll() {
  return Export(0, Opened().size);
}

std::string AuditWorld::Raw(const std::string& key) {
  return base.engine->Get(key).value().value();
}

void AuditWorld::SetRaw(const std::string& key, const std::string& value) {
  auto transaction = base.engine->Begin();
  transaction->Put(key, value);
  EXPECT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
}

void AuditWorld::DeleteRaw(const std::string& key) {
  ASSERT_FALSE(Raw(key).empty());
  auto transaction = base.engine->Begin();
  transaction->Delete(key);
  EXPECT_TRUE(storage::CommitAndWait(std::move(transaction)).ok());
}

std::string Proven(
    const absl::StatusOr<v1::GetInclusionProofResponse>& answer) {
  EXPECT_TRUE(answer.ok()) << answer.status();
  if (!answer.ok() || !answer->has_proof()) return "";
  const v1::InclusionProof& proof = answer->proof();
  auto opened = AuditSigner().verifier().Open(proof.checkpoint());
  EXPECT_TRUE(opened.ok()) << opened.status();
  std::vector<ByteSpan> views;
  for (const std::string& node : proof.proof()) views.push_back(AsBytes(node));
  auto nodes = crypto::ParseMerkleProof("proof", views);
  EXPECT_TRUE(nodes.ok());
  EXPECT_TRUE(crypto::VerifyInclusion(AsBytes(proof.entry()),
                                      proof.leaf_index(), opened->size,
                                      opened->root, *nodes)
                  .ok());
  return proof.entry();
}

crypto::MerkleHash RootOf(const std::vector<std::string>& entries) {
  std::vector<ByteSpan> views;
  for (const std::string& entry : entries) views.push_back(AsBytes(entry));
  return crypto::MerkleRoot(views);
}

}  // namespace frank::moderation
