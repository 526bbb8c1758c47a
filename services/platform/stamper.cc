#include "services/platform/stamper.h"

#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/limits.h"
#include "services/common/burst.h"

namespace frank::platform {

using services::Burst;

namespace {

bool SharesSignatures(const crypto::KeyRing& ring, UnixMillis time) {
  const crypto::KeyRing::Window* window = ring.FindWindow(time);
  return window != nullptr &&
         window->window.form == crypto::FrankForm::kBatched;
}

}  // namespace

class Stamper::Line : public std::enable_shared_from_this<Line> {
 public:
  explicit Line(const crypto::KeyRing& ring) : ring_(ring) {}

  void Stamp(const crypto::StampInput& input, Done done)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    Group complete;
    bool is_first = false;
    {
      absl::MutexLock lock(&mutex_);
      waiting_.inputs.push_back(input);
      waiting_.done.push_back(std::move(done));
      is_first = waiting_.inputs.size() == 1;
      if (waiting_.inputs.size() == limits::kMaxStampGroup) {
        complete = std::exchange(waiting_, {});
      }
    }
    Answer(std::move(complete));
    if (is_first) {
      Burst::AtEnd([line = shared_from_this()] { line->AnswerWaiting(); });
    }
  }

 private:
  struct Group {
    std::vector<crypto::StampInput> inputs;
    std::vector<Done> done;
  };

  void AnswerWaiting() ABSL_LOCKS_EXCLUDED(mutex_) {
    Group group;
    {
      absl::MutexLock lock(&mutex_);
      group = std::exchange(waiting_, {});
    }
    Answer(std::move(group));
  }

  // Does nothing for none.
  void Answer(Group group) {
    auto stamps = crypto::StampApart(ring_, group.inputs);
    for (size_t i = 0; i < stamps.size(); ++i) {
      group.done[i](std::move(stamps[i]));
    }
  }

  const crypto::KeyRing& ring_;
  absl::Mutex mutex_;
  Group waiting_ ABSL_GUARDED_BY(mutex_);
};

Stamper::Stamper(const crypto::KeyRings& rings) {
  for (const auto& [authority, ring] : rings.all()) {
    lines_[&ring] = std::make_shared<Line>(ring);
  }
}

Stamper::~Stamper() = default;

void Stamper::Stamp(const crypto::KeyRing& ring,
                    const crypto::StampInput& input, Done done) {
  if (SharesSignatures(ring, input.accepted_timestamp)) {
    return lines_.at(&ring)->Stamp(input, std::move(done));
  }
  done(std::move(crypto::StampApart(ring, {input}).front()));
}

}  // namespace frank::platform
