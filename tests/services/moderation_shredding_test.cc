// Shredding: what is gone, what is left, what others keep, and that a process
// that ends on the way is followed by one that goes on.
#include <dirent.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "core/limits.h"
#include "core/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/moderation/audit_sequencer.h"
#include "services/moderation/audit_view.h"
#include "storage/decision_store.h"
#include "storage/evidence_store.h"
#include "storage/intake_store.h"
#include "storage/moderation_schema.h"
#include "storage/rocksdb/rocksdb_engine.h"
#include "storage/wrapped_key_store.h"
#include "tests/services/moderation_audit_world.h"
#include "tests/services/retention_world.h"
#include "tests/storage/passing_engine.h"
#include "tests/storage/temp_dir.h"

namespace frank::moderation {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

CaseId CaseOf(const std::string& bytes) {
  return CaseId::Parse("case_id", bytes).value();
}

// A store in which some step fails: the n-th commit or purge, counted from 1.
class FailingEngine final : public storage::PassingEngine {
 public:
  FailingEngine(storage::Engine& engine, int fails_at)
      : PassingEngine(engine), steps_left_(fails_at) {}

  bool has_failed() const { return steps_left_ <= 0; }

  std::unique_ptr<storage::Transaction> Begin() override {
    return std::make_unique<FailingTransaction>(*this, PassingEngine::Begin());
  }
  absl::Status Purge(const storage::KeyRange& range) override {
    if (Fails()) return absl::UnavailableError("killed");
    return PassingEngine::Purge(range);
  }

 private:
  class FailingTransaction final : public storage::PassingTransaction {
   public:
    FailingTransaction(FailingEngine& engine,
                       std::unique_ptr<storage::Transaction> transaction)
        : PassingTransaction(std::move(transaction)), engine_(engine) {}
    void Commit(storage::CommitDone done) override {
      if (engine_.Fails()) return done(absl::UnavailableError("killed"));
      PassingTransaction::Commit(std::move(done));
    }

   private:
    FailingEngine& engine_;
  };

  // After the first failure everything fails: the process is gone.
  bool Fails() { return --steps_left_ <= 0; }

  int steps_left_;
};

class ShreddingTest : public ::testing::Test {
 protected:
  // Mallory's message, which `reporter` reports for a reason.
  void ReportTheMessage(const std::string& reason,
                        const std::string& reporter) {
    v1::ReportContent content =
        ModerationWorld::Content(kMallory, reason, {message_});
    content.set_note("He wrote to me again");
    world_.Report(content, reporter);
    world_.Fold();
  }
  // A case about it, decided without action under the id 'a'.
  std::string Close() {
    ReportTheMessage("harassment.hate", kBob);
    v1::CaseSummary held = world_.Claim(kReviewer).value().claimed();
    id_ = held.case_id();
    EXPECT_TRUE(
        world_.DecideOne(held, {MakeAction(v1::ACTION_KIND_NONE)}, 'a').ok());
    world_.Send();
    v1::AddNoteRequest note;
    note.set_case_id(id_);
    note.set_note_id(IdOf('n'));
    note.set_text("See what he wrote last year");
    EXPECT_TRUE(Await<v1::AddNoteResponse>([&](auto done) {
                  world_.process->queue.AddNote(CallOf(kReviewer), note,
                                                std::move(done));
                }).ok());
    return id_;
  }
  void ShredIt() {
    Close();
    world_.clock.Advance(90 * kDay);
    world_.Shred();
    ASSERT_TRUE(world_.IsShredded(id_));
  }
  storage::ReportRef OnlyReport() {
    return storage::ListCaseReports(*world_.engine, CaseOf(id_))
        .value()[0]
        .report;
  }

