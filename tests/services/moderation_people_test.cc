// Moderators: accounts, roles, tokens, links, the provider's people; and who
// may touch which case.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/oidc/token_verifier.h"
#include "storage/people_store.h"
#include "tests/services/moderation_world.h"
#include "tests/services/oidc_provider_keys.h"

namespace frank::moderation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using H = ModeratorHandler;

const char kLena[] = "frank_lena";

std::string HashOf(const std::string& token) {
  return ToString(crypto::Sha256({AsBytes(token)}));
}

class ModerationPeopleTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::AddModeratorResponse> Add(
      const std::string& id, const std::vector<v1::ModeratorRole>& roles,
      const std::string& token, const std::string& by = kAdministrator) {
    v1::AddModeratorRequest request;
    request.set_id(id);
    for (v1::ModeratorRole role : roles) request.add_role(role);
    request.set_token_sha256(HashOf(token));
    return world_.People(&H::AddModerator, by, request);
  }
  absl::Status SetRoles(const std::string& id,
                        const std::vector<v1::ModeratorRole>& roles,
                        bool child_safety = false,
                        const std::string& by = kAdministrator) {
    v1::SetModeratorRolesRequest request;
    request.set_id(id);
    for (v1::ModeratorRole role : roles) request.add_role(role);
    request.set_child_safety(child_safety);
    return world_.People(&H::SetModeratorRoles, by, request).status();
  }
  absl::Status Enable(const std::string& id, bool enabled,
                      const std::string& by = kAdministrator) {
    v1::EnableModeratorRequest request;
    request.set_id(id);
    request.set_enabled(enabled);
    return world_.People(&H::EnableModerator, by, request).status();
  }
  absl::Status Link(const std::string& id, const std::string& account,
                    bool unlink = false) {
    v1::LinkAccountRequest request;
    request.set_id(id);
    request.set_account_uri(account);
    request.set_unlink(unlink);
    return world_.People(&H::LinkAccount, kAdministrator, request).status();
  }
  absl::Status ReplaceToken(const std::string& id, const std::string& token,
                            const std::string& by = kAdministrator) {
    v1::ReplaceModeratorTokenRequest request;
    request.set_id(id);
    request.set_token_sha256(HashOf(token));
    return world_.People(&H::ReplaceModeratorToken, by, request).status();
  }
  std::vector<std::string> ActsOf(const std::string& id) {
    v1::ListModeratorActsRequest request;
    request.set_id(id);
    std::vector<std::string> acts;
    auto listed = world_.People(&H::ListModeratorActs, kAuditor, request);
    for (const auto& act : listed->act()) {
      EXPECT_EQ(act.number(), acts.size() + 1);
      EXPECT_EQ(act.subject(), "moderator:" + id);
      acts.push_back(act.act());
      last_act_ = act;
    }
    return acts;
  }
  absl::Status Try(const std::string& token) {
    return world_.ListCases(token).status();
  }
  void ReportAbout(const std::string& accused, const std::string& reason) {
    world_.Report(world_.Content(accused, reason,
                                 {world_.platform.SendText(accused, "text")}),
                  kBob);
    world_.Fold();
  }

  ModerationWorld world_;
  v1::ListActsResponse::Act last_act_;
};

TEST_F(ModerationPeopleTest, LetsInWhoWasAdded) {
  EXPECT_EQ(FindReason(Try(kLena)), "CREDENTIAL_INVALID");
  auto added = Add("lena", {v1::MODERATOR_ROLE_REVIEWER}, kLena);
  ASSERT_TRUE(added.ok()) << added.status();
  EXPECT_EQ(added->moderator().source(), v1::MODERATOR_SOURCE_LOCAL);
  EXPECT_EQ(added->moderator().added_at(), world_.clock.Now());
  EXPECT_TRUE(Try(kLena).ok());
  ReportAbout(kMallory, "harassment.hate");
  EXPECT_EQ(world_.Claim(kLena)->claimed().lease().holder(), "lena");
  EXPECT_THAT(ActsOf("lena"), ElementsAre("moderator.added"));
  EXPECT_EQ(last_act_.actor(), "moderator:adam");
  EXPECT_THAT(last_act_.details(), HasSubstr("\"roles\":\"reviewer\""));
  // Another process knows them too.
  world_.Restart();
  EXPECT_TRUE(Try(kLena).ok());
}

