// The platform over gRPC and TLS.
#ifndef FRANK_CLIENT_GRPC_TRANSPORT_H_
#define FRANK_CLIENT_GRPC_TRANSPORT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/transport.h"

namespace frank::client {

struct ServerAddress {
  // host:port.
  std::string address;
  // PEM of the authority that signed the server's certificate.
  std::string authority_pem;
  // Registration token (metadata "frank-registration"); empty: none.
  std::string registration_token;
};

// Makes a transport. Connects with the first call; kInvalidArgument on an empty
// address. Thread-safe but for SetToken.
absl::StatusOr<std::unique_ptr<Transport>> CreateGrpcTransport(
    const ServerAddress& server);

}  // namespace frank::client

#endif  // FRANK_CLIENT_GRPC_TRANSPORT_H_
