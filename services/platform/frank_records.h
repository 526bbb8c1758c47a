// Franks between what crypto makes, what is stored and what is answered.
#ifndef FRANK_SERVICES_PLATFORM_FRANK_RECORDS_H_
#define FRANK_SERVICES_PLATFORM_FRANK_RECORDS_H_

#include <string>

#include "core/clock.h"
#include "crypto/frank.h"
#include "frank/storage/v1/platform.pb.h"
#include "frank/v1/frank.pb.h"

namespace frank::platform {

storage::v1::FrankRecord ToRecord(const crypto::FrankStamp& stamp,
                                  UnixMillis accepted_timestamp);

// Makes the frank as it travels; tag, sender and room come from beside the
// record.
v1::Frank ToProto(const storage::v1::FrankRecord& record,
                  const std::string& franking_tag,
                  const std::string& sender_uri, const std::string& room_uri);

}  // namespace frank::platform

#endif  // FRANK_SERVICES_PLATFORM_FRANK_RECORDS_H_
