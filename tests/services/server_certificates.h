// Certificates of a server that a test starts.
#ifndef FRANK_TESTS_SERVICES_SERVER_CERTIFICATES_H_
#define FRANK_TESTS_SERVICES_SERVER_CERTIFICATES_H_

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace frank {

// Writes into a folder: ca.pem and ca.key, `name`.pem and `name`.key of
// `name`.example under that authority, and stranger.key, which is nobody's.
inline void MakeServerCertificates(const std::string& folder,
                                   const std::string& name) {
  const std::string script = absl::StrCat(
      "cd ", folder, " && umask 077 && for n in ca ", name,
      " stranger; do"
      " openssl ecparam -name prime256v1 -genkey -noout -out $n.key; done &&"
      " openssl req -x509 -key ca.key -subj /CN=ca -days 2 -out ca.pem &&"
      " echo subjectAltName=DNS:",
      name, ".example > san && openssl req -new -key ", name,
      ".key -subj /CN=", name,
      " -out csr && openssl x509 -req -in csr -CA ca.pem -CAkey ca.key"
      " -CAcreateserial -days 2 -extfile san -out ",
      name, ".pem");
  ASSERT_EQ(std::system(absl::StrCat("(", script, ") 2>/dev/null").c_str()), 0);
}

}  // namespace frank

#endif  // FRANK_TESTS_SERVICES_SERVER_CERTIFICATES_H_
