// Which methods the web port offers: all of the services that moderators call,
// by an explicit table, and nothing else. The other server's, which goes by its
// certificate, and those of accounts stay out of reach.
#ifndef FRANK_SERVICES_WEB_ROUTES_H_
#define FRANK_SERVICES_WEB_ROUTES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace frank::web {

// The table: names within the package frank.v1.
const std::vector<std::string>& OfferedServices();

// Whether a path belongs to calls, "/frank.v1.…", and not to pages.
bool IsCallPath(absl::string_view path);

class Routes {
 public:
  // Ends the process when a service of the table is not in the schema, or one
  // of its methods takes a stream, which HTTP/1.1 cannot carry.
  Routes();

  // The method of a path, "/frank.v1.ReviewService/ListCases", compared byte by
  // byte; null for all that is not offered.
  const google::protobuf::MethodDescriptor* Find(absl::string_view path) const;

 private:
  std::map<std::string, const google::protobuf::MethodDescriptor*> methods_;
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_ROUTES_H_