  RetentionWorld world_;
  SentMessage message_ =
      world_.platform.SendText(kMallory, "I know your street");
  std::string id_;
};

TEST_F(ShreddingTest, LeavesNoKeyAndNoCiphertext) {
  Close();
  storage::Engine& engine = *world_.engine;
  const CaseId id = CaseOf(id_);
  const storage::ReportRef report = OnlyReport();
  const storage::EvidenceId evidence =
      storage::ListCaseEvidence(engine, id).value()[0].id;
  world_.clock.Advance(90 * kDay);
  world_.Shred();

  EXPECT_THAT(
      engine.Scan(storage::KeyRange::Prefix(storage::schema::kWrappedKeyPrefix))
          .value(),
      IsEmpty());
  EXPECT_FALSE(storage::FindEvidence(engine, evidence).value());
  EXPECT_FALSE(storage::GetEvidencePiece(engine, evidence, 0).ok());
  EXPECT_THAT(storage::ListEvidenceReports(engine, evidence, 9).value(),
              IsEmpty());
  EXPECT_FALSE(storage::GetSealedPieces(engine, report, 1).ok());
  auto kept = storage::FindIntakeReport(engine, report).value();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->note_ciphertext(), "");
  EXPECT_EQ(kept->message_size(), 0);
  EXPECT_THAT(storage::ListNewestCaseNotes(engine, id, "", 1).value(),
              IsEmpty());
  auto decision = storage::ListDecisions(engine, id).value()[0].record;
  EXPECT_THAT(decision.rationale_ciphertext(), ElementsAre(""));
  EXPECT_EQ(decision.fingerprint(), "");
}

TEST_F(ShreddingTest, LeavesWhoReportedAndWhatWasDecidedToBeSeen) {
  ShredIt();
  v1::GetCaseResponse shown = world_.GetCase(kReviewer, id_, false).value();
  EXPECT_EQ(shown.case_summary().state(), v1::CASE_STATE_SHREDDED);
  EXPECT_EQ(shown.case_summary().retention_class(), v1::RETENTION_CLASS_PROVEN);
  EXPECT_EQ(shown.case_summary().shredded_at(), world_.clock.Now());
  EXPECT_EQ(shown.case_summary().report_count(), 1u);
  ASSERT_EQ(shown.report_size(), 1);
  EXPECT_EQ(shown.report(0).reporter_uri(), kBob);
  EXPECT_EQ(shown.report(0).note(), "");
  EXPECT_THAT(shown.evidence(), IsEmpty());
  EXPECT_THAT(shown.note(), IsEmpty());
  ASSERT_EQ(shown.decision_size(), 1);
  EXPECT_EQ(shown.decision(0).moderator(), "rita");
  EXPECT_EQ(shown.decision(0).rationale(), "");
  v1::ListCasesRequest list;
  list.mutable_filter()->add_state(v1::CASE_STATE_SHREDDED);
  EXPECT_THAT(world_.ListCases(kAuditor, list)->case_summary(), SizeIs(1));
}

TEST_F(ShreddingTest, ShowsWhatIsLeftToWhoWasLookingMeanwhile) {
  Close();
  // As it was found before its keys went.
  const CaseId case_id = CaseOf(id_);
  const auto before = world_.process->view.Find(case_id).value();
  world_.clock.Advance(90 * kDay);
  world_.Shred();
  v1::GetCaseRequest request;
  request.set_case_id(id_);
  auto shown = world_.process->view.Compose(case_id, before, request);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->response.case_summary().state(), v1::CASE_STATE_SHREDDED);
  EXPECT_THAT(shown->response.report(), SizeIs(1));
}

TEST_F(ShreddingTest, SaysSoToWhoeverWantsMore) {
  ShredIt();
  EXPECT_EQ(ReasonOf(world_.GetCase(kReviewer, id_, true).status()),
            "CASE_SHREDDED");
  EXPECT_EQ(ReasonOf(world_.Claim(kReviewer, id_).status()), "CASE_SHREDDED");
  EXPECT_EQ(ReasonOf(world_.Undo(kReviewer, 'a').status()), "UNDO_TOO_LATE");
  v1::AddNoteRequest note;
  note.set_case_id(id_);
  note.set_note_id(IdOf('m'));
  note.set_text("too late");
  EXPECT_EQ(ReasonOf(Await<v1::AddNoteResponse>([&](auto done) {
                       world_.process->queue.AddNote(CallOf(kReviewer), note,
                                                     std::move(done));
                     }).status()),
            "CASE_SHREDDED");
  v1::SearchNotesRequest search;
  search.set_text("last year");
  search.mutable_filter()->add_state(v1::CASE_STATE_SHREDDED);
  auto found = Await<v1::SearchNotesResponse>([&](auto done) {
    world_.process->queue.SearchNotes(CallOf(kReviewer), search,
                                      std::move(done));
  });
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(found->case_summary(), IsEmpty());
}

