#include "services/platform/forwarder.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/limits.h"
#include "core/log.h"
#include "core/status.h"
#include "services/platform/receipts.h"
#include "storage/mismatch_store.h"

namespace frank::platform {
namespace {

constexpr UnixMillis kLeaseRenewal = limits::kForwardingLease / 3;
// A row may hold 8 MiB, so few are read at a time.
constexpr size_t kRowsRead = 8;
constexpr size_t kRowsRenumbered = 8;
constexpr size_t kNotesForgotten = 1000;

bool HeldByOther(const storage::Lease& lease, const std::string& holder,
                 UnixMillis now) {
  return !lease.holder.empty() && lease.holder != holder &&
         now < lease.expires_at;
}

}  // namespace

Forwarder::Forwarder(Options options)
    : options_(std::move(options)),
      engine_(*options_.engine),
      stub_(v1::IntakeService::NewStub(options_.moderation)),
      backoff_(limits::kForwardingFirstBackoff, limits::kForwardingMaxBackoff,
               *options_.random) {
  // The watch is set before the first scan, so that no report is missed.
  watch_ = engine_.SetWatch(storage::OutboxRange(), [this] { Wake(); });
  absl::MutexLock lock(&mutex_);
  worker_ = std::make_unique<services::Worker>("forwarder",
                                               [this] { return Step(); });
}

Forwarder::~Forwarder() {
  std::unique_ptr<services::Worker> worker;
  {
    absl::MutexLock lock(&mutex_);
    worker = std::move(worker_);
  }
  worker.reset();
  stream_.reset();
  watch_.reset();
  absl::Status released =
      RunAsHolder([this](storage::Transaction& transaction) {
        storage::PutForwardingLease(transaction, {"", epoch_, 0});
        return absl::OkStatus();
      });
  // A lease that stays is taken over when it has run out.
  if (!released.ok()) {
    Log(Severity::kInfo, "forwarding_lease_not_released",
        {LogField("code", released.code())});
  }
}

void Forwarder::Wake() {
  absl::MutexLock lock(&mutex_);
  if (worker_ != nullptr) worker_->Wake();
}

UnixMillis Forwarder::Step() {
  absl::StatusOr<UnixMillis> pause = TryStep();
  if (pause.ok()) return *pause;
  Log(Severity::kWarning, "forwarding_failed",
      {LogField("code", pause.status().code())});
  return Fail();
}

absl::StatusOr<UnixMillis> Forwarder::TryStep() {
  FRANK_ASSIGN_OR_RETURN(bool holds, HoldLease());
  if (!holds) {
    stream_.reset();
    return kLeaseRenewal;
  }
  UnixMillis now = options_.clock->Now();
  if (stream_ == nullptr) {
    if (now < next_try_) return std::min(next_try_ - now, kLeaseRenewal);
    mark_known_ = false;
    stream_ = Connect();
  }
  // Asked before the answers, so that none that came before the end is lost.
  bool ended = stream_->ended();
  for (const v1::ForwardResponse& answer : stream_->TakeAll()) {
    FRANK_RETURN_IF_ERROR(TakeAnswer(answer));
  }
  if (ended) return absl::UnavailableError("moderation is away");
  if (mark_known_) FRANK_RETURN_IF_ERROR(SendMore());
  return kLeaseRenewal;
}

std::unique_ptr<Forwarder::Stream> Forwarder::Connect() {
  return std::make_unique<Stream>(
      options_.queue,
      [this](auto* context, auto* queue) {
        return stub_->PrepareAsyncForward(context, queue);
      },
      [this] { Wake(); });
}

UnixMillis Forwarder::Fail() {
  stream_.reset();
  UnixMillis pause = backoff_.Next();
  next_try_ = options_.clock->Now() + pause;
  return std::min(pause, kLeaseRenewal);
}

absl::StatusOr<bool> Forwarder::HoldLease() {
  bool holds = false;
  uint64_t epoch = 0;
  FRANK_RETURN_IF_ERROR(storage::RunTransactionAndWait(
      engine_, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(storage::Lease lease,
                               storage::GetForwardingLease(transaction));
        UnixMillis now = options_.clock->Now();
        holds = !HeldByOther(lease, options_.holder, now);
        if (!holds) return absl::OkStatus();
        bool mine = lease.holder == options_.holder && lease.epoch == epoch_;
        epoch = mine ? lease.epoch : lease.epoch + 1;
        if (mine && now + 2 * kLeaseRenewal < lease.expires_at) {
          return absl::OkStatus();
        }
        storage::PutForwardingLease(
            transaction,
            {options_.holder, epoch, now + limits::kForwardingLease});
        return absl::OkStatus();
      }));
  if (holds) epoch_ = epoch;
  return holds;
}

