// Protobuf messages that hold secrets.
#ifndef FRANK_PROTO_CLEANSED_H_
#define FRANK_PROTO_CLEANSED_H_

#include <string>
#include <utility>

#include "google/protobuf/message.h"

namespace frank::wire {

// Overwrites text that held a secret.
void CleanseText(std::string* text);

// Overwrites every text and bytes field of a message and of those inside it.
// What the message copied before, when a field grew, is out of reach.
void CleanseFields(google::protobuf::Message* message);

// A message whose fields are overwritten when it goes. Move-only, as a Secret;
// pass the message itself on by reference, never by value.
template <typename Message>
class Cleansed {
 public:
  Cleansed() = default;
  ~Cleansed() { CleanseFields(&message_); }
  Cleansed(Cleansed&& other) noexcept { message_.Swap(&other.message_); }
  Cleansed& operator=(Cleansed&& other) noexcept {
    message_.Swap(&other.message_);
    return *this;
  }
  Cleansed(const Cleansed&) = delete;
  Cleansed& operator=(const Cleansed&) = delete;

  const Message& operator*() const { return message_; }
  Message& operator*() { return message_; }
  const Message* operator->() const { return &message_; }
  Message* operator->() { return &message_; }

 private:
  Message message_;
};

}  // namespace frank::wire

#endif  // FRANK_PROTO_CLEANSED_H_
