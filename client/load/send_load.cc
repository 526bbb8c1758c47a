#include "client/load/send_load.h"

#include <utility>

#include "client/load/messages.h"
#include "client/load/receivers.h"
#include "core/status.h"
#include "frank/v1/message.grpc.pb.h"

namespace frank::load {
namespace {

using Service = frank::v1::MessageService;

// Draws who says what where.
class Speakers {
 public:
  Speakers(const SendOptions& options, const SendParts& parts)
      : options_(options),
        population_(parts.population),
        writer_(parts.population, parts.clock, parts.random),
        zipf_(parts.population.rooms().size(), options.zipf),
        stubs_(parts.platform) {}

  struct Said {
    size_t sender;
    size_t recipients;
    frank::v1::SendRequest request;
  };
  absl::StatusOr<Said> Draw(Dice* dice) const {
    const Room& room = population_.rooms()[zipf_.Draw(dice)];
    const size_t sender = room.members[dice->Below(room.members.size())];
    FRANK_ASSIGN_OR_RETURN(
        Message message,
        writer_.Write(sender, room, options_.sizes.Draw(dice)));
    return Said{sender, room.members.size() - 1, std::move(message.request)};
  }

  void Send(const Said& said, Done done) {
    CallAsync(stubs_.Next(), &Async<Service>::Send,
              population_.devices()[said.sender].token, said.request,
              [done](const absl::Status& status,
                     const frank::v1::SendResponse& response) {
                done(StatusOfSend(status, response));
              });
  }

 private:
  const SendOptions options_;
  const Population& population_;
  const MessageWriter writer_;
  const Zipf zipf_;
  Stubs<Service> stubs_;
};

class SendLoad final : public Workload {
 public:
  SendLoad(const SendOptions& options, const SendParts& parts)
      : speakers_(options, parts) {}

  std::vector<Operation> operations() const override { return {{"send"}}; }
  absl::Status Begin(const RunContext&) override { return absl::OkStatus(); }
  void End() override { WaitForCalls(); }

  absl::StatusOr<Job> Compose(Dice* dice) override {
    FRANK_ASSIGN_OR_RETURN(Speakers::Said said, speakers_.Draw(dice));
    return Job{0, [this, said = std::move(said)](Nanos, Done done) {
                 speakers_.Send(said, std::move(done));
               }};
  }

 private:
  Speakers speakers_;
};

class DeliverLoad final : public Workload {
 public:
  DeliverLoad(const SendOptions& options, const SendParts& parts)
      : speakers_(options, parts) {}

  absl::Status Connect(
      const std::vector<Device>& devices,
      const std::vector<std::shared_ptr<grpc::Channel>>& receiving) {
    FRANK_ASSIGN_OR_RETURN(receivers_,
                           Receivers::Connect(devices, receiving, deliveries_));
    return absl::OkStatus();
  }

  std::vector<Operation> operations() const override { return {{"deliver"}}; }
  absl::Status Begin(const RunContext&) override { return absl::OkStatus(); }
  void End() override { WaitForCalls(); }

  absl::StatusOr<Job> Compose(Dice* dice) override {
    // What follows could not arrive any more.
    FRANK_RETURN_IF_ERROR(receivers_->status());
    FRANK_ASSIGN_OR_RETURN(Speakers::Said said, speakers_.Draw(dice));
    return Job{0, [this, said = std::move(said)](Nanos, Done done) {
                 const std::string id = said.request.envelope().message_id();
                 deliveries_.Expect(id, said.recipients, std::move(done));
                 speakers_.Send(said, [this, id](const absl::Status& status) {
                   if (!status.ok()) deliveries_.GiveUp(id, status);
                 });
               }};
  }

 private:
  Speakers speakers_;
  Deliveries deliveries_;
  std::unique_ptr<Receivers> receivers_;
};

}  // namespace

std::unique_ptr<Workload> MakeSendLoad(const SendOptions& options,
                                       const SendParts& parts) {
  return std::make_unique<SendLoad>(options, parts);
}

absl::StatusOr<std::unique_ptr<Workload>> MakeDeliverLoad(
    const SendOptions& options, const SendParts& parts,
    const std::vector<std::shared_ptr<grpc::Channel>>& receiving) {
  auto load = std::make_unique<DeliverLoad>(options, parts);
  FRANK_RETURN_IF_ERROR(load->Connect(parts.population.devices(), receiving));
  return load;
}

}  // namespace frank::load