TEST_F(ModerationPeopleTest, AddsOnceHoweverOftenItIsAsked) {
  ASSERT_TRUE(Add("lena", {v1::MODERATOR_ROLE_SENIOR}, kLena).ok());
  EXPECT_TRUE(Add("lena", {v1::MODERATOR_ROLE_SENIOR}, kLena).ok());
  EXPECT_EQ(ActsOf("lena").size(), 1);
  auto reason = [](const absl::StatusOr<v1::AddModeratorResponse>& added) {
    EXPECT_TRUE(absl::IsAlreadyExists(added.status()));
    return FindReason(added.status()).value_or("");
  };
  EXPECT_EQ(reason(Add("lena", {v1::MODERATOR_ROLE_AUDITOR}, kLena)),
            "ID_CONFLICT");
  EXPECT_EQ(reason(Add("lena", {v1::MODERATOR_ROLE_SENIOR}, "frank_other")),
            "ID_CONFLICT");
  // The configuration's ids and tokens, and tokens of others.
  EXPECT_EQ(reason(Add("rita", {}, "frank_other")), "ID_CONFLICT");
  EXPECT_EQ(reason(Add("otto", {}, kReviewer)), "ID_CONFLICT");
  EXPECT_EQ(reason(Add("otto", {}, kLena)), "ID_CONFLICT");
}

TEST_F(ModerationPeopleTest, NeverLetsTwoPeopleBeOne) {
  ASSERT_TRUE(Add("lena", {v1::MODERATOR_ROLE_REVIEWER}, kLena).ok());
  config::v1::Moderator* configured = world_.config.add_moderator();
  configured->set_id("lena");
  configured->add_role("auditor");
  configured->set_token_sha256(ToHex(AsBytes(HashOf("frank_configured"))));
  world_.Restart();
  EXPECT_EQ(FindReason(Try(kLena)), "CREDENTIAL_INVALID");
  EXPECT_TRUE(Try("frank_configured").ok());
}

TEST_F(ModerationPeopleTest, EndsAReplacedTokenAtOnce) {
  ASSERT_TRUE(Add("lena", {v1::MODERATOR_ROLE_REVIEWER}, kLena).ok());
  ASSERT_TRUE(Try(kLena).ok());
  ASSERT_TRUE(ReplaceToken("lena", "frank_next").ok());
  EXPECT_EQ(FindReason(Try(kLena)), "CREDENTIAL_INVALID");
  EXPECT_TRUE(Try("frank_next").ok());
  v1::ReplaceOwnTokenRequest own;
  own.set_token_sha256(HashOf("frank_own"));
  ASSERT_TRUE(world_.People(&H::ReplaceOwnToken, "frank_next", own).ok());
  EXPECT_EQ(FindReason(Try("frank_next")), "CREDENTIAL_INVALID");
  EXPECT_TRUE(Try("frank_own").ok());
  EXPECT_THAT(ActsOf("lena"),
              ElementsAre("moderator.added", "moderator.token_replaced",
                          "moderator.token_replaced"));
  EXPECT_THAT(last_act_.details(), HasSubstr("\"self\":true"));
  // The configuration's tokens are not ours to replace.
  EXPECT_EQ(
      FindReason(world_.People(&H::ReplaceOwnToken, kReviewer, own).status()),
      "NOT_LOCAL");
  EXPECT_EQ(FindReason(ReplaceToken("rita", "frank_x")), "NOT_LOCAL");
  EXPECT_EQ(FindReason(ReplaceToken("nobody", "frank_x")), "NOT_FOUND");
}

