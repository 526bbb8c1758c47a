// Reports of messages that were really sent, ready to be submitted.
#ifndef FRANK_CLIENT_LOAD_REPORTS_H_
#define FRANK_CLIENT_LOAD_REPORTS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/load/connection.h"
#include "client/load/draw.h"
#include "client/load/population.h"
#include "client/load/send_load.h"
#include "client/load/workload.h"
#include "client/report_builder.h"
#include "client/verify.h"
#include "crypto/signature.h"
#include "frank/v1/report.grpc.pb.h"

namespace frank::load {

struct WrittenReport {
  std::string report_id;
  std::string accused_uri;
  // Index of a device.
  size_t reporter = 0;
  frank::v1::SubmitReportRequest request;
};

// Thread-safe once created.
class Reports {
 public:
  // Fetches the review key, which `moderation_key` signed, and has whoever made
  // a room say something in it, in 2,000 rooms at most.
  static absl::StatusOr<std::unique_ptr<Reports>> Create(
      const SendParts& parts, const Sizes& sizes, const TransportMaker& connect,
      const crypto::Ed25519PublicKey& moderation_key);

  // Writes a report of the k-th message, beginning again after the last, each
  // time for a reason of another policy area, and by another of those who
  // received it: the platform takes 60 reports an hour of one reporter.
  absl::StatusOr<WrittenReport> Write(uint64_t number) const;

  void Submit(const WrittenReport& report, Done done);

  // How many numbers from zero on are about different accounts or policy areas,
  // where each room was made by another device: so many cases they open.
  size_t distinct_cases() const;

 private:
  struct Said {
    size_t room;
    client::VerifiedMessage message;
  };
  explicit Reports(const SendParts& parts)
      : population_(parts.population),
        clock_(parts.clock),
        random_(parts.random),
        stubs_(parts.platform) {}

  absl::Status FetchReviewKey(client::Transport& platform,
                              const crypto::Ed25519PublicKey& moderation_key);
  absl::Status Speak(const SendParts& parts, const Sizes& sizes,
                     const TransportMaker& connect);

  const Population& population_;
  const Clock& clock_;
  RandomSource& random_;
  Stubs<frank::v1::ReportService> stubs_;
  absl::optional<client::OpenedReviewKey> review_key_;
  std::vector<std::string> reasons_;
  std::vector<Said> said_;
};

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_REPORTS_H_