TEST_F(ShreddingTest, LeavesToOthersTheEvidenceThatTheyHold) {
  Close();
  // The same message again, after the decision: another case holds it too.
  ReportTheMessage("harassment.hate", kAlice);
  v1::CaseSummary second = world_.OnlyCase();
  ASSERT_NE(second.case_id(), id_);
  world_.clock.Advance(90 * kDay);
  world_.Shred();
  ASSERT_TRUE(world_.IsShredded(id_));

  ASSERT_TRUE(world_.Claim(kReviewer, second.case_id())->has_claimed());
  v1::GetCaseResponse shown =
      world_.GetCase(kReviewer, second.case_id(), true).value();
  ASSERT_EQ(shown.evidence_size(), 1);
  EXPECT_EQ(shown.evidence(0).part(0).body(), "I know your street");
  EXPECT_EQ(shown.evidence(0).reporter_count(), 2u);
  // And a third case can be given what the first one opened it for.
  ReportTheMessage("deception.spam", kCarol);
  v1::ListCasesRequest spam;
  spam.mutable_filter()->add_policy_area("deception");
  v1::ListCasesResponse third = world_.ListCases(kReviewer, spam).value();
  ASSERT_EQ(third.case_summary_size(), 1);
  EXPECT_EQ(third.case_summary(0).proven_count(), 1u);
}

TEST_F(ShreddingTest, TakesTheSameMessageAsNewAfterwards) {
  ShredIt();
  ReportTheMessage("harassment.hate", kAlice);
  v1::GetCaseResponse shown = world_.RevealOnlyCase();
  ASSERT_EQ(shown.evidence_size(), 1);
  EXPECT_EQ(shown.evidence(0).part(0).body(), "I know your street");
  EXPECT_EQ(shown.evidence(0).reporter_count(), 1u);
}

TEST_F(ShreddingTest, LeavesWhatWasDoneToTheAccountToBeReversed) {
  std::string id =
      world_.Closed(kMallory, 'w', {MakeAction(v1::ACTION_KIND_LIMIT, 0, 1)});
  world_.clock.Advance(180 * kDay);
  world_.Shred();
  ASSERT_TRUE(world_.IsShredded(id));
  ASSERT_TRUE(
      world_.receiver.At(kMallory, world_.clock.Now()).messages_an_hour == 1u);
  auto reversed = world_.Reverse(kSenior, 'w');
  ASSERT_TRUE(reversed.ok()) << reversed.status();
  EXPECT_EQ(reversed->decision().event(0).reason(), "");
  world_.Send();
  EXPECT_EQ(world_.receiver.At(kMallory, world_.clock.Now()).messages_an_hour,
            0u);
  EXPECT_TRUE(world_.IsShredded(id));
}

TEST_F(ShreddingTest, RejectsAnAppealThatComesAfterItsPeriod) {
  std::string id =
      world_.Closed(kMallory, 'w', {MakeAction(v1::ACTION_KIND_WARN)});
  world_.clock.Advance(180 * kDay);
  world_.Shred();
  world_.Take({world_.SealAppeal(IdOf('w'), kMallory, "Only now.")}).value();
  world_.Send();
  EXPECT_TRUE(world_.IsShredded(id));
  ASSERT_THAT(world_.receiver.appeals, SizeIs(1));
  EXPECT_EQ(world_.receiver.appeals[0].outcome(), v1::APPEAL_OUTCOME_REJECTED);
}

TEST_F(ShreddingTest, LeavesOfASharedDecisionTheWordsOfTheOtherCases) {
  v1::CaseSummary first = world_.NewCase(kMallory, "harassment.hate");
  v1::CaseSummary second = world_.NewCase(kMallory, "deception.spam");
  v1::DecideCaseRequest request = ModerationWorld::Decision(
      first, {MakeAction(v1::ACTION_KIND_NONE)}, IdOf('d'));
  request.add_held_case()->set_case_id(second.case_id());
  request.mutable_held_case(1)->set_epoch(second.lease().epoch());
  ASSERT_TRUE(world_.Decide(kReviewer, request).ok());
  world_.Send();
  ASSERT_TRUE(world_.PlaceHold(second.case_id(), 'h').ok());
  world_.clock.Advance(90 * kDay);
  world_.Shred();
  EXPECT_TRUE(world_.IsShredded(first.case_id()));
  EXPECT_EQ(world_.Shown(first.case_id()).rationale(), "");
  EXPECT_EQ(world_.Shown(second.case_id()).rationale(), "It breaks the rule.");
}

