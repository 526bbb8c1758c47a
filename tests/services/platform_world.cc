#include "tests/services/platform_world.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/account_store.h"

namespace frank::platform {
namespace {

crypto::Secret SecretOf(uint8_t byte) {
  return crypto::Secret::Copy(Bytes(32, byte));
}

crypto::KeyRing RingOf(const std::string& authority) {
  std::vector<crypto::KeyWindow> windows;
  windows.push_back(
      WindowOf(kNow - 10 * kDay, kNow - kDay, crypto::FrankForm::kEach));
  windows.push_back(
      WindowOf(kNow - kDay, kNow + 10 * kDay, crypto::FrankForm::kBatched));
  windows[0].tombstone = true;
  windows[0].hub_key.reset();
  windows[0].franking_seed.reset();
  return crypto::KeyRing::Create(authority, std::move(windows)).value();
}

crypto::KeyRings RingsOfAll() {
  return crypto::KeyRings::Create(
             {RingOf(kOwn), RingOf(kOther), RingOf(kThird)})
      .value();
}

std::vector<StampCredential> Credentials() {
  return {{"other", HashToken(kStampToken), {kOther, kThird}}};
}

std::string TokenOf(const std::string& account) {
  return absl::StrCat("token of ", account);
}

}  // namespace

crypto::KeyWindow WindowOf(UnixMillis not_before, UnixMillis not_after,
                           crypto::FrankForm form) {
  crypto::KeyWindow window;
  window.not_before = not_before;
  window.not_after = not_after;
  window.form = form;
  window.hub_key = SecretOf(1);
  window.franking_seed = SecretOf(2);
  return window;
}

World::World()
    : clock(kNow),
      engine(storage::MemoryEngine::Make(running_clock)),
      rings(RingsOfAll()),
      stamp_clock(StampClock::Open(*engine, clock).value()),
      authenticator(*engine, clock, Credentials()) {}

void World::AddDevice(const std::string& account) {
  Write([&](storage::Transaction& transaction) {
    return storage::IssueToken(transaction, account, DeviceId(),
                               storage::MailboxId(),
                               HashToken(TokenOf(account)));
  });
}

void World::Write(storage::TransactionBody body) {
  absl::Status written =
      storage::RunTransactionAndWait(*engine, std::move(body));
  FRANK_CHECK(written.ok());
}

services::Call World::CallOf(const std::string& account) {
  services::Call call;
  call.bearer_token = TokenOf(account);
  return call;
}

services::Call World::StampCall() {
  services::Call call;
  call.bearer_token = kStampToken;
  return call;
}

crypto::Frank World::FrankOf(absl::string_view sender, absl::string_view room,
                             UnixMillis at) const {
  crypto::StampInput input{FrankingTag(), sender, room, at};
  return crypto::MakeFrank(
      input, crypto::Stamp(*rings.FindForRoom(room), {input}).value()[0]);
}

}  // namespace frank::platform
