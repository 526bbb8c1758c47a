#include "tests/services/moderation_world.h"

#include <utility>

#include "core/status.h"
#include "crypto/appeal.h"
#include "crypto/hash.h"
#include "crypto/records.h"
#include "crypto/report.h"
#include "crypto/signature.h"
#include "gtest/gtest.h"
#include "proto/wire.h"

namespace frank::moderation {
namespace {

constexpr char kAuthority[] = "mimi://hub.example";

void AddModerator(config::v1::ModerationConfig* config, const std::string& id,
                  const std::string& role, const std::string& token) {
  config::v1::Moderator* moderator = config->add_moderator();
  moderator->set_id(id);
  if (!role.empty()) moderator->add_role(role);
  moderator->set_token_sha256(ToHex(crypto::Sha256({AsBytes(token)})));
}

config::v1::ModerationConfig MakeConfig() {
  config::v1::ModerationConfig config;
  AddModerator(&config, "rita", "reviewer", kReviewer);
  AddModerator(&config, "sam", "reviewer", kSecondReviewer);
  AddModerator(&config, "sena", "senior", kSenior);
  AddModerator(&config, "audrey", "auditor", kAuditor);
  AddModerator(&config, "adam", "administrator", kAdministrator);
  AddModerator(&config, "nora", "", kNobody);
  config.set_undo_window_ms(0);
  return config;
}

}  // namespace

services::Call CallOf(const std::string& token) {
  services::Call call;
  call.bearer_token = token;
  return call;
}

void SeededRandom::Fill(absl::Span<uint8_t> out) {
  // SplitMix64.
  for (uint8_t& byte : out) {
    uint64_t z = state_.fetch_add(0x9E3779B97F4A7C15u) + 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    byte = static_cast<uint8_t>(z ^ (z >> 31));
  }
}

v1::Action MakeAction(v1::ActionKind kind, uint64_t until,
                      uint32_t messages_an_hour) {
  v1::Action action;
  action.set_kind(kind);
  action.set_until(until);
  action.set_messages_an_hour(messages_an_hour);
  return action;
}

Bytes TextPart(absl::string_view text) {
  return crypto::EncodePart("text/plain;charset=utf-8", AsBytes(text)).value();
}

StampingPlatform::StampingPlatform(RandomSource& random) : random_(random) {
  auto hub_key = random.Draw<32>();
  auto seed = random.Draw<32>();
  hub_key_.assign(hub_key.begin(), hub_key.end());
  seed_.assign(seed.begin(), seed.end());
  auto key =
      crypto::Ed25519PrivateKey::FromSeed(crypto::Secret::Copy(seed_)).value();
  public_key_.assign(key.public_key().bytes().begin(),
                     key.public_key().bytes().end());
}

std::vector<crypto::KeyWindow> StampingPlatform::Windows(
    bool with_later, bool private_keys) const {
  std::vector<crypto::KeyWindow> windows;
  auto add = [&](UnixMillis from, UnixMillis to, bool tombstone) {
    crypto::KeyWindow window;
    window.not_before = from;
    window.not_after = to;
    window.form = form;
    // The platform still has the keys of what is a tombstone at moderation.
    window.tombstone = tombstone && !private_keys;
    if (!window.tombstone) {
      window.hub_key = crypto::Secret::Copy(hub_key_);
      const bool signs = form != crypto::FrankForm::kNone;
      if (signs) window.franking_public_key = public_key_;
      if (signs && private_keys)
        window.franking_seed = crypto::Secret::Copy(seed_);
    }
    windows.push_back(std::move(window));
  };
  add(kNow - 90 * kDay, kNow - 30 * kDay, true);
  add(kNow - 30 * kDay, kNow + 1 * kDay, false);
  if (with_later) add(kNow + 1 * kDay, kNow + 30 * kDay, false);
  return windows;
}

crypto::KeyRings StampingPlatform::ModerationRings(bool with_later) const {
  std::vector<crypto::KeyRing> rings;
  rings.push_back(
      crypto::KeyRing::Create(kAuthority, Windows(with_later, false)).value());
  return crypto::KeyRings::Create(std::move(rings)).value();
}

v1::Frank StampingPlatform::Stamp(const FrankingTag& tag,
                                  absl::string_view sender, UnixMillis time) {
  auto ring = crypto::KeyRing::Create(kAuthority, Windows(true, true)).value();
  crypto::StampInput input{tag, sender, kRoom, time};
  v1::Frank frank;
  wire::SetFrank(input, crypto::Stamp(ring, {input}).value()[0], &frank);
  return frank;
}

SentMessage StampingPlatform::SendText(absl::string_view sender,
                                       absl::string_view text,
                                       UnixMillis time) {
  SentMessage sent;
  Bytes content = TextPart(text);
  auto salt = random_.Draw<32>();
  auto* whole = sent.reported.mutable_whole();
  whole->set_salt(ToString(salt));
  whole->set_content(ToString(content));
  FrankingTag tag = crypto::CommitWhole({salt, content, false}).value();
  sent.frank = Stamp(tag, sender, time);
  *sent.reported.mutable_frank() = sent.frank;
  return sent;
}

SentMessage StampingPlatform::SendParts(absl::string_view sender,
                                        const std::vector<Bytes>& parts,
                                        const std::vector<uint32_t>& opened,
                                        UnixMillis time) {
  SentMessage sent;
  auto root_salt = random_.Draw<32>();
  crypto::PartsOpening opening;
  opening.root_salt = root_salt;
  for (const Bytes& part : parts) opening.parts.push_back(part);
  auto commitment = crypto::PartsCommitment::Create(opening).value();
  sent.frank = Stamp(commitment.tag(), sender, time);
  *sent.reported.mutable_frank() = sent.frank;
  auto* some = sent.reported.mutable_some_parts();
  some->set_size(static_cast<uint32_t>(parts.size()));
  for (uint32_t index : opened) {
    *some->add_part() =
        wire::ToProto(commitment.Prove(index).value(), parts[index]);
  }
  return sent;
}

SentMessage StampingPlatform::SendManyParts(absl::string_view sender,
                                            uint32_t count) {
  SentMessage sent;
  auto root_salt = random_.Draw<32>();
  std::vector<Bytes> parts(count, TextPart(""));
  crypto::PartsOpening opening;
  opening.root_salt = root_salt;
  for (const Bytes& part : parts) opening.parts.push_back(part);
  auto commitment = crypto::PartsCommitment::Create(opening).value();
  sent.frank = Stamp(commitment.tag(), sender, kNow);
  *sent.reported.mutable_frank() = sent.frank;
  auto* whole = sent.reported.mutable_parts();
  whole->set_root_salt(ToString(root_salt));
  for (const Bytes& part : parts) whole->add_part(ToString(part));
  return sent;
}

ModerationWorld::Process::Process(ModerationWorld& world,
                                  ReportJudge report_judge)
    : authorities(Authorities::Create(world.config).value()),
      metrics(counted, authorities),
      judge(std::move(report_judge)),
      configured(ConfiguredModerators::Create(world.config).value()),
      directory(*world.engine, world.clock),
      moderators(configured, directory, nullptr),
      book(ExposureRules::Create(world.config.exposure()).value(), world.clock),
      policies(PolicyBook::Load(world.config.policy_file()).value()),
      timing(DecisionTiming::FromConfig(world.config).value()),
      routing(Routing::BuiltIn()),
      targets(Targets::Create(world.config.targets(), routing, *world.reasons)
                  .value()),
      vault(world.master_key_, world.random),
      receipts(world.MakeReceiptSigner()),
      appeals(vault, judge, 7 * kDay),
      intake({*world.engine, vault, receipts, appeals, world.clock}),
      folder({*world.engine, vault, judge, routing, world.clock, world.random,
              metrics}),
      retention(RetentionRules::Create(world.config.retention(), authorities)
                    .value()),
      keeper({*world.engine, routing, world.clock, world.random, metrics}),
      shredder({*world.engine, retention, world.clock, world.random}),
      view({*world.engine, vault, judge}),
      reveals({*world.engine, view, book, world.clock, metrics}),
      claims({*world.engine, vault, view, reveals, routing, world.clock,
              world.random, 15 * kMinute, metrics, world.held_limit}),
      desk({*world.engine, vault, routing, world.clock, world.random,
            configured, 15 * kMinute, 4 * kHour, world.has_provider,
            world.held_limit}),
      attendance(*world.engine, world.clock),
      watchers(*world.engine, world.clock),
      decisions({*world.engine, vault, policies, world.clock, world.random,
                 timing, 15 * kMinute}),
      decision_view({*world.engine, vault, policies, world.clock, timing}),
      decision({moderators, decisions, decision_view}),
      review({*world.engine, moderators, claims, view, reveals}),
      people({*world.engine, configured, directory, world.clock}),
      people_handler({*world.engine, moderators, configured, people, book}),
      queue({*world.engine, moderators, vault, routing, *world.reasons,
             world.clock, desk, attendance, watchers}),
      review_keys(world.review_keys),
      holds({*world.engine, vault, world.clock, world.random}),
      retention_view({*world.engine, retention, review_keys, world.clock}),
      retention_handler(moderators, holds, retention_view),
      referrals({*world.engine, vault, authorities, retention, world.clock,
                 world.random, metrics}),
      referral_handler(moderators, referrals),
      figures({*world.engine, routing, world.clock, world.random}),
      target_fold({*world.engine, targets, world.clock, world.random, metrics}),
      outcome_fold({*world.engine, world.clock, world.random}),
      target_view(*world.engine, targets),
      target(moderators, target_view) {
  AddQueueGauges(*world.engine, routing, world.clock, counted);
}

namespace {

crypto::ReviewKeyRecord MakeRecord(const crypto::Secret& key) {
  return {kNow - 1 * kDay, kNow + 30 * kDay,
          crypto::HpkePrivateKey::Create(key).value().public_key()};
}

}  // namespace

ModerationWorld::ModerationWorld(uint64_t seed)
    : ModerationWorld(seed, nullptr) {}

ModerationWorld::ModerationWorld(uint64_t seed,
                                 std::unique_ptr<storage::Engine> store)
    : random(seed),
      engine(store ? std::move(store) : storage::MemoryEngine::Make(clock)),
      platform(random),
      config(MakeConfig()),
      review_private_key_(crypto::Secret::Random(random, 32)),
      master_key_(crypto::Secret::Random(random, 32)),
      record_(MakeRecord(review_private_key_)) {
  review_key_id_ = crypto::ReviewKeyIdOf(crypto::Serialize(record_));
  Restart();
}

ModerationWorld::~ModerationWorld() = default;

void ModerationWorld::Restart(bool with_later_window, bool with_review_key) {
  process.reset();
  // The lease of the process before runs out: it did not give it back.
  clock.Advance(1 * kMinute);
  Bytes bytes = crypto::Serialize(record_);
  std::vector<wire::ReviewKey> keys;
  if (with_review_key) {
    keys.push_back({crypto::HpkePrivateKey::Create(review_private_key_).value(),
                    record_, bytes, review_key_id_});
  }
  process = std::make_unique<Process>(
      *this, ReportJudge(std::move(keys),
                         platform.ModerationRings(with_later_window), reasons));
}

v1::ReportContent ModerationWorld::Content(
    absl::string_view accused, absl::string_view reason,
    const std::vector<SentMessage>& messages) {
  v1::ReportContent content;
  content.set_accused_uri(ToString(AsBytes(accused)));
  content.set_reason(ToString(AsBytes(reason)));
  content.set_taxonomy_version(1);
  content.set_reported_at(kNow);
  for (const SentMessage& message : messages) {
    *content.add_message() = message.reported;
  }
  return content;
}

v1::ForwardRequest ModerationWorld::Seal(const v1::ReportContent& content,
                                         absl::string_view reporter) {
  ReportId id = ReportId::Random(random);
  v1::ForwardRequest request;
  request.set_number(++next_number_);
  request.set_report_id(ToString(id.bytes()));
  request.set_reporter_uri(ToString(AsBytes(reporter)));
  request.set_review_key_id(ToString(review_key_id_.bytes()));
  request.set_accepted_at(clock.Now());
  Bytes sealed =
      crypto::SealReport(record_.public_key, {review_key_id_, id, reporter},
                         AsBytes(content.SerializeAsString()), random)
          .value();
  request.set_sealed_report(ToString(sealed));
  for (const auto& message : content.message()) {
    *request.add_frank() = message.frank();
    request.add_member(v1::MEMBERSHIP_MEMBER);
  }
  return request;
}

v1::ForwardRequest ModerationWorld::SealAppeal(const std::string& decision_id,
                                               const std::string& account,
                                               const std::string& text) {
  v1::AppealContent content;
  content.set_text(text);
  DecisionId id = DecisionId::Parse("decision_id", decision_id).value();
  Bytes sealed =
      crypto::SealAppeal(record_.public_key, {review_key_id_, id, account},
                         AsBytes(content.SerializeAsString()), random)
          .value();
  v1::ForwardRequest request;
  request.set_number(++next_number_);
  request.set_accepted_at(clock.Now());
  v1::ForwardRequest::Appeal& appeal = *request.mutable_appeal();
  appeal.set_decision_id(decision_id);
  appeal.set_account_uri(account);
  appeal.set_review_key_id(ToString(review_key_id_.bytes()));
  appeal.set_sealed_appeal(ToString(sealed));
  return request;
}

absl::StatusOr<Intake::Taken> ModerationWorld::Take(
    std::vector<v1::ForwardRequest> requests) {
  for (const auto& request : requests) {
    FRANK_RETURN_IF_ERROR(Intake::Check(request));
  }
  return Await<Intake::Taken>([&](services::Done<Intake::Taken> done) {
    process->intake.Store("hub.example", requests, std::move(done));
  });
}

absl::StatusOr<uint64_t> ModerationWorld::Forward(
    std::vector<v1::ForwardRequest> requests) {
  FRANK_ASSIGN_OR_RETURN(Intake::Taken taken, Take(std::move(requests)));
  return taken.acknowledged;
}

ReceiptSigner ModerationWorld::MakeReceiptSigner() const {
  std::vector<wire::ReceiptKey> keys;
  if (has_receipt_key) {
    auto key =
        crypto::Ed25519PrivateKey::FromSeed(crypto::Secret::Copy(Bytes(32, 2)))
            .value();
    crypto::ReceiptKeyRecord record{kNow - kDay, kNow + 30 * kDay,
                                    key.public_key()};
    keys.push_back({key, record, crypto::Sign(record, identity).value()});
  }
  return ReceiptSigner(std::move(keys));
}

uint64_t ModerationWorld::Report(const v1::ReportContent& content,
                                 absl::string_view reporter) {
  return Forward({Seal(content, reporter)}).value();
}

void ModerationWorld::Fold() {
  while (true) {
    absl::StatusOr<size_t> folded = process->folder.FoldSome();
    ASSERT_TRUE(folded.ok()) << folded.status();
    if (*folded == 0) return;
  }
}

void ModerationWorld::CountOutcomes() {
  while (process->outcome_fold.FoldSome() == 0) {
  }
}

absl::StatusOr<v1::ListCasesResponse> ModerationWorld::ListCases(
    const std::string& token, v1::ListCasesRequest request) {
  return Await<v1::ListCasesResponse>([&](auto done) {
    process->review.ListCases(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<v1::ClaimCaseResponse> ModerationWorld::Claim(
    const std::string& token, const std::string& case_id) {
  v1::ClaimCaseRequest request;
  request.set_case_id(case_id);
  return Claim(token, request);
}

absl::StatusOr<v1::ClaimCaseResponse> ModerationWorld::Claim(
    const std::string& token, const v1::ClaimCaseRequest& request) {
  return Await<v1::ClaimCaseResponse>([&](auto done) {
    process->review.ClaimCase(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<v1::RenewLeaseResponse> ModerationWorld::Renew(
    const std::string& token, const v1::CaseSummary& held) {
  v1::RenewLeaseRequest request;
  request.set_case_id(held.case_id());
  request.set_epoch(held.lease().epoch());
  return Await<v1::RenewLeaseResponse>([&](auto done) {
    process->review.RenewLease(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<v1::GetCaseResponse> ModerationWorld::GetCase(
    const std::string& token, const std::string& case_id, bool reveal) {
  v1::GetCaseRequest request;
  request.set_case_id(case_id);
  request.set_reveal(reveal);
  return GetCase(token, request);
}

absl::StatusOr<v1::GetCaseResponse> ModerationWorld::GetCase(
    const std::string& token, const v1::GetCaseRequest& request) {
  return Await<v1::GetCaseResponse>([&](auto done) {
    process->review.GetCase(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<v1::DecideCaseResponse> ModerationWorld::Decide(
    const std::string& token, const v1::DecideCaseRequest& request) {
  return Await<v1::DecideCaseResponse>([&](auto done) {
    process->decision.DecideCase(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<v1::ReleaseCaseResponse> ModerationWorld::Release(
    const std::string& token, const v1::CaseSummary& held,
    const std::string& note) {
  v1::ReleaseCaseRequest request;
  request.set_case_id(held.case_id());
  request.set_epoch(held.lease().epoch());
  request.set_note(note);
  return Await<v1::ReleaseCaseResponse>([&](auto done) {
    process->review.ReleaseCase(CallOf(token), request, std::move(done));
  });
}

absl::StatusOr<v1::ListActsResponse> ModerationWorld::Acts(
    const std::string& token, const std::string& case_id, uint64_t after) {
  v1::ListActsRequest request;
  request.set_case_id(case_id);
  request.set_after(after);
  return Await<v1::ListActsResponse>([&](auto done) {
    process->review.ListActs(CallOf(token), request, std::move(done));
  });
}

v1::CaseSummary ModerationWorld::OnlyCase() {
  v1::ListCasesResponse list = ListCases(kReviewer).value();
  EXPECT_EQ(list.case_summary_size(), 1);
  return list.case_summary_size() == 1 ? list.case_summary(0)
                                       : v1::CaseSummary();
}

v1::GetCaseResponse ModerationWorld::RevealOnlyCase() {
  v1::CaseSummary only = OnlyCase();
  EXPECT_TRUE(Claim(kReviewer, only.case_id()).value().has_claimed());
  return GetCase(kReviewer, only.case_id(), true).value();
}

v1::DecideCaseRequest ModerationWorld::Decision(
    const v1::CaseSummary& held, const std::vector<v1::Action>& actions,
    const std::string& id) {
  v1::DecideCaseRequest request;
  v1::HeldCase* held_case = request.add_held_case();
  held_case->set_case_id(held.case_id());
  held_case->set_epoch(held.lease().epoch());
  request.set_decision_id(id);
  request.set_policy("harassment.hate");
  bool acts = false;
  for (const v1::Action& action : actions) {
    acts = acts || (action.kind() != v1::ACTION_KIND_NONE &&
                    action.kind() != v1::ACTION_KIND_ASK_REPORTER &&
                    action.kind() != v1::ACTION_KIND_DELETE_EVIDENCE);
  }
  request.set_reason(acts ? "proven" : "no_breach");
  request.set_rationale("It breaks the rule.");
  for (const v1::Action& action : actions) *request.add_action() = action;
  return request;
}

}  // namespace frank::moderation
