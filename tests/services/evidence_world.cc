#include "tests/services/evidence_world.h"

#include <utility>

#include "core/status.h"
#include "crypto/checkpoint.h"
#include "crypto/evidence.h"
#include "gtest/gtest.h"
#include "proto/evidence_archive.h"

namespace frank::moderation {
namespace {

constexpr char kAuthority[] = "mimi://hub.example";

crypto::Ed25519PrivateKey KeyOf(uint8_t byte) {
  return crypto::Ed25519PrivateKey::FromSeed(
             crypto::Secret::Copy(Bytes(32, byte)))
      .value();
}

crypto::HpkePrivateKey Recipient() {
  return crypto::HpkePrivateKey::Create(crypto::Secret::Copy(Bytes(32, 9)))
      .value();
}

AuditKeys LogKeys() {
  return AuditKeys(
      crypto::CheckpointSigner::Create("audit.hub.example/frank", KeyOf(7))
          .value(),
      {});
}

EvidenceSigner MakeSigner(const crypto::Ed25519PrivateKey& identity,
                          bool with_key) {
  std::vector<wire::EvidenceKey> keys;
  if (with_key) {
    crypto::EvidenceKeyRecord record{kNow - kDay, kNow + 60 * kDay,
                                     KeyOf(5).public_key()};
    keys.push_back({KeyOf(5), record, crypto::Sign(record, identity).value()});
  }
  return EvidenceSigner(std::move(keys));
}

}  // namespace

EvidenceWorld::Serving::Serving(EvidenceWorld& world)
    : sequencer({*world.engine, world.audit_keys, world.clock, world.random}),
      log(*world.engine, world.audit_keys, world.clock),
      composer({*world.engine, world.process->vault, world.process->judge, log,
                world.signer, world.process->retention, world.clock,
                world.random}),
      desk({*world.engine, world.process->vault, composer, world.clock}),
      handler(world.process->moderators, desk) {}

EvidenceWorld::EvidenceWorld(crypto::FrankForm form, bool with_evidence_key)
    : DecisionWorld(0),
      recipient(Recipient()),
      audit_keys(LogKeys()),
      signer(MakeSigner(identity, with_evidence_key)) {
  platform.form = form;
  StartServing();
}

void EvidenceWorld::StartServing(bool with_review_key) {
  serving_.reset();
  Restart(/*with_later_window=*/false, with_review_key);
  serving_ = std::make_unique<Serving>(*this);
}

void EvidenceWorld::Sequence() {
  while (serving_->sequencer.SequenceSome() == 0) continue;
}

v1::RequestExportRequest EvidenceWorld::ExportOf(const std::string& case_id,
                                                 char id) {
  v1::RequestExportRequest request;
  request.set_export_id(IdOf(id));
  request.set_case_id(case_id);
  request.set_recipient_key(ToString(recipient.public_key().bytes()));
  request.set_recipient("The district court");
  request.set_purpose("A trial for threats");
  request.set_legal_basis("An order of the court");
  return request;
}

absl::StatusOr<v1::RequestExportResponse> EvidenceWorld::RequestExport(
    const std::string& token, const v1::RequestExportRequest& request) {
  return Await<v1::RequestExportResponse>([&](auto done) {
    serving_->handler.RequestExport(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<v1::ReleaseExportResponse> EvidenceWorld::ReleaseExport(
    const std::string& token, char id) {
  v1::ReleaseExportRequest request;
  request.set_export_id(IdOf(id));
  request.set_recipient_key(ToString(recipient.public_key().bytes()));
  return Await<v1::ReleaseExportResponse>([&](auto done) {
    serving_->handler.ReleaseExport(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<v1::CancelExportResponse> EvidenceWorld::CancelExport(
    const std::string& token, char id) {
  v1::CancelExportRequest request;
  request.set_export_id(IdOf(id));
  return Await<v1::CancelExportResponse>([&](auto done) {
    serving_->handler.CancelExport(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<v1::ListExportsResponse> EvidenceWorld::ListExports(
    const std::string& token, const v1::ListExportsRequest& request) {
  return Await<v1::ListExportsResponse>([&](auto done) {
    serving_->handler.ListExports(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<std::shared_ptr<HeldPackage>> EvidenceWorld::HoldExport(
    const std::string& token, char id) {
  v1::FetchExportRequest request;
  request.set_export_id(IdOf(id));
  return Await<std::shared_ptr<HeldPackage>>([&](auto done) {
    serving_->handler.FetchExport(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<Bytes> EvidenceWorld::FetchExport(const std::string& token,
                                                 char id) {
  FRANK_ASSIGN_OR_RETURN(auto held, HoldExport(token, id));
  EXPECT_EQ(held->package.sha256, crypto::Sha256({held->package.bytes}));
  return held->package.bytes;
}

Bytes EvidenceWorld::Package(const std::string& case_id) {
  EXPECT_TRUE(RequestExport(kSenior, ExportOf(case_id)).ok());
  EXPECT_TRUE(ReleaseExport(kSecondSenior).ok());
  Sequence();
  absl::StatusOr<Bytes> package = FetchExport(kSenior);
  EXPECT_TRUE(package.ok()) << package.status();
  return package.value_or(Bytes());
}

client::EvidenceKeys EvidenceWorld::Keys() const {
  const crypto::KeyRings rings = platform.ModerationRings(false);
  return {recipient,
          identity.public_key(),
          client::AuditKeyring({audit_keys.signer().verifier()}),
          {{kAuthority, rings.Find(kAuthority)->PublicWindows()}}};
}

absl::StatusOr<client::EvidenceFindings> EvidenceWorld::Check(
    ByteSpan package) const {
  return client::CheckEvidence(package, Keys());
}

client::MessageFinding EvidenceWorld::OnlyMessage() {
  auto findings = Check(Package(OnlyCase().case_id()));
  EXPECT_TRUE(findings.ok()) << findings.status();
  if (!findings.ok() || findings->messages.size() != 1) {
    ADD_FAILURE() << "there is not one message";
    return {};
  }
  return findings->messages.front();
}

Bytes EvidenceWorld::Resigned(ByteSpan package,
                              const std::function<void(Members*)>& change) {
  auto opened = crypto::OpenEvidence(package, recipient).value();
  auto archive =
      wire::ReadArchive(opened.archive.bytes(), identity.public_key()).value();
  Members members;
  for (const auto& [name, bytes] : archive.members) {
    members[name] = ToString(bytes);
  }
  change(&members);
  wire::EvidenceArchive changed;
  for (const auto& [name, bytes] : members) changed.Add(name, bytes);
  evidence::v1::Manifest manifest = archive.manifest;
  manifest.clear_member();
  auto signed_again = changed.Finish(manifest, *signer.KeyAt(clock.Now()));
  return crypto::SealEvidence(opened.id, recipient.public_key(),
                              signed_again.value().bytes(), random)
      .value();
}

}  // namespace frank::moderation
