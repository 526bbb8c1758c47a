#include "services/moderation/validate_audit.h"

#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "core/status.h"
#include "core/uri.h"
#include "crypto/hash.h"

namespace frank::moderation {

absl::Status Check(const v1::GetInclusionProofRequest& request) {
  using Request = v1::GetInclusionProofRequest;
  if (request.entry_case() == Request::ENTRY_NOT_SET) {
    return FieldError("entry", "must be entry_sha256 or act");
  }
  if (request.has_entry_sha256()) {
    if (request.entry_sha256().size() == sizeof(crypto::Sha256Digest)) {
      return absl::OkStatus();
    }
    return FieldError("entry_sha256", "must be 32 bytes");
  }
  const std::string& subject = request.act().subject();
  if (subject.empty() || subject.size() > limits::kMaxAuditSubjectBytes ||
      !IsWellFormedUtf8(subject)) {
    return FieldError("act.subject",
                      absl::StrCat("must be UTF-8 of 1 to ",
                                   limits::kMaxAuditSubjectBytes, " bytes"));
  }
  if (request.act().number() == 0) {
    return FieldError("act.number", "must be from 1 on");
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::GetConsistencyProofRequest& request) {
  if (request.old_size() <= request.new_size()) return absl::OkStatus();
  return FieldError("old_size", "must not be above new_size");
}

absl::Status Check(const v1::ExportEntriesRequest& request) {
  if (request.first_index() <= request.end_index()) return absl::OkStatus();
  return FieldError("first_index", "must not be above end_index");
}

}  // namespace frank::moderation
