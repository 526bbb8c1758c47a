#include "services/web/routes.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/status.h"

namespace frank::web {

const std::vector<std::string>& OfferedServices() {
  static const auto* const kServices = new std::vector<std::string>{
      "AuditService",     "ConfigurationService", "DecisionService",
      "EvidenceService",  "ModeratorService",     "QueueService",
      "ReasonService",    "ReferralService",      "ReporterService",
      "RetentionService", "ReviewService",        "TargetService"};
  return *kServices;
}

bool IsCallPath(absl::string_view path) {
  return absl::StartsWith(path, "/frank.");
}

Routes::Routes() {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  for (const std::string& name : OfferedServices()) {
    const auto* service =
        pool->FindServiceByName(absl::StrCat("frank.v1.", name));
    FRANK_CHECK(service != nullptr);
    for (int i = 0; i < service->method_count(); ++i) {
      const auto* method = service->method(i);
      FRANK_CHECK(!method->client_streaming());
      methods_.emplace(
          absl::StrCat("/", service->full_name(), "/", method->name()), method);
    }
  }
}

const google::protobuf::MethodDescriptor* Routes::Find(
    absl::string_view path) const {
  auto found = methods_.find(std::string(path));
  return found == methods_.end() ? nullptr : found->second;
}

}  // namespace frank::web