absl::Status Forwarder::RunAsHolder(Body body) {
  return storage::RunTransactionAndWait(
      engine_, [&](storage::Transaction& transaction) -> absl::Status {
        FRANK_ASSIGN_OR_RETURN(storage::Lease lease,
                               storage::GetForwardingLease(transaction));
        if (lease.holder != options_.holder || lease.epoch != epoch_) {
          return absl::FailedPreconditionError("the lease was taken");
        }
        return body(transaction);
      });
}

absl::Status Forwarder::TakeAnswer(const v1::ForwardResponse& answer) {
  if (!mark_known_) {
    FRANK_RETURN_IF_ERROR(LearnIndicativeTime(std::min<UnixMillis>(
        answer.indicative_time_ms(), limits::kMaxIndicativeTime)));
    FRANK_ASSIGN_OR_RETURN(last_sent_, Reconcile(answer.acknowledged()));
    backoff_.Reset();
    mark_known_ = true;
    under_way_.clear();
    bytes_under_way_ = 0;
    return absl::OkStatus();
  }
  if (answer.acknowledged() > last_sent_) {
    return absl::InternalError("moderation acknowledged what was not sent");
  }
  if (answer.receipt_size() >
      static_cast<int>(limits::kForwardingWindowReports)) {
    return absl::InternalError("moderation sent more receipts than reports");
  }
  return Acknowledge(answer);
}

absl::StatusOr<uint64_t> Forwarder::Reconcile(uint64_t mark) {
  FRANK_ASSIGN_OR_RETURN(storage::ForwardingState state,
                         storage::GetForwarding(engine_));
  if (mark > limits::kMaxReportNumber ||
      mark > state.sent + limits::kMaxMarkAhead) {
    // Numbers above it would run out and begin again.
    Log(Severity::kError, "moderation_mark_refused",
        {LogField("mark", mark), LogField("sent", state.sent)});
    return absl::FailedPreconditionError("moderation's mark cannot be true");
  }
  if (mark < state.acknowledged) {
    Log(Severity::kError, "moderation_lost_reports",
        {LogField("mark", mark), LogField("acknowledged", state.acknowledged)});
    FRANK_RETURN_IF_ERROR(FallBackTo(mark));
    return mark;
  }
  if (mark <= state.sent) return state.acknowledged;
  Log(Severity::kError, "platform_lost_reports",
      {LogField("mark", mark), LogField("sent", state.sent)});
  FRANK_RETURN_IF_ERROR(RenumberAbove(state.acknowledged, mark));
  v1::ForwardResponse used_up;
  used_up.set_acknowledged(mark);
  FRANK_RETURN_IF_ERROR(Acknowledge(used_up));
  return mark;
}

absl::Status Forwarder::LearnIndicativeTime(UnixMillis time) {
  return RunAsHolder([time](storage::Transaction& transaction) -> absl::Status {
    FRANK_ASSIGN_OR_RETURN(storage::ForwardingState state,
                           storage::GetForwarding(transaction));
    if (state.indicative_time == time) return absl::OkStatus();
    state.indicative_time = time;
    storage::PutForwarding(transaction, state);
    return absl::OkStatus();
  });
}

// Forgets notes first, a piece at a time, and only then lowers `acknowledged`:
// interrupted, it begins again. The other way round notes could be left that
// let rows be removed as forwarded which moderation does not have.
absl::Status Forwarder::FallBackTo(uint64_t mark) {
  size_t forgotten = 0;
  do {
    FRANK_RETURN_IF_ERROR(
        RunAsHolder([&](storage::Transaction& transaction) -> absl::Status {
          FRANK_ASSIGN_OR_RETURN(storage::ForwardingState state,
                                 storage::GetForwarding(transaction));
          FRANK_ASSIGN_OR_RETURN(
              forgotten, storage::ForgetAcknowledgedAbove(transaction, mark,
                                                          kNotesForgotten));
          if (forgotten == kNotesForgotten) return absl::OkStatus();
          state.acknowledged = mark;
          storage::PutForwarding(transaction, state);
          return absl::OkStatus();
        }));
  } while (forgotten == kNotesForgotten);
  return absl::OkStatus();
}

// Moves rows a few at a time. Interrupted, it starts again with what is left
// below the mark, as `acknowledged` and `sent` still say.
absl::Status Forwarder::RenumberAbove(uint64_t acknowledged, uint64_t mark) {
  size_t moved = 0;
  do {
    FRANK_RETURN_IF_ERROR(
        RunAsHolder([&](storage::Transaction& transaction) -> absl::Status {
          FRANK_ASSIGN_OR_RETURN(
              moved, storage::RenumberOutbox(transaction, acknowledged, mark,
                                             kRowsRenumbered));
          return absl::OkStatus();
        }));
  } while (moved != 0);
  return absl::OkStatus();
}

