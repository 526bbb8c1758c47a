#include "services/web/https_server.h"

#include <fcntl.h>
#include <httplib.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <exception>
#include <list>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "core/limits.h"
#include "core/log.h"
#include "services/web/connection_limits.h"
#include "services/web/connection_metrics.h"
#include "services/web/event_signal.h"
#include "services/web/socket.h"
#include "services/web/tls_connection.h"

namespace frank::web {
namespace {

constexpr int kBacklog = 128;
// All that a connection may take that is only told of its refusal.
constexpr UnixMillis kRefusalTime = 3 * kSecond;

// How long the thread that listens waits when the process has nothing left to
// take a client with.
constexpr int kPauseMillis = 100;

// A thread for each task. Used by one thread.
class Threads {
 public:
  // Throws, and does not run the task, when there is no thread or memory left.
  template <typename Task>
  void Start(Task task) {
    Join(false);
    std::list<Thread> started(1);
    Thread& thread = started.front();
    thread.thread = std::thread([&thread, task = std::move(task)]() mutable {
      task();
      thread.ended = true;
    });
    threads_.splice(threads_.end(), started);
  }

  void JoinAll() { Join(true); }

 private:
  struct Thread {
    std::thread thread;
    std::atomic<bool> ended = false;
  };

  void Join(bool all) {
    for (auto thread = threads_.begin(); thread != threads_.end();) {
      if (!all && !thread->ended) {
        ++thread;
        continue;
      }
      thread->thread.join();
      thread = threads_.erase(thread);
    }
  }

  std::list<Thread> threads_;
};

// Of IPv6 the network, as one host may take any address of it.
std::string AddressOf(sockaddr_storage address, socklen_t size) {
  char text[NI_MAXHOST] = "";
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (address.ss_family == AF_INET6) {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address);
    if (!IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
      std::memset(&v6->sin6_addr.s6_addr[8], 0, 8);
    }
  }
  if (getnameinfo(generic, size, text, sizeof(text), nullptr, 0,
                  NI_NUMERICHOST) != 0) {
    return {};
  }
  return text;
}

// Whether accept failed for want of something that the process needs, and not
// because of a client that is gone again.
bool IsOurs(int error) {
  switch (error) {
    case EAGAIN:
    case ECONNABORTED:
    case EINTR:
    case ENETDOWN:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
      return false;
    default:
      return true;
  }
}

// What requests of such a connection are refused with; 0: they are not.
int RefusalOf(Admission admission) {
  switch (admission) {
    case Admission::kServed:
      return 0;
    case Admission::kTooManyOfAddress:
      return 429;
    case Admission::kTooMany:
    case Admission::kClosed:
      return 503;
  }
  return 503;
}

void SetHeader(const std::string& name, const std::string& value,
               httplib::Response* response) {
  response->headers.erase(name);
  response->set_header(name, value);
}

void Fill(HttpAnswer answer, httplib::Response* response) {
  response->status = answer.status;
  for (const auto& [name, value] : answer.headers) {
    SetHeader(name, value, response);
  }
  if (answer.kept_body != nullptr && !answer.kept_body->empty()) {
    const size_t size = answer.kept_body->size();
    response->set_content_provider(
        size, answer.media_type,
        [kept = std::move(answer.kept_body)](size_t offset, size_t length,
                                             httplib::DataSink& sink) {
          return sink.write(kept->data() + offset, length);
        });
    return;
  }
  if (answer.stream == nullptr) {
    SetHeader("Content-Type", answer.media_type, response);
    response->body = std::move(answer.body);
    return;
  }
  response->set_chunked_content_provider(
      answer.media_type,
      [stream = std::move(answer.stream)](size_t, httplib::DataSink& sink) {
        std::string piece;
        BodyStream::Next next = stream->Read(&piece);
        if (next == BodyStream::Next::kBroken) return false;
        if (!sink.write(piece.data(), piece.size())) return false;
        if (next == BodyStream::Next::kLast) sink.done();
        return true;
      });
}

}  // namespace

class HttpsServer::Listener final : public httplib::Server {
 public:
  Listener(const HttpsServer::Options& options, TlsIdentity& identity,
           const Clock& clock, services::Metrics& metrics)
      : identity_(identity),
        clock_(clock),
        headers_(options.headers),
        drain_time_(options.drain_time),
        limits_({limits::kMaxWebConnections, options.connections_of_address,
                 limits::kMaxWebRefusals}),
        metrics_(metrics) {
    set_default_headers({options.headers.begin(), options.headers.end()});
    // These two only tell clients what Converse does.
    set_keep_alive_max_count(limits::kMaxWebRequestsOfConnection);
    set_keep_alive_timeout(limits::kWebIdleTime / kSecond);
    set_payload_max_length(limits::kMaxWebBodyBytes);
    // Without SO_REUSEPORT, by which a second server could share the port
    // unnoticed.
    set_socket_options([](socket_t socket) {
      int on = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    });
  }