// Two instances over one store.
TEST_F(ModerationPeopleTest, KnowsWhatAnotherInstanceDidAfterTheBound) {
  ASSERT_TRUE(Add("lena", {v1::MODERATOR_ROLE_REVIEWER}, kLena).ok());
  ModeratorDirectory other(*world_.engine, world_.clock);
  Moderators elsewhere(world_.process->configured, other, nullptr);
  services::Call call;
  call.bearer_token = kLena;
  auto let_in = [&] {
    return elsewhere.Authorize(call, "ReviewService.ListCases").ok();
  };
  EXPECT_TRUE(let_in());
  ASSERT_TRUE(Enable("lena", false).ok());
  EXPECT_FALSE(Try(kLena).ok());
  world_.clock.Advance(limits::kModeratorStaleness - 1);
  EXPECT_TRUE(let_in());
  world_.clock.Advance(1);
  EXPECT_FALSE(let_in());
  ASSERT_TRUE(Enable("lena", true).ok());
  world_.clock.Advance(limits::kModeratorStaleness);
  EXPECT_TRUE(let_in());
}

TEST_F(ModerationPeopleTest, ChangesRolesWithATrace) {
  ASSERT_TRUE(Add("lena", {v1::MODERATOR_ROLE_ADMINISTRATOR}, kLena).ok());
  EXPECT_EQ(FindReason(Try(kLena)), "NOT_PERMITTED");
  ASSERT_TRUE(
      SetRoles("lena",
               {v1::MODERATOR_ROLE_REVIEWER, v1::MODERATOR_ROLE_ADMINISTRATOR},
               /*child_safety=*/true, /*by=*/kLena)
          .ok());
  EXPECT_TRUE(Try(kLena).ok());
  EXPECT_THAT(ActsOf("lena"),
              ElementsAre("moderator.added", "moderator.roles_set"));
  EXPECT_THAT(last_act_.details(), HasSubstr("\"self\":true"));
  EXPECT_THAT(last_act_.details(),
              HasSubstr("\"roles\":\"reviewer,administrator\""));
  EXPECT_THAT(last_act_.details(),
              HasSubstr("\"roles_before\":\"administrator\""));
  // What changes nothing is no act.
  ASSERT_TRUE(
      SetRoles("lena",
               {v1::MODERATOR_ROLE_ADMINISTRATOR, v1::MODERATOR_ROLE_REVIEWER},
               true)
          .ok());
  EXPECT_EQ(ActsOf("lena").size(), 2);
  EXPECT_EQ(FindReason(SetRoles("rita", {v1::MODERATOR_ROLE_SENIOR})),
            "NOT_LOCAL");
}

TEST_F(ModerationPeopleTest, KeepsTheLastAdministrator) {
  ASSERT_TRUE(Add("lena", {v1::MODERATOR_ROLE_ADMINISTRATOR}, kLena).ok());
  // The configuration's administrator can be kept out, by another one.
  ASSERT_TRUE(Enable("adam", false, kLena).ok());
  EXPECT_EQ(FindReason(Try(kAdministrator)), "CREDENTIAL_INVALID");
  EXPECT_EQ(FindReason(Enable("lena", false, kLena)), "LAST_ADMINISTRATOR");
  EXPECT_EQ(
      FindReason(SetRoles("lena", {v1::MODERATOR_ROLE_SENIOR}, false, kLena)),
      "LAST_ADMINISTRATOR");
  ASSERT_TRUE(
      Add("otto", {v1::MODERATOR_ROLE_ADMINISTRATOR}, "frank_otto", kLena)
          .ok());
  EXPECT_TRUE(Enable("lena", false, kLena).ok());
  EXPECT_EQ(FindReason(Enable("otto", false, "frank_otto")),
            "LAST_ADMINISTRATOR");
  EXPECT_THAT(ActsOf("otto"), ElementsAre("moderator.added"));
}

