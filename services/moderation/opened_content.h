// The plaintext of opened reports while they are judged and folded.
#ifndef FRANK_SERVICES_MODERATION_OPENED_CONTENT_H_
#define FRANK_SERVICES_MODERATION_OPENED_CONTENT_H_

#include <memory>

#include "frank/v1/frank.pb.h"

namespace frank::moderation {

// Takes content over; its strings are overwritten before their memory is given
// back.
std::shared_ptr<const v1::ReportContent> KeepContent(v1::ReportContent content);

}  // namespace frank::moderation

#endif  // FRANK_SERVICES_MODERATION_OPENED_CONTENT_H_
