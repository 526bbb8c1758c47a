#include "services/common/burst.h"

#include <utility>

#include "core/status.h"

namespace frank::services {
namespace {

thread_local Burst* current = nullptr;

}  // namespace

Burst::Burst() {
  FRANK_CHECK(current == nullptr);
  current = this;
}

Burst::~Burst() {
  End();
  current = nullptr;
}

void Burst::AtEnd(absl::AnyInvocable<void()> work) {
  if (current == nullptr) return work();
  current->work_.push_back(std::move(work));
}

void Burst::End() {
  while (!work_.empty()) {
    for (auto& work : std::exchange(work_, {})) work();
  }
}

}  // namespace frank::services