TEST_F(ModerationPeopleTest, ListsEverybodyInPages) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(Add(absl::StrCat("m", i), {}, absl::StrCat("frank_m", i)).ok());
  }
  ASSERT_TRUE(Link("rita", kMallory).ok());
  v1::ListModeratorsRequest request;
  request.set_page_size(2);
  std::vector<std::string> ids;
  do {
    auto page = world_.People(&H::ListModerators, kAuditor, request).value();
    for (const auto& moderator : page.moderator()) {
      ids.push_back(moderator.id());
      if (moderator.id() == "rita") {
        EXPECT_EQ(moderator.source(), v1::MODERATOR_SOURCE_CONFIGURATION);
        EXPECT_THAT(moderator.linked_account(), ElementsAre(kMallory));
      }
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(ids, ElementsAre("adam", "audrey", "nora", "rita", "sam", "sena",
                               "m0", "m1", "m2", "m3", "m4"));
}

TEST_F(ModerationPeopleTest, NamesTheColleaguesWhoCouldTakeACase) {
  ASSERT_TRUE(Add("mia", {v1::MODERATOR_ROLE_REVIEWER}, "frank_mia").ok());
  ASSERT_TRUE(Add("max", {v1::MODERATOR_ROLE_REVIEWER}, "frank_max").ok());
  ASSERT_TRUE(Add("art", {v1::MODERATOR_ROLE_AUDITOR}, "frank_art").ok());
  v1::EnableModeratorRequest disable;
  disable.set_id("max");
  ASSERT_TRUE(world_.People(&H::EnableModerator, kAdministrator, disable).ok());
  auto list =
      world_.People(&H::ListColleagues, kReviewer, v1::ListColleaguesRequest());
  ASSERT_TRUE(list.ok()) << list.status();
  std::vector<std::string> ids;
  for (const auto& colleague : list->colleague()) ids.push_back(colleague.id());
  EXPECT_THAT(ids, ElementsAre("mia", "sam", "sena"));
}

TEST_F(ModerationPeopleTest, KeepsPersonalFactsOutOfTheLog) {
  ASSERT_TRUE(Link("rita", kMallory).ok());
  EXPECT_THAT(ActsOf("rita"), ElementsAre("moderator.linked"));
  EXPECT_THAT(last_act_.details(), HasSubstr("\"links\":1"));
  EXPECT_THAT(last_act_.details(), Not(HasSubstr("mallory")));
  v1::SetOptOutsRequest opt_out;
  opt_out.add_category(v1::EXPOSURE_CATEGORY_GRAPHIC);
  ASSERT_TRUE(world_.People(&H::SetOptOuts, kReviewer, opt_out).ok());
  EXPECT_THAT(ActsOf("rita"),
              ElementsAre("moderator.linked", "moderator.opt_outs_set"));
  EXPECT_THAT(last_act_.details(), Not(HasSubstr("graphic")));
}

TEST_F(ModerationPeopleTest, TellsEverybodyWhoTheyAre) {
  ASSERT_TRUE(Add("lena", {v1::MODERATOR_ROLE_AUDITOR}, kLena).ok());
  ASSERT_TRUE(Link("sena", kMallory).ok());
  auto self = [this](const std::string& token) {
    auto answer = world_.People(&H::GetSelf, token, v1::GetSelfRequest());
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *answer : v1::GetSelfResponse();
  };
  v1::GetSelfResponse lena = self(kLena);
  EXPECT_EQ(lena.moderator().id(), "lena");
  EXPECT_EQ(lena.moderator().source(), v1::MODERATOR_SOURCE_LOCAL);
  EXPECT_THAT(lena.moderator().role(), ElementsAre(v1::MODERATOR_ROLE_AUDITOR));
  v1::GetSelfResponse sena = self(kSenior);
  EXPECT_EQ(sena.moderator().source(), v1::MODERATOR_SOURCE_CONFIGURATION);
  EXPECT_THAT(sena.moderator().role(), ElementsAre(v1::MODERATOR_ROLE_SENIOR));
  EXPECT_THAT(sena.moderator().linked_account(), ElementsAre(kMallory));
  EXPECT_EQ(sena.exposure().shift_started_at(), 0);
  ReportAbout(kAlice, "harassment.hate");
  world_.RevealOnlyCase();
  EXPECT_EQ(self(kReviewer).exposure().category(0).pieces(), 1);
}

TEST_F(ModerationPeopleTest, RefusesRequestsThatBreakARule) {
  auto refused = [](const absl::Status& status) {
    return absl::IsInvalidArgument(status);
  };
  for (const char* id : {"", "Lena", "le na", "oidc:lena", "l/a"}) {
    EXPECT_TRUE(refused(Add(id, {}, kLena).status())) << id;
  }
  EXPECT_TRUE(refused(Add(std::string(65, 'l'), {}, kLena).status()));
  EXPECT_TRUE(
      refused(Add("lena", {v1::MODERATOR_ROLE_UNSPECIFIED}, kLena).status()));
  EXPECT_TRUE(refused(
      Add("lena", {static_cast<v1::ModeratorRole>(5)}, kLena).status()));
  EXPECT_TRUE(refused(
      Add("lena", {v1::MODERATOR_ROLE_SENIOR, v1::MODERATOR_ROLE_SENIOR}, kLena)
          .status()));
  v1::AddModeratorRequest request;
  request.set_id("lena");
  request.set_token_sha256("short");
  EXPECT_TRUE(refused(
      world_.People(&H::AddModerator, kAdministrator, request).status()));
  request.set_token_sha256(HashOf(kLena));
  request.add_linked_account("not a uri");
  EXPECT_TRUE(refused(
      world_.People(&H::AddModerator, kAdministrator, request).status()));
  EXPECT_TRUE(refused(Link("rita", "")));
  EXPECT_TRUE(refused(Link("oidc:", kMallory)));
  EXPECT_EQ(FindReason(Link("nobody", kMallory)), "NOT_FOUND");
  for (size_t i = 0; i < limits::kMaxLinkedAccounts; ++i) {
    ASSERT_TRUE(Link("rita", absl::StrCat("mimi://h/u/", i)).ok());
  }
  EXPECT_TRUE(refused(Link("rita", kMallory)));
  v1::SetOptOutsRequest opt_outs;
  opt_outs.add_category(v1::EXPOSURE_CATEGORY_NONE);
  EXPECT_TRUE(
      refused(world_.People(&H::SetOptOuts, kReviewer, opt_outs).status()));
}

// Nobody decides about an account that they are linked to.
TEST_F(ModerationPeopleTest, KeepsModeratorsFromLinkedAccounts) {
  ReportAbout(kMallory, "violence.threat");
  v1::CaseSummary held = world_.Claim(kReviewer)->claimed();
  // The link comes while they hold the case.
  ASSERT_TRUE(Link("rita", kMallory).ok());
  auto reason = [](const absl::Status& status) {
    return FindReason(status).value_or("");
  };
  auto decision = world_.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)},
                                  std::string(16, 'd'));
  EXPECT_EQ(reason(world_.Decide(kReviewer, decision).status()),
            "LINKED_ACCOUNT");
  EXPECT_EQ(reason(world_.GetCase(kReviewer, held.case_id(), true).status()),
            "LINKED_ACCOUNT");
  // Nor who reported, or that anybody did; and they do not keep it from others.
  EXPECT_EQ(reason(world_.GetCase(kReviewer, held.case_id(), false).status()),
            "LINKED_ACCOUNT");
  EXPECT_EQ(world_.ListCases(kReviewer)->case_summary_size(), 0);
  EXPECT_EQ(world_.ListCases(kSecondReviewer)->case_summary_size(), 1);
  EXPECT_EQ(reason(world_.Renew(kReviewer, held).status()), "LINKED_ACCOUNT");
  ASSERT_TRUE(world_.Release(kReviewer, held, "").ok());
  EXPECT_EQ(reason(world_.Claim(kReviewer, held.case_id()).status()),
            "LINKED_ACCOUNT");
  // The next case is another one, though this one is more urgent.
  ReportAbout(kAlice, "deception.spam");
  EXPECT_EQ(world_.Claim(kReviewer)->claimed().accused_uri(), kAlice);
  EXPECT_EQ(world_.Claim(kSecondReviewer)->claimed().accused_uri(), kMallory);
  ASSERT_TRUE(Link("rita", kMallory, /*unlink=*/true).ok());
  EXPECT_TRUE(world_.Claim(kReviewer, held.case_id())->has_held());
}

