#include "client/load/mixed_load.h"

#include <string>
#include <utility>

#include "core/status.h"

namespace frank::load {
namespace {

class MixedLoad final : public Workload {
 public:
  explicit MixedLoad(std::vector<MixedPart> parts) : parts_(std::move(parts)) {
    size_t operations = 0;
    for (const MixedPart& part : parts_) {
      first_operations_.push_back(operations);
      operations += part.workload->operations().size();
    }
  }

  std::vector<Operation> operations() const override {
    std::vector<Operation> all;
    for (const MixedPart& part : parts_) {
      for (Operation& operation : part.workload->operations()) {
        all.push_back(std::move(operation));
      }
    }
    return all;
  }

  absl::Status Begin(const RunContext& context) override {
    for (size_t i = 0; i < parts_.size(); ++i) {
      RunContext own = context;
      own.first_operation += first_operations_[i];
      FRANK_RETURN_IF_ERROR(parts_[i].workload->Begin(own));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Job> Compose(Dice* dice) override {
    const size_t chosen = Choose(dice);
    FRANK_ASSIGN_OR_RETURN(Job job, parts_[chosen].workload->Compose(dice));
    job.operation += first_operations_[chosen];
    return job;
  }

  size_t Pass(Dice* dice) override {
    const size_t chosen = Choose(dice);
    return first_operations_[chosen] + parts_[chosen].workload->Pass(dice);
  }

  void End() override {
    for (const MixedPart& part : parts_) part.workload->End();
  }

 private:
  size_t Choose(Dice* dice) const {
    double left = dice->Unit();
    size_t chosen = 0;
    while (chosen + 1 < parts_.size() && left >= parts_[chosen].share) {
      left -= parts_[chosen++].share;
    }
    return chosen;
  }

  const std::vector<MixedPart> parts_;
  std::vector<size_t> first_operations_;
};

}  // namespace

std::unique_ptr<Workload> MakeMixedLoad(std::vector<MixedPart> parts) {
  return std::make_unique<MixedLoad>(std::move(parts));
}

}  // namespace frank::load
