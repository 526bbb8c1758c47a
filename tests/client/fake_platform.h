// A platform in memory, as honest as a test lets it be: the rules of the
// protos that Device depends on, and nothing else.
#ifndef FRANK_TESTS_CLIENT_FAKE_PLATFORM_H_
#define FRANK_TESTS_CLIENT_FAKE_PLATFORM_H_

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "client/transport.h"
#include "core/clock.h"
#include "core/random.h"
#include "crypto/key_ring.h"
#include "crypto/records.h"

namespace frank::client {

class FakePlatform {
 public:
  FakePlatform(const Clock& clock, RandomSource& random);

  std::unique_ptr<Transport> Connect();
  const crypto::Ed25519PrivateKey& moderation() const { return moderation_; }
  const crypto::HpkePrivateKey& review_key() const { return review_key_; }
  // Signs and serves these FrankingKeys from now on.
  void Publish(const crypto::FrankingKeys& keys);

  struct Mail {
    std::string room;
    uint64_t sequence;
    v1::Envelope envelope;
    v1::Frank frank;
  };
  struct Account {
    std::vector<v1::SignedDeviceList> lists;
  };
  struct File {
    uint32_t chunk_count = 0;
    std::vector<std::string> chunks;
  };

  const Clock& clock;
  RandomSource& random;
  crypto::KeyRing ring;
  v1::GetReportingKeysResponse keys;
  std::map<std::string, Account> accounts;
  std::map<std::string, std::pair<std::string, std::string>> tokens;
  std::map<std::string, v1::Room> rooms;
  std::map<std::string, uint64_t> sequences;
  // By device id.
  std::map<std::string, std::deque<Mail>> mail;
  // What the moderators say to everybody, and what came back.
  std::vector<v1::ReceiveResponse::Notice> words;
  std::vector<std::string> acknowledged_notices;
  std::vector<std::string> held;
  std::map<std::string, File> files;
  std::vector<v1::SendRequest> sent;
  std::map<std::string, v1::SendResponse> answers;
  std::vector<v1::SubmitReportRequest> reports;
  std::vector<v1::SubmitMismatchNoticeRequest> notices;
  v1::ListReportsResponse statuses;
  std::vector<v1::SetReportNoticesRequest> choices;
  std::vector<v1::SubmitAppealRequest> appeals;
  absl::Status refuses_appeals;
  v1::ListDecisionsResponse decisions;

  // Faults. How many of the next calls are carried out and not answered.
  int lost_answers = 0;
  // Uploads break off after so many chunks.
  int break_upload_after = -1;
  bool suspended = false;
  // The list of reports goes on for ever.
  bool endless_pages = false;
  // Answers to Send and UpdateDeviceList, and to GetRoom, instead of the call.
  absl::Status refusal;
  absl::Status room_refusal;

 private:
  crypto::Ed25519PrivateKey moderation_;
  crypto::HpkePrivateKey review_key_;
};

}  // namespace frank::client

#endif  // FRANK_TESTS_CLIENT_FAKE_PLATFORM_H_