TEST_F(ModerationPeopleTest, LetsNobodyActWhomAnotherInstanceHasDisabled) {
  ReportAbout(kMallory, "violence.threat");
  v1::CaseSummary held = world_.Claim(kReviewer)->claimed();
  ASSERT_TRUE(Add("adele", {v1::MODERATOR_ROLE_ADMINISTRATOR}, kLena).ok());
  ASSERT_TRUE(Add("carl", {v1::MODERATOR_ROLE_REVIEWER}, "frank_carl").ok());
  auto disable = [&](const std::string& id) {
    return storage::RunTransactionAndWait(
        *world_.engine, [&](storage::Transaction& transaction) -> absl::Status {
          FRANK_ASSIGN_OR_RETURN(auto record,
                                 storage::FindModerator(transaction, id));
          if (!record) record = storage::v1::ModeratorRecord();
          record->set_disabled(true);
          storage::PutModerator(transaction, id, *record);
          return absl::OkStatus();
        });
  };
  // This instance still believes that they may.
  ASSERT_TRUE(world_.GetCase(kReviewer, held.case_id(), false).ok());
  EXPECT_EQ(FindReason(world_.ListCases(kLena).status()), "NOT_PERMITTED");
  ASSERT_TRUE(disable("rita").ok());
  ASSERT_TRUE(disable("adele").ok());
  auto decision = world_.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)},
                                  std::string(16, 'd'));
  EXPECT_EQ(FindReason(world_.Decide(kReviewer, decision).status()),
            "NOT_PERMITTED");
  EXPECT_EQ(FindReason(Enable("carl", false, kLena)), "NOT_PERMITTED");
}

