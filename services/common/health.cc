#include "services/common/health.h"

namespace frank::services {

void Health::Fail() {
  absl::MutexLock lock(&mutex_);
  failed_ = true;
  if (service_ != nullptr) service_->SetServingStatus(false);
}

void Health::Attach(grpc::HealthCheckServiceInterface* service) {
  absl::MutexLock lock(&mutex_);
  service_ = service;
  if (failed_ && service_ != nullptr) service_->SetServingStatus(false);
}

}  // namespace frank::services
