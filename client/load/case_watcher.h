// Tells when a report has reached its case, as a moderator who watches sees it.
#ifndef FRANK_CLIENT_LOAD_CASE_WATCHER_H_
#define FRANK_CLIENT_LOAD_CASE_WATCHER_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "client/load/case_notes.h"
#include "client/load/connection.h"
#include "frank/v1/queue.grpc.pb.h"
#include "frank/v1/review.grpc.pb.h"

namespace frank::load {

// Follows reports by WatchCases, and asks with GetCase what a case holds that
// has changed, but only where somebody waits for a report about its account, or
// the account is not known yet; the longest changed first, 16 at a time. One
// that cannot be looked at is looked at again when the server says, or soon.
// Thread-safe. Destroying it ends the stream and waits for that; no call is
// under way then (WaitForCalls).
class CaseWatcher {
 public:
  // Watches with a moderator's token from here on. kDeadlineExceeded when the
  // stream does not begin, or how it ended.
  static absl::StatusOr<std::unique_ptr<CaseWatcher>> Create(
      const std::vector<std::shared_ptr<grpc::Channel>>& moderation,
      const std::string& token);
  ~CaseWatcher();

  // Tells `shown` once when a case shows this report. Before it is submitted.
  void Follow(const std::string& report_id, const std::string& accused_uri,
              std::function<void()> shown);
  // Does not follow it any more.
  void Forget(const std::string& report_id);

  // How the stream ended, if it has: nothing is told any more then.
  absl::Status status() const;

 private:
  class Stream;
  struct Followed {
    std::string accused_uri;
    std::function<void()> shown;
  };

  CaseWatcher(const std::vector<std::shared_ptr<grpc::Channel>>& moderation,
              const std::string& token);

  void Changed(const frank::v1::WatchCasesResponse& response);
  void Ended(const absl::Status& status);
  void Look();
  void Looked(const std::string& case_id, const absl::Status& status,
              const frank::v1::GetCaseResponse& response);
  void LookLater(const std::string& case_id, const absl::Status& status);
  bool MayHold(const std::string& case_id) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string token_;
  Stubs<frank::v1::ReviewService> reviews_;
  mutable absl::Mutex mutex_;
  std::map<std::string, Followed> followed_ ABSL_GUARDED_BY(mutex_);
  std::multiset<std::string> waited_for_ ABSL_GUARDED_BY(mutex_);
  AccusedOfCases accused_of_ ABSL_GUARDED_BY(mutex_);
  ChangedCases changed_ ABSL_GUARDED_BY(mutex_);
  size_t looks_ ABSL_GUARDED_BY(mutex_) = 0;
  bool begun_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<frank::v1::QueueService::Stub> queue_;
  std::unique_ptr<Stream> stream_;
};

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_CASE_WATCHER_H_
