#include "storage/engine.h"

#include <cstdint>
#include <utility>

#include "absl/synchronization/notification.h"
#include "core/limits.h"
#include "core/status.h"

namespace frank::storage {
namespace {

// One call of RunTransaction. It travels from attempt to attempt inside the
// callback of the commit that it waits for.
struct Run {
  Engine& engine;
  TransactionBody body;
  CommitDone done;
  size_t retries = 0;
};

void Attempt(std::unique_ptr<Run> run) {
  std::unique_ptr<Transaction> transaction = run->engine.Begin();
  absl::Status status = run->body(*transaction);
  if (!status.ok()) {
    run->done(std::move(status));
    return;
  }
  transaction->Commit([run = std::move(run)](absl::Status outcome) mutable {
    if (absl::IsAborted(outcome) &&
        run->retries++ < limits::kMaxTransactionRetries) {
      Attempt(std::move(run));
    } else {
      run->done(std::move(outcome));
    }
  });
}

// Waits for one call of the `done` that it hands out.
class Outcome {
 public:
  CommitDone Done() {
    return [this](absl::Status status) {
      status_ = std::move(status);
      ready_.Notify();
    };
  }
  absl::Status Wait() {
    ready_.WaitForNotification();
    return std::move(status_);
  }

 private:
  absl::Status status_;
  absl::Notification ready_;
};

}  // namespace

KeyRange KeyRange::Prefix(absl::string_view prefix) {
  FRANK_CHECK(!prefix.empty());
  // The end is the prefix with its last byte that can be raised raised; nothing
  // but 0xFF bytes has no key above it, hence no bound.
  std::string end(prefix);
  while (!end.empty() && static_cast<uint8_t>(end.back()) == 0xFF) {
    end.pop_back();
  }
  if (!end.empty()) {
    end.back() = static_cast<char>(static_cast<uint8_t>(end.back()) + 1);
  }
  return KeyRange{std::string(prefix), std::move(end)};
}

absl::Status CommitAndWait(std::unique_ptr<Transaction> transaction) {
  Outcome outcome;
  transaction->Commit(outcome.Done());
  return outcome.Wait();
}

void RunTransaction(Engine& engine, TransactionBody body, CommitDone done) {
  Attempt(std::make_unique<Run>(Run{engine, std::move(body), std::move(done)}));
}

absl::Status RunTransactionAndWait(Engine& engine, TransactionBody body) {
  Outcome outcome;
  RunTransaction(engine, std::move(body), outcome.Done());
  return outcome.Wait();
}

}  // namespace frank::storage
