#include "services/web/tls_connection.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/limits.h"

namespace frank::web {
namespace {

using std::chrono::steady_clock;

constexpr size_t kReadBytes = 4096;
constexpr absl::string_view kHeadEnd = "\r\n\r\n";
// What is read for the sake of a client that still sends, after the answer.
constexpr size_t kMaxLingerBytes = 256u << 10;
constexpr UnixMillis kLingerTime = 2 * kSecond;
// A client that vanished without a word, its machine or its network: seconds of
// silence until it is asked, between questions, and how many it may miss.
constexpr int kProbeAfter = 60;
constexpr int kProbeInterval = 20;
constexpr int kProbes = 3;

void SetOption(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof(value));
}

// Waits for events of one descriptor, or until another becomes readable.
// Returns whether the first has any.
bool Await(int descriptor, int16_t events, int stop, TlsConnection::Time end) {
  for (;;) {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd watched[] = {{descriptor, events, 0}, {stop, POLLIN, 0}};
    int ready = poll(watched, 2, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    return ready > 0 && watched[1].revents == 0;
  }
}

}  // namespace

TlsConnection::TlsConnection(Socket socket, TlsIdentity::Context context,
                             const EventSignal& abort)
    : socket_(std::move(socket)),
      context_(std::move(context)),
      abort_(abort),
      ssl_(SSL_new(context_.get()), &SSL_free) {
  const int tcp = socket_.descriptor();
  SetOption(tcp, IPPROTO_TCP, TCP_NODELAY, 1);
  SetOption(tcp, SOL_SOCKET, SO_KEEPALIVE, 1);
  SetOption(tcp, IPPROTO_TCP, TCP_KEEPIDLE, kProbeAfter);
  SetOption(tcp, IPPROTO_TCP, TCP_KEEPINTVL, kProbeInterval);
  SetOption(tcp, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
  broken_ = !signal_.is_open() || ssl_ == nullptr ||
            SSL_set_fd(ssl_.get(), tcp) != 1 ||
            SSL_set_app_data(ssl_.get(), this) != 1;
}

TlsConnection::Time TlsConnection::In(UnixMillis millis) const {
  return std::min(end_,
                  steady_clock::now() + std::chrono::milliseconds(millis));
}

void TlsConnection::EndWithin(UnixMillis millis) { end_ = In(millis); }

bool TlsConnection::AwaitSocket(int result, Time end) {
  int wants = SSL_get_error(ssl_.get(), result);
  int16_t events = wants == SSL_ERROR_WANT_READ    ? POLLIN
                   : wants == SSL_ERROR_WANT_WRITE ? POLLOUT
                                                   : 0;
  if (events != 0 && Await(socket(), events, abort_.fd(), end)) return true;
  broken_ = true;
  return false;
}

bool TlsConnection::Handshake() {
  if (broken_) return false;
  Time end = In(limits::kWebHandshakeTime);
  for (;;) {
    ERR_clear_error();
    int result = SSL_accept(ssl_.get());
    if (result == 1) return true;
    if (!AwaitSocket(result, end)) return false;
  }
}

bool TlsConnection::AwaitRequest(const EventSignal& drain) {
  // First, as a client may have sent many requests at once.
  if (drain.IsSet()) return false;
  if (!received_.empty() || SSL_pending(ssl_.get()) > 0) return true;
  return Await(socket(), POLLIN, drain.fd(), In(limits::kWebIdleTime));
}

ssize_t TlsConnection::ReadSome(char* data, size_t size, Time end) {
  while (!broken_ && steady_clock::now() < end) {
    ERR_clear_error();
    int result = SSL_read(ssl_.get(), data, static_cast<int>(size));
    if (result > 0) return result;
    if (!AwaitSocket(result, end)) return -1;
  }
  return -1;
}

int TlsConnection::ReadHead() {
  Time end = In(limits::kWebHeadTime);
  size_t head = received_.find(kHeadEnd.data());
  while (head == std::string::npos) {
    if (received_.size() >= limits::kMaxWebHeadBytes) return 431;
    char data[kReadBytes];
    ssize_t count = ReadSome(data, sizeof(data), end);
    if (count < 0) return -1;
    size_t searched = received_.size() - std::min<size_t>(received_.size(), 3);
    received_.append(data, static_cast<size_t>(count));
    head = received_.find(kHeadEnd.data(), searched);
  }
  head += kHeadEnd.size();
  request_ = HttpRequest();
  body_left_ = 0;
  if (head > limits::kMaxWebHeadBytes) return 431;
  int refused =
      ParseRequestHead(absl::string_view(received_).substr(0, head), &request_);
  received_.erase(0, head);
  if (refused == 0) ShowRequest();
  return refused;
}

void TlsConnection::ShowRequest() {
  body_left_ = request_.content_length;
  read_end_ = In(limits::kWebBodyTime);
  BeginAnswer(false);
  shown_ = absl::StrCat(request_.method, " / HTTP/1.1\r\nContent-Length: ",
                        request_.content_length, "\r\n\r\n");
}

void TlsConnection::BeginAnswer(bool is_stream) {
  write_end_ = In(is_stream ? limits::kMaxWebStream + limits::kWebAnswerTime
                            : limits::kMaxWebCall + limits::kWebAnswerTime);
}

ssize_t TlsConnection::read(char* data, size_t size) {
  std::string* from = &shown_;
  if (shown_.empty()) {
    size = std::min(size, body_left_);
    if (size == 0) return 0;
    if (received_.empty()) {
      ssize_t count = ReadSome(data, size, read_end_);
      if (count > 0) body_left_ -= static_cast<size_t>(count);
      return count;
    }
    from = &received_;
  }
  size = std::min(size, from->size());
  std::memcpy(data, from->data(), size);
  from->erase(0, size);
  if (from == &received_) body_left_ -= size;
  return static_cast<ssize_t>(size);
}

bool TlsConnection::AwaitSignal() {
  for (;;) {
    // Bytes that the client sent meanwhile do not hide that it went.
    pollfd watched[] = {{signal_.fd(), POLLIN, 0},
                        {socket(), POLLRDHUP, 0},
                        {abort_.fd(), POLLIN, 0}};
    if (poll(watched, 3, -1) < 0 && errno != EINTR) return false;
    if (watched[1].revents != 0 || watched[2].revents != 0) return false;
    if (watched[0].revents != 0) return true;
  }
}

ssize_t TlsConnection::write(const char* data, size_t size) {
  size_t written = 0;
  // A client that takes whatever comes is never waited for.
  if (abort_.IsSet()) broken_ = true;
  while (written < size && !broken_) {
    ERR_clear_error();
    int result =
        SSL_write(ssl_.get(), data + written,
                  static_cast<int>(std::min<size_t>(size - written, 1u << 20)));
    if (result > 0) {
      written += static_cast<size_t>(result);
    } else if (!AwaitSocket(result,
                            std::min(write_end_, In(limits::kWebStallTime)))) {
      return -1;
    }
  }
  return broken_ ? -1 : static_cast<ssize_t>(written);
}

void TlsConnection::Close() {
  if (broken_) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  shutdown(socket(), SHUT_WR);
  Time end = In(kLingerTime);
  char data[kReadBytes];
  for (size_t total = 0; total < kMaxLingerBytes;) {
    if (!Await(socket(), POLLIN, abort_.fd(), end)) return;
    ssize_t count = recv(socket(), data, sizeof(data), MSG_DONTWAIT);
    if (count <= 0) return;
    total += static_cast<size_t>(count);
  }
}

// Nothing of ours asks the library who the client is.
void TlsConnection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}
void TlsConnection::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace frank::web
