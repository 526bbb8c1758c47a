// One client of the web port: TLS, with an end to everything that it may take.
// Included by .cc files of this folder that know the HTTP library.
#ifndef FRANK_SERVICES_WEB_TLS_CONNECTION_H_
#define FRANK_SERVICES_WEB_TLS_CONNECTION_H_

#include <httplib.h>

#include <chrono>
#include <memory>
#include <string>

#include "core/clock.h"
#include "services/web/event_signal.h"
#include "services/web/http.h"
#include "services/web/socket.h"
#include "services/web/tls_identity.h"

namespace frank::web {

// A stream for the library that shows it one request at a time: a head that was
// written anew from the one that came and was checked, then as many bytes of
// the body as the head said. Each step ends at a time of its own, however the
// client drips; none goes on after `abort` is set. Used by one thread, but for
// the signal.
class TlsConnection final : public httplib::Stream, public HttpClient {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // `abort` outlives the connection.
  TlsConnection(Socket socket, TlsIdentity::Context context,
                const EventSignal& abort);

  // Every step ends by then too, from now on.
  void EndWithin(UnixMillis millis);

  // False when the client fails or is too slow, or the process has no
  // descriptor left for the signal.
  bool Handshake();
  // Waits for a request; false when none comes in time, or `drain` is set.
  bool AwaitRequest(const EventSignal& drain);
  // Reads and checks a head. Returns 0, or the HTTP status that refuses it, or
  // -1 when the client went or was too slow.
  int ReadHead();
  const HttpRequest& request() const { return request_; }
  // Whether all of the request was read.
  bool IsAtEnd() const { return body_left_ == 0; }

  // What follows is an answer that ends by itself, or a stream.
  void BeginAnswer(bool is_stream);
  // For handlers.
  EventSignal& signal() override { return signal_; }
  bool AwaitSignal() override;

  // Says goodbye: what the client still sends is read for a moment, so that it
  // gets to read the answer.
  void Close();

  // For the library.
  bool is_readable() const override { return true; }
  bool is_writable() const override { return !broken_; }
  ssize_t read(char* data, size_t size) override;
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_.descriptor(); }
  // By which a handler finds this object: its application data.
  const SSL* ssl() const { return ssl_.get(); }

 private:
  // When a step that has so long must be over.
  Time In(UnixMillis millis) const;
  // Waits until the socket can do what TLS wants, after it answered `result`.
  bool AwaitSocket(int result, Time end);
  // Reads what there is of TLS into `data`, -1 at the end.
  ssize_t ReadSome(char* data, size_t size, Time end);
  // Hands the head to the library in words of our own.
  void ShowRequest();

  const Socket socket_;
  const TlsIdentity::Context context_;
  const EventSignal& abort_;
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  EventSignal signal_;
  bool broken_ = false;
  Time end_ = Time::max();
  HttpRequest request_;
  // Came, and not shown yet; and what is shown before it.
  std::string received_;
  std::string shown_;
  size_t body_left_ = 0;
  Time read_end_{};
  Time write_end_{};
};

}  // namespace frank::web

#endif  // FRANK_SERVICES_WEB_TLS_CONNECTION_H_