absl::Status Forwarder::Acknowledge(const v1::ForwardResponse& answer) {
  uint64_t number = answer.acknowledged();
  absl::Status noted =
      RunAsHolder([&](storage::Transaction& transaction) -> absl::Status {
        FRANK_RETURN_IF_ERROR(StoreReceipts(answer, transaction));
        FRANK_ASSIGN_OR_RETURN(storage::ForwardingState state,
                               storage::GetForwarding(transaction));
        if (number <= state.acknowledged) return absl::OkStatus();
        state.acknowledged = number;
        state.sent = std::max(state.sent, number);
        storage::PutForwarding(transaction, state);
        storage::NoteAcknowledged(transaction, number, options_.clock->Now());
        return absl::OkStatus();
      });
  FRANK_RETURN_IF_ERROR(noted);
  while (!under_way_.empty() && under_way_.front().number <= number) {
    bytes_under_way_ -= under_way_.front().bytes;
    under_way_.pop_front();
  }
  return absl::OkStatus();
}

bool Forwarder::WindowIsFull() const {
  return under_way_.size() >= limits::kForwardingWindowReports ||
         bytes_under_way_ >= limits::kForwardingWindowBytes;
}

absl::Status Forwarder::SendMore() {
  while (!WindowIsFull()) {
    FRANK_ASSIGN_OR_RETURN(std::vector<storage::OutboxRow> rows,
                           storage::ScanOutbox(engine_, last_sent_, kRowsRead));
    if (rows.empty()) return absl::OkStatus();
    // Durable before it is true, so that a mark above it proves a restored
    // store.
    FRANK_RETURN_IF_ERROR(
        RunAsHolder([&](storage::Transaction& transaction) -> absl::Status {
          FRANK_ASSIGN_OR_RETURN(storage::ForwardingState state,
                                 storage::GetForwarding(transaction));
          if (rows.back().number <= state.sent) return absl::OkStatus();
          state.sent = rows.back().number;
          storage::PutForwarding(transaction, state);
          return absl::OkStatus();
        }));
    for (storage::OutboxRow& row : rows) {
      if (WindowIsFull()) break;
      uint64_t number = row.number;
      FRANK_ASSIGN_OR_RETURN(
          v1::ForwardRequest request,
          absl::visit(
              [this](auto&& item) { return ToRequest(std::move(item)); },
              std::move(row.item)));
      request.set_number(number);
      under_way_.push_back({number, request.ByteSizeLong()});
      bytes_under_way_ += under_way_.back().bytes;
      last_sent_ = number;
      stream_->Send(std::move(request));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ForwardRequest> Forwarder::ToRequest(
    storage::OutgoingReport report) {
  v1::ForwardRequest request;
  request.set_report_id(ToString(report.id.bytes()));
  request.set_reporter_uri(std::move(report.reporter_uri));
  request.set_review_key_id(std::move(report.review_key_id));
  request.set_sealed_report(std::move(report.sealed));
  request.set_accepted_at(report.accepted_at);
  for (uint32_t member : report.members) {
    request.add_member(static_cast<v1::Membership>(member));
  }
  std::set<std::string> senders;
  for (const std::string& bytes : report.franks) {
    if (!request.add_frank()->ParseFromString(bytes)) {
      return absl::DataLossError("a stored frank is damaged");
    }
    senders.insert(request.frank().rbegin()->sender_uri());
  }
  for (const std::string& sender : senders) {
    FRANK_ASSIGN_OR_RETURN(uint64_t count,
                           storage::CountMismatches(engine_, sender));
    v1::ForwardRequest::SenderSignal* signal = request.add_sender_signal();
    signal->set_sender_uri(sender);
    signal->set_mismatch_notices(count);
  }
  return request;
}

absl::StatusOr<v1::ForwardRequest> Forwarder::ToRequest(
    storage::OutgoingAppeal appeal) {
  v1::ForwardRequest request;
  v1::ForwardRequest::Appeal* out = request.mutable_appeal();
  out->set_decision_id(ToString(appeal.decision_id.bytes()));
  out->set_account_uri(std::move(appeal.account_uri));
  out->set_review_key_id(std::move(appeal.review_key_id));
  out->set_sealed_appeal(std::move(appeal.sealed));
  request.set_accepted_at(appeal.accepted_at);
  return request;
}

}  // namespace frank::platform