TEST_F(ShreddingTest, GoesOnWhereverAProcessEnds) {
  int fails_at = 1;
  for (bool has_failed = true; has_failed; ++fails_at) {
    ASSERT_LT(fails_at, 100);
    RetentionWorld world;
    std::string id = world.ClosedWithout(kMallory, 'a');
    world.clock.Advance(90 * kDay);
    FailingEngine failing(*world.engine, fails_at);
    RetentionKeeper killed(
        {failing, world.process->retention, world.clock, world.random});
    for (int i = 0; i < 1000 && killed.Tend() == 0; ++i) {
    }
    has_failed = failing.has_failed();
    // Whatever it had come to: nobody may undo it, and the next goes on once
    // the lease has run out.
    world.clock.Advance(1 * kMinute);
    world.Shred();
    EXPECT_TRUE(world.IsShredded(id)) << fails_at;
    std::vector<std::string> acts = world.ActNames(id);
    EXPECT_EQ(std::count(acts.begin(), acts.end(), "case.shredded"), 1)
        << fails_at;
    EXPECT_THAT(world.engine
                    ->Scan(storage::KeyRange::Prefix(
                        storage::schema::kWrappedKeyPrefix))
                    .value(),
                IsEmpty())
        << fails_at;
  }
  // Lease, mark, evidence, reports, words, purge, and the end.
  EXPECT_GT(fails_at, 7);
}

TEST_F(ShreddingTest, LooksSoonWhetherWhoDoesTheWorkIsThereStill) {
  world_.Shred();
  RetentionKeeper other(
      {*world_.engine, world_.process->retention, world_.clock, world_.random});
  EXPECT_EQ(other.Tend(), limits::kWorkerLeaseLook);
}

TEST_F(ShreddingTest, DoesNotSayThatItIsDoneBeforeTheFilesAreRewritten) {
  Close();
  world_.clock.Advance(90 * kDay);
  for (int fails_at = 1; fails_at < 100; ++fails_at) {
    FailingEngine failing(*world_.engine, fails_at);
    RetentionKeeper killed(
        {failing, world_.process->retention, world_.clock, world_.random});
    killed.Tend();
    world_.clock.Advance(1 * kMinute);
    bool keys = !world_.engine
                     ->Scan(storage::KeyRange::Prefix(
                         storage::schema::kWrappedKeyPrefix))
                     ->empty();
    std::vector<std::string> acts = world_.ActNames(id_);
    bool said = acts.back() == "case.shredded";
    EXPECT_FALSE(said && keys);
    if (said) return;
  }
  FAIL() << "it was never done";
}

TEST_F(ShreddingTest, ShredsManyCasesWithOneThatCannotBe) {
  std::vector<std::string> ids;
  for (int i = 0; i < 70; ++i) {
    ids.push_back(world_.ClosedWithout(
        "mimi://hub.example/u/m" + std::to_string(i), 'A' + i));
  }
  // A decision that is not there: the store is damaged.
  auto damaged = world_.engine->Begin();
  damaged->Delete(storage::schema::DecisionKey(
      DecisionId(ToArray<16>(AsBytes(IdOf('A'))))));
  ASSERT_TRUE(storage::CommitAndWait(std::move(damaged)).ok());
  world_.clock.Advance(90 * kDay);
  world_.Shred();
  size_t shredded = 0;
  for (const std::string& id : ids) {
    auto record = storage::FindCase(*world_.engine, CaseOf(id)).value();
    shredded += record->state() == storage::kCaseShredded;
  }
  EXPECT_EQ(shredded, ids.size() - 1);
}

TEST_F(ShreddingTest, LeavesTheAuditLogAsItWas) {
  AuditKeys keys(AuditSigner(), {});
  AuditSequencer sequencer({*world_.engine, keys, world_.clock, world_.random});
  auto sequence = [&] {
    for (int i = 0; i < 100 && sequencer.SequenceSome() == 0; ++i) {
    }
  };
  AuditView view(*world_.engine, keys, world_.clock);
  auto entries = [&] {
    std::vector<std::string> all;
    crypto::Checkpoint head =
        keys.Open(view.Checkpoint()->checkpoint()).value();
    v1::ExportEntriesRequest request;
    request.set_end_index(head.size);
    AuditExport exported = view.Export(request).value();
    while (auto page = exported.Next().value()) {
      for (const v1::LogEntry& entry : page->entry()) {
        all.push_back(entry.entry());
      }
    }
    EXPECT_EQ(RootOf(all), head.root);
    return all;
  };
  Close();
  sequence();
  std::vector<std::string> before = entries();
  world_.clock.Advance(90 * kDay);
  world_.Shred();
  sequence();
  std::vector<std::string> after = entries();
  EXPECT_EQ(view.Checkpoint()->lost_count(), 0u);
  ASSERT_EQ(after.size(), before.size() + 1);
  EXPECT_TRUE(std::equal(before.begin(), before.end(), after.begin()));
  EXPECT_THAT(after.back(), testing::HasSubstr("case.shredded"));
  EXPECT_THAT(after.back(), testing::HasSubstr("RETENTION_CLASS_PROVEN"));
}