// By what the transaction reads, not by what authorization knew.
TEST_F(ModerationPeopleTest, ChecksLinksInTheTransactionOfTheAct) {
  ReportAbout(kMallory, "violence.threat");
  v1::CaseSummary held = world_.Claim(kReviewer)->claimed();
  ASSERT_TRUE(world_.GetCase(kReviewer, held.case_id(), false).ok());
  // Another instance links them: this one has not heard of it.
  storage::v1::ModeratorRecord record;
  record.add_linked_account(kMallory);
  ASSERT_TRUE(storage::RunTransactionAndWait(
                  *world_.engine,
                  [&](storage::Transaction& transaction) {
                    storage::PutModerator(transaction, "rita", record);
                    return absl::OkStatus();
                  })
                  .ok());
  auto decision = world_.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)},
                                  std::string(16, 'd'));
  EXPECT_EQ(FindReason(world_.Decide(kReviewer, decision).status()),
            "LINKED_ACCOUNT");
  EXPECT_EQ(FindReason(world_.Claim(kReviewer, held.case_id()).status()),
            "LINKED_ACCOUNT");
}

TEST_F(ModerationPeopleTest, ChecksThePermissionInTheTransactionOfTheAct) {
  ReportAbout(kMallory, "child_safety.grooming");
  ASSERT_TRUE(Add("lena", {v1::MODERATOR_ROLE_REVIEWER}, kLena).ok());
  ASSERT_TRUE(SetRoles("lena", {v1::MODERATOR_ROLE_REVIEWER}, true).ok());
  v1::CaseSummary held = world_.Claim(kLena)->claimed();
  ASSERT_TRUE(world_.GetCase(kLena, held.case_id(), true).ok());
  // Another instance takes the permission away.
  ASSERT_TRUE(storage::RunTransactionAndWait(
                  *world_.engine,
                  [&](storage::Transaction& transaction) -> absl::Status {
                    FRANK_ASSIGN_OR_RETURN(
                        auto record,
                        storage::FindModerator(transaction, "lena"));
                    record->set_child_safety(false);
                    storage::PutModerator(transaction, "lena", *record);
                    return absl::OkStatus();
                  })
                  .ok());
  auto decision = world_.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)},
                                  std::string(16, 'd'));
  EXPECT_EQ(FindReason(world_.Decide(kLena, decision).status()),
            "CHILD_SAFETY_NEEDED");
  EXPECT_EQ(FindReason(world_.GetCase(kLena, held.case_id(), true).status()),
            "CHILD_SAFETY_NEEDED");
}