  // False when it cannot listen.
  bool Listen(const std::string& host, int port) {
    port_ = port == 0 ? bind_to_any_port(host)
                      : (bind_to_port(host, port) ? port : -1);
    // The library's own backlog is 5, and it would wait for a client that was
    // gone again.
    return port_ > 0 && drain_.is_open() && abort_.is_open() &&
           ::listen(svr_sock_, kBacklog) == 0 &&
           fcntl(svr_sock_, F_SETFL, O_NONBLOCK) == 0 &&
           fcntl(svr_sock_, F_SETFD, FD_CLOEXEC) == 0;
  }

  void Serve(HttpHandler& handler) {
    SetHandlers(handler);
    thread_ = std::thread([this] { TakeClients(); });
  }

  int port() const { return port_; }

  void Drain() {
    drain_.Set();
    // Nobody else gets in. Closed it is last, as the library ends streams
    // without their last piece once it is.
    if (svr_sock_ != INVALID_SOCKET) shutdown(svr_sock_, SHUT_RDWR);
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(
          absl::Condition(
              +[](size_t* answering) { return *answering == 0; }, &answering_),
          drain_time_);
    }
    abort_.Set();
    if (thread_.joinable()) thread_.join();
    Socket listening(svr_sock_.exchange(INVALID_SOCKET));
  }

 private:
  // The connection whose request the library shows its handlers.
  static TlsConnection& ConnectionOf(const httplib::Request& request) {
    return *static_cast<TlsConnection*>(SSL_get_app_data(request.ssl));
  }

  void SetHandlers(HttpHandler& handler) {
    set_pre_routing_handler([&handler](const httplib::Request& request,
                                       httplib::Response& response) {
      TlsConnection& connection = ConnectionOf(request);
      HttpAnswer refusal;
      if (handler.Accepts(connection.request(), &refusal)) {
        return HandlerResponse::Unhandled;
      }
      Fill(std::move(refusal), &response);
      // What is left of the request is not read.
      if (!connection.IsAtEnd()) {
        SetHeader("Connection", "close", &response);
      }
      return HandlerResponse::Handled;
    });
    Get("/", [&handler](const httplib::Request& request,
                        httplib::Response& response) {
      Answer(handler, request, "", &response);
    });
    Post("/", [&handler](const httplib::Request& request,
                         httplib::Response& response,
                         const httplib::ContentReader& read) {
      std::string body;
      bool whole = read([&body](const char* data, size_t size) {
        body.append(data, size);
        return true;
      });
      if (!whole) {
        response.status = 400;
        return;
      }
      Answer(handler, request, std::move(body), &response);
    });
    // Of the library's own answers as well. Browsers tell leases by it.
    set_post_routing_handler(
        [this](const httplib::Request&, httplib::Response& response) {
          SetHeader("Date", HttpDate(clock_.Now()), &response);
        });
    // The library would tell what the exception says.
    set_exception_handler(
        [](const httplib::Request&, httplib::Response& response,
           std::exception_ptr) { Fill(PlainAnswer(500), &response); });
  }

  static void Answer(HttpHandler& handler, const httplib::Request& request,
                     std::string body, httplib::Response* response) {
    TlsConnection& connection = ConnectionOf(request);
    HttpAnswer answer =
        handler.Answer(connection.request(), std::move(body), connection);
    connection.BeginAnswer(answer.stream != nullptr);
    Fill(std::move(answer), response);
  }

  // On the thread that listens, until the server drains.
  void TakeClients() {
    bool failing = false;
    while (!drain_.IsSet()) {
      pollfd watched[] = {{svr_sock_, POLLIN, 0}, {drain_.fd(), POLLIN, 0}};
      poll(watched, 2, -1);
      if (drain_.IsSet()) break;
      if (TakeClient()) {
        failing = false;
        continue;
      }
      metrics_.CountFailed();
      if (!failing) Log(Severity::kError, "web.client_not_taken");
      failing = true;
      poll(&watched[1], 1, kPauseMillis);
    }
    threads_.JoinAll();
  }

  // False when the process has nothing left to take one with.
  bool TakeClient() {
    sockaddr_storage address = {};
    socklen_t size = sizeof(address);
    Socket socket(accept4(svr_sock_, reinterpret_cast<sockaddr*>(&address),
                          &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.descriptor() < 0) return !IsOurs(errno);
    try {
      Start(std::move(socket), AddressOf(address, size));
    } catch (const std::exception&) {
      return false;
    }
    return true;
  }

  void Start(Socket socket, std::string address) {
    auto ticket =
        std::make_unique<ConnectionLimits::Ticket>(limits_, std::move(address));
    const Admission admission = ticket->admission();
    if (admission != Admission::kClosed) {
      threads_.Start([this, socket = std::move(socket),
                      ticket = std::move(ticket)]() mutable {
        // The library catches what it throws itself, and no more.
        try {
          Converse(std::move(socket), ticket->admission());
        } catch (const std::exception&) {
          metrics_.CountFailed();
        }
      });
    }
    metrics_.Count(admission);
  }

  void Converse(Socket socket, Admission admission) {
    TlsConnection connection(std::move(socket), identity_.Current(), abort_);
    const int refusal = RefusalOf(admission);
    if (refusal > 0) connection.EndWithin(kRefusalTime);
    if (!connection.Handshake()) return;
    for (size_t left = limits::kMaxWebRequestsOfConnection; left > 0; --left) {
      if (!connection.AwaitRequest(drain_)) break;
      if (!AnswerOne(connection, refusal, left == 1)) break;
    }
    connection.Close();
  }

  // Reads and answers a request; false when there shall be no more.
  bool AnswerOne(TlsConnection& connection, int refusal, bool last) {
    Answering answering(*this);
    int bad = connection.ReadHead();
    if (bad < 0) return false;
    if (bad > 0 || refusal > 0) {
      Refuse(connection, bad > 0 ? bad : refusal);
      return false;
    }
    bool closed = false;
    last = last || absl::EqualsIgnoreCase(
                       connection.request().Header("connection"), "close");
    bool answered = process_request(connection, last, closed,
                                    [&connection](httplib::Request& request) {
                                      request.ssl = connection.ssl();
                                    });
    return answered && !closed && !last && connection.IsAtEnd();
  }

  // Answers a head that the library is not shown.
  void Refuse(TlsConnection& connection, int status) {
    connection.BeginAnswer(false);
    HttpAnswer answer = PlainAnswer(status);
    std::string text = absl::StrCat(
        "HTTP/1.1 ", status,
        " \r\nConnection: close\r\nContent-Length: ", answer.body.size(),
        "\r\nContent-Type: ", answer.media_type,
        "\r\nDate: ", HttpDate(clock_.Now()), "\r\n");
    for (const auto& [name, value] : headers_) {
      absl::StrAppend(&text, name, ": ", value, "\r\n");
    }
    absl::StrAppend(&text, "\r\n", answer.body);
    connection.write(text.data(), text.size());
  }

  // Counts a request that is being answered.
  class Answering {
   public:
    explicit Answering(Listener& listener) : listener_(listener) {
      absl::MutexLock lock(&listener_.mutex_);
      ++listener_.answering_;
    }
    ~Answering() {
      absl::MutexLock lock(&listener_.mutex_);
      --listener_.answering_;
    }

   private:
    Listener& listener_;
  };

  TlsIdentity& identity_;
  const Clock& clock_;
  const std::vector<std::pair<std::string, std::string>> headers_;
  const absl::Duration drain_time_;
  ConnectionLimits limits_;
  ConnectionMetrics metrics_;
  EventSignal drain_;
  EventSignal abort_;
  int port_ = 0;
  std::thread thread_;  // listens
  Threads threads_;     // of clients; seen by the thread that listens alone
  absl::Mutex mutex_;
  size_t answering_ ABSL_GUARDED_BY(mutex_) = 0;
};

absl::StatusOr<std::unique_ptr<HttpsServer>> HttpsServer::Listen(
    const Options& options, TlsIdentity& identity, const Clock& clock,
    services::Metrics& metrics) {
  auto listener = std::make_unique<Listener>(options, identity, clock, metrics);
  if (!listener->Listen(options.host, options.port)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "web.address: cannot listen on ", options.host, ":", options.port,
        ": the port is in use or the address is not this machine's"));
  }
  return std::unique_ptr<HttpsServer>(new HttpsServer(std::move(listener)));
}

HttpsServer::HttpsServer(std::unique_ptr<Listener> listener)
    : listener_(std::move(listener)) {}

HttpsServer::~HttpsServer() { Drain(); }

int HttpsServer::port() const { return listener_->port(); }

void HttpsServer::Serve(HttpHandler& handler) { listener_->Serve(handler); }

void HttpsServer::Drain() { listener_->Drain(); }

}  // namespace frank::web
