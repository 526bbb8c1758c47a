// Messages as JSON (the proto3 JSON mapping) and as bytes, by their descriptors
// alone.
#ifndef FRANK_SERVICES_WEB_CONNECT_JSON_H_
#define FRANK_SERVICES_WEB_CONNECT_JSON_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/type_resolver.h"

namespace frank::web {

// Thread-safe.
class JsonCodec {
 public:
  JsonCodec();

  // Reads JSON into the bytes of such a message. kInvalidArgument names the
  // field that there is not, or whose value is of another type, or "request"
  // for what is no JSON object; the value is never told.
  absl::StatusOr<std::string> ToBinary(const google::protobuf::Descriptor& type,
                                       const std::string& json) const;

  // kInternal for bytes that are no such message.
  absl::StatusOr<std::string> ToJson(const google::protobuf::Descriptor& type,
                                     const std::string& binary) const;

 private:
  const std::unique_ptr<google::protobuf::util::TypeResolver> resolver_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_CONNECT_JSON_H_