TEST_F(ModerationPeopleTest, GivesCasesOfChildSafetyOnlyToWhoMayHaveThem) {
  ReportAbout(kMallory, "child_safety.grooming");
  v1::CaseSummary only = world_.OnlyCase();
  auto reason = [](const absl::Status& status) {
    return FindReason(status).value_or("");
  };
  EXPECT_EQ(reason(world_.Claim(kReviewer, only.case_id()).status()),
            "CHILD_SAFETY_NEEDED");
  ReportAbout(kAlice, "deception.spam");
  EXPECT_EQ(world_.Claim(kReviewer)->claimed().accused_uri(), kAlice);
  ASSERT_TRUE(Add("lena", {v1::MODERATOR_ROLE_REVIEWER}, kLena).ok());
  ASSERT_TRUE(SetRoles("lena", {v1::MODERATOR_ROLE_REVIEWER}, true).ok());
  v1::CaseSummary held = world_.Claim(kLena)->claimed();
  EXPECT_EQ(held.case_id(), only.case_id());
  EXPECT_TRUE(world_.GetCase(kLena, held.case_id(), true).ok());
  // The permission is taken away while they hold the case.
  ASSERT_TRUE(SetRoles("lena", {v1::MODERATOR_ROLE_REVIEWER}, false).ok());
  auto decision = world_.Decision(held, {MakeAction(v1::ACTION_KIND_NONE)},
                                  std::string(16, 'd'));
  EXPECT_EQ(reason(world_.Decide(kLena, decision).status()),
            "CHILD_SAFETY_NEEDED");
  EXPECT_EQ(reason(world_.GetCase(kLena, held.case_id(), true).status()),
            "CHILD_SAFETY_NEEDED");
  EXPECT_EQ(reason(world_.GetCase(kReviewer, held.case_id(), false).status()),
            "CHILD_SAFETY_NEEDED");
}

// An identity provider's people, by their tokens.
class ModerationProviderTest : public ModerationPeopleTest {
 protected:
  class Fetcher final : public oidc::JwksFetcher {
   public:
    explicit Fetcher(std::string keys) : keys_(std::move(keys)) {}
    absl::StatusOr<std::string> Fetch() override { return keys_; }

   private:
    const std::string keys_;
  };

  ModerationProviderTest() {
    source_.SetWake([] {});
    source_.Refresh();
  }

  std::string TokenOf(const std::string& subject, const std::string& roles) {
    return key_.Token(absl::StrCat(
        "{\"iss\":\"https://i\",\"aud\":\"frank\",\"sub\":\"", subject,
        "\",\"iat\":1699999999,\"exp\":1800000000,\"roles\":", roles, "}"));
  }
  absl::StatusOr<Moderator> Authorize(const std::string& token,
                                      const std::string& method) {
    services::Call call;
    call.bearer_token = token;
    return moderators_.Authorize(call, method);
  }