// By the fingerprint of a decision nobody can try what its rationale was.
TEST_F(ShreddingTest, HasFingerprintsThatTheKeysOfCasesMake) {
  v1::CaseSummary first = world_.NewCase(kMallory);
  ASSERT_TRUE(
      world_.DecideOne(first, {MakeAction(v1::ACTION_KIND_NONE)}, 'a').ok());
  ASSERT_TRUE(
      world_.DecideOne(first, {MakeAction(v1::ACTION_KIND_NONE)}, 'a').ok());
  v1::DecideCaseRequest other = ModerationWorld::Decision(
      first, {MakeAction(v1::ACTION_KIND_NONE)}, IdOf('a'));
  other.set_rationale("Another one.");
  EXPECT_EQ(ReasonOf(world_.Decide(kReviewer, other).status()), "ID_CONFLICT");
  // The same words, in a world that differs in its keys alone.
  storage::Engine& engine = *world_.engine;
  KeyVault vault(crypto::Secret::Random(world_.random, 32), world_.random);
  auto transaction = engine.Begin();
  ASSERT_TRUE(vault.AddCaseKey(*transaction, CaseOf(first.case_id())).ok());
  auto decision =
      storage::ListDecisions(engine, CaseOf(first.case_id())).value()[0];
  crypto::Sha256Digest digest = crypto::Sha256({AsBytes("the same words")});
  EXPECT_NE(ToString(vault.NewKey().Mac("label", digest)),
            ToString(vault.NewKey().Mac("label", digest)));
  EXPECT_THAT(decision.record.fingerprint(), SizeIs(32));
}

// On the disk.

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

// Which files of a folder hold the bytes.
std::vector<std::string> FilesWith(const std::string& folder,
                                   const std::string& bytes) {
  std::vector<std::string> found;
  DIR* dir = opendir(folder.c_str());
  while (const dirent* entry = readdir(dir)) {
    std::string path = folder + "/" + entry->d_name;
    if (entry->d_type == DT_REG &&
        ReadAll(path).find(bytes) != std::string::npos) {
      found.push_back(entry->d_name);
    }
  }
  closedir(dir);
  return found;
}

TEST(ShreddingOnDiskTest, LeavesNoFileWithAKeyOfTheCase) {
  storage::TempDir folder;
  FakeClock clock{kNow};
  storage::RocksDbEngine::Options options;
  options.path = folder.path() + "/store";
  options.clock = &clock;
  options.isolated_prefixes = {storage::schema::kWrappedKeyPrefix};
  RetentionWorld world(storage::RocksDbEngine::Open(options).value());
  std::string gone = world.ClosedWithout(kMallory, 'a');
  std::string kept = world.ClosedWithout(kCarol, 'b');
  ASSERT_TRUE(world.PlaceHold(kept, 'h').ok());
  const CaseId id = CaseOf(gone);
  const auto evidence = storage::ListCaseEvidence(*world.engine, id).value();
  const auto reports = storage::ListCaseReports(*world.engine, id).value();
  std::vector<std::string> keys = {
      storage::FindCaseKey(*world.engine, id).value()->ciphertext()};
  for (const storage::HeldEvidence& held : evidence) {
    keys.push_back(storage::FindEvidenceKey(*world.engine, held.id, id)
                       .value()
                       ->ciphertext());
  }
  for (const storage::CaseReport& report : reports) {
    keys.push_back(storage::FindReportDataKey(*world.engine, report.report)
                       .value()
                       ->ciphertext());
  }
  ASSERT_THAT(keys, SizeIs(3));
  const std::string control =
      storage::FindCaseKey(*world.engine, CaseOf(kept)).value()->ciphertext();
  for (const std::string& key : keys) {
    EXPECT_THAT(FilesWith(options.path, key), Not(IsEmpty()));
  }
  world.clock.Advance(90 * kDay);
  world.Shred();
  ASSERT_TRUE(world.IsShredded(gone));
  for (const std::string& key : keys) {
    EXPECT_THAT(FilesWith(options.path, key), IsEmpty());
  }
  EXPECT_THAT(FilesWith(options.path, control), Not(IsEmpty()));
}

}  // namespace
}  // namespace frank::moderation
