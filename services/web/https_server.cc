#include "services/web/https_server.h"

#include <httplib.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <list>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/limits.h"
#include "services/web/connection_limits.h"
#include "services/web/event_signal.h"
#include "services/web/tls_connection.h"

namespace frank::web {
namespace {

constexpr int kBacklog = 128;
constexpr absl::Duration kDrainTime = absl::Seconds(10);

// A thread for each task, up to a number; what is beyond it runs on the thread
// that listens. The library has a fixed pool with an endless queue instead,
// where slow clients would keep the others waiting.
class TaskThreads final : public httplib::TaskQueue {
 public:
  explicit TaskThreads(size_t most) : most_(most) {}

  void enqueue(std::function<void()> task) override {
    Join(false);
    if (threads_.size() >= most_) return task();
    Thread& thread = threads_.emplace_back();
    thread.thread = std::thread([&thread, task = std::move(task)] {
      task();
      thread.ended = true;
    });
  }

  void shutdown() override { Join(true); }

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

  const size_t most_;
  std::list<Thread> threads_;  // seen by the thread that listens alone
};

// Of IPv6 the network, as one host may take any address of it.
std::string AddressOf(int socket) {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  char text[NI_MAXHOST] = "";
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (getpeername(socket, generic, &size) != 0) return {};
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
    response->set_content(answer.body, answer.media_type);
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
  Listener(const HttpsServer::Options& options, TlsIdentity& identity)
      : identity_(identity),
        headers_(options.headers),
        limits_(limits::kMaxWebConnections, options.connections_of_address) {
    set_default_headers({options.headers.begin(), options.headers.end()});
    set_keep_alive_max_count(limits::kMaxWebRequestsOfConnection);
    set_keep_alive_timeout(limits::kWebIdleTime / kSecond);
    set_payload_max_length(limits::kMaxWebBodyBytes);
    // Without SO_REUSEPORT, by which a second server could share the port
    // unnoticed.
    set_socket_options([](socket_t socket) {
      int on = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    });
    new_task_queue = [] {
      return new TaskThreads(limits::kMaxWebConnections +
                             limits::kMaxWebRefusals);
    };
  }

  // False when it cannot listen.
  bool Listen(const std::string& host, int port) {
    port_ = port == 0 ? bind_to_any_port(host)
                      : (bind_to_port(host, port) ? port : -1);
    if (port_ <= 0) return false;
    // The library's own backlog is 5.
    ::listen(svr_sock_, kBacklog);
    return true;
  }

  void Serve(HttpHandler& handler) {
    SetHandlers(handler);
    thread_ = std::thread([this] {
      listening_ = std::this_thread::get_id();
      listen_after_bind();
    });
  }

  int port() const { return port_; }

  void Drain() {
    if (!thread_.joinable()) return Abandon();
    drain_.Set();
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(
          absl::Condition(
              +[](size_t* answering) { return *answering == 0; }, &answering_),
          kDrainTime);
    }
    abort_.Set();
    stop();
    thread_.join();
  }

 private:
  // The connection whose request the library shows its handlers.
  static TlsConnection& ConnectionOf(const httplib::Request& request) {
    return *static_cast<TlsConnection*>(SSL_get_app_data(request.ssl));
  }

  // Gives back a port that was never served.
  void Abandon() {
    socket_t socket = svr_sock_.exchange(INVALID_SOCKET);
    if (socket != INVALID_SOCKET) close(socket);
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
    // The library would tell what the exception says.
    set_exception_handler(
        [](const httplib::Request&, httplib::Response& response,
           std::exception_ptr) { Fill(PlainAnswer(500), &response); });
  }

  static void Answer(HttpHandler& handler, const httplib::Request& request,
                     std::string body, httplib::Response* response) {
    TlsConnection& connection = ConnectionOf(request);
    HttpAnswer answer = handler.Answer(connection.request(), std::move(body),
                                       connection.socket());
    connection.BeginAnswer(answer.stream != nullptr);
    Fill(std::move(answer), response);
  }

  // What the library calls for each connection, on a thread of TaskThreads.
  bool process_and_close_socket(socket_t socket) override {
    if (std::this_thread::get_id() == listening_) {
      // No thread is left, and this one must not wait for a client.
      close(socket);
      return false;
    }
    ConnectionLimits::Ticket ticket(limits_, AddressOf(socket));
    TlsConnection connection(socket, identity_.Current(), abort_);
    if (!connection.Handshake()) return false;
    for (size_t left = limits::kMaxWebRequestsOfConnection; left > 0; --left) {
      if (!connection.AwaitRequest(drain_)) break;
      if (!AnswerOne(connection, ticket.refusal(), left == 1)) break;
    }
    connection.Close();
    return true;
  }

  // Reads and answers a request; false when there shall be no more.
  bool AnswerOne(TlsConnection& connection, int refused, bool last) {
    Answering answering(*this);
    int bad = connection.ReadHead();
    if (bad < 0) return false;
    if (bad > 0 || refused > 0) {
      Refuse(connection, bad > 0 ? bad : refused);
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
        "\r\nContent-Type: ", answer.media_type, "\r\n");
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
  const std::vector<std::pair<std::string, std::string>> headers_;
  ConnectionLimits limits_;
  EventSignal drain_;
  EventSignal abort_;
  int port_ = 0;
  std::thread thread_;
  std::thread::id listening_;
  absl::Mutex mutex_;
  size_t answering_ ABSL_GUARDED_BY(mutex_) = 0;
};

absl::StatusOr<std::unique_ptr<HttpsServer>> HttpsServer::Listen(
    const Options& options, TlsIdentity& identity) {
  auto listener = std::make_unique<Listener>(options, identity);
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