  const oidc::ProviderKey key_{"EdDSA", "k"};
  oidc::KeySource source_{std::make_unique<Fetcher>(oidc::KeySet({key_.Jwk()})),
                          world_.clock};
  oidc::TokenVerifier verifier_{
      {"https://i", "frank", "roles", "cs", 0}, source_, world_.clock};
  Moderators moderators_{world_.process->configured, world_.process->directory,
                         &verifier_};
};

TEST_F(ModerationProviderTest, TakesIdAndRolesFromTheToken) {
  auto senior = Authorize(TokenOf("lena", "[\"senior\",\"cs\",\"staff\"]"),
                          "ReviewService.ClaimCase");
  ASSERT_TRUE(senior.ok()) << senior.status();
  EXPECT_EQ(senior->id, "oidc:lena");
  EXPECT_THAT(senior->roles, ElementsAre(Role::kSenior));
  EXPECT_TRUE(senior->child_safety);
  EXPECT_EQ(FindReason(Authorize(TokenOf("lena", "[\"staff\"]"),
                                 "ReviewService.ClaimCase")
                           .status()),
            "NOT_PERMITTED");
  // A subject that is another's id does not become that other.
  EXPECT_EQ(
      Authorize(TokenOf("rita", "\"reviewer\""), "ReviewService.ClaimCase")->id,
      "oidc:rita");
}

TEST_F(ModerationProviderTest, TellsTheProvidersPeopleWhatTheirTokenGives) {
  ModeratorHandler handler({*world_.engine, moderators_,
                            world_.process->configured, world_.process->people,
                            world_.process->book});
  const std::string token = TokenOf("lena", "[\"auditor\",\"senior\",\"cs\"]");
  auto self = Await<v1::GetSelfResponse>([&](auto done) {
    handler.GetSelf(CallOf(token), v1::GetSelfRequest(), std::move(done));
  });
  ASSERT_TRUE(self.ok()) << self.status();
  EXPECT_EQ(self->moderator().id(), "oidc:lena");
  EXPECT_EQ(self->moderator().source(), v1::MODERATOR_SOURCE_PROVIDER);
  EXPECT_THAT(
      self->moderator().role(),
      ElementsAre(v1::MODERATOR_ROLE_SENIOR, v1::MODERATOR_ROLE_AUDITOR));
  EXPECT_TRUE(self->moderator().child_safety());
}

TEST_F(ModerationProviderTest, KeepsLinksAndBansOfTheProvidersPeople) {
  const std::string token = TokenOf("lena", "[\"reviewer\"]");
  ASSERT_TRUE(Link("oidc:lena", kMallory).ok());
  EXPECT_THAT(Authorize(token, "ReviewService.ClaimCase")->linked_accounts,
              ElementsAre(kMallory));
  ASSERT_TRUE(Enable("oidc:lena", false).ok());
  EXPECT_EQ(FindReason(Authorize(token, "ReviewService.ClaimCase").status()),
            "CREDENTIAL_INVALID");
  ASSERT_TRUE(Enable("oidc:lena", true).ok());
  EXPECT_TRUE(Authorize(token, "ReviewService.ClaimCase").ok());
  EXPECT_EQ(FindReason(SetRoles("oidc:lena", {})), "NOT_LOCAL");
  v1::GetModeratorRequest request;
  request.set_id("oidc:lena");
  EXPECT_EQ(
      world_.People(&H::GetModerator, kAuditor, request)->moderator().source(),
      v1::MODERATOR_SOURCE_PROVIDER);
}

TEST_F(ModerationProviderTest, LetsTokensOfAccountsInBesideTheProviders) {
  EXPECT_TRUE(Authorize(kReviewer, "ReviewService.ClaimCase").ok());
  EXPECT_EQ(FindReason(Authorize("a.b.c", "ReviewService.ClaimCase").status()),
            "CREDENTIAL_INVALID");
}

}  // namespace
}  // namespace frank::moderation
