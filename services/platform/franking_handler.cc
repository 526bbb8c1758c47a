#include "services/platform/franking_handler.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/limits.h"
#include "core/status.h"
#include "proto/wire.h"

namespace frank::platform {
namespace {

using Stamps = std::vector<crypto::FrankStamp>;

// The same as AuthorityOf(uri) == authority for an authority that was checked,
// without a search: this runs for every item.
bool HasAuthority(absl::string_view uri, absl::string_view authority) {
  if (!absl::StartsWith(uri, authority)) return false;
  if (uri.size() == authority.size()) return true;
  char next = uri[authority.size()];
  return next == '/' || next == '?' || next == '#';
}

bool IsGranted(const StampCredential& credential, absl::string_view uri) {
  return std::any_of(
      credential.authorities.begin(), credential.authorities.end(),
      [uri](const std::string& granted) { return HasAuthority(uri, granted); });
}

absl::Status NotGranted(absl::string_view field) {
  return WithReason(
      absl::PermissionDeniedError(absl::StrCat(
          field, " lies outside the authorities of the credential")),
      "AUTHORITY_NOT_GRANTED");
}

// The name of a field of the only request, or of one in a batch.
std::string FieldOf(absl::optional<size_t> index, absl::string_view name) {
  return index ? absl::StrCat("stamp[", *index, "].", name)
               : std::string(name.data(), name.size());
}

// What crypto::Stamp does not check itself.
absl::Status Validate(const StampCredential& credential,
                      absl::optional<size_t> index,
                      const v1::StampRequest& request) {
  if (request.franking_tag().size() != limits::kTagBytes) {
    return FieldError(FieldOf(index, "franking_tag"), "must be 32 bytes");
  }
  for (auto [name, uri] : {std::pair("sender_uri", &request.sender_uri()),
                           std::pair("room_uri", &request.room_uri())}) {
    if (IsGranted(credential, *uri)) continue;
    std::string field = FieldOf(index, name);
    return uri->empty() ? FieldError(field, "must be a URI")
                        : NotGranted(field);
  }
  return absl::OkStatus();
}

// Gives a field error another place: "input[3].room_uri" becomes
// "stamp[3].room_uri".
absl::Status MoveField(const absl::Status& status, absl::string_view from,
                       absl::string_view to) {
  absl::optional<FieldViolation> violation = FindFieldViolation(status);
  if (!violation || !absl::StartsWith(violation->field, from)) return status;
  return FieldError(absl::StrCat(to, absl::StripPrefix(violation->field, from)),
                    violation->rule);
}

// A field error of a group names its item by the place in the whole request.
absl::Status InOrder(const absl::Status& status,
                     const std::vector<size_t>& places) {
  for (size_t i = 0; i < places.size(); ++i) {
    std::string item = absl::StrCat("stamp[", i, "].");
    absl::optional<FieldViolation> violation = FindFieldViolation(status);
    if (!violation || !absl::StartsWith(violation->field, item)) continue;
    return MoveField(status, item, absl::StrCat("stamp[", places[i], "]."));
  }
  return status;
}

// The texts are the request's.
crypto::StampInput InputOf(const v1::StampRequest& request, UnixMillis now) {
  return {FrankingTag(ToArray<32>(AsBytes(request.franking_tag()))),
          request.sender_uri(), request.room_uri(), now};
}

absl::StatusOr<v1::StampResponse> ResponseOf(
    const crypto::StampInput& input, absl::StatusOr<crypto::FrankStamp> stamp) {
  if (absl::IsFailedPrecondition(stamp.status())) return NoKeyForThisTime();
  FRANK_RETURN_IF_ERROR(stamp.status());
  v1::StampResponse response;
  wire::SetFrank(input, *stamp, response.mutable_frank());
  return response;
}

absl::StatusOr<Stamps> StampWith(const crypto::KeyRing& ring,
                                 absl::Span<const crypto::StampInput> inputs) {
  absl::StatusOr<Stamps> stamps = crypto::Stamp(ring, inputs);
  if (absl::IsFailedPrecondition(stamps.status())) return NoKeyForThisTime();
  if (!stamps.ok()) return MoveField(stamps.status(), "input[", "stamp[");
  return stamps;
}

// Makes `field` as long as `size`, of elements that were used before.
void Resize(size_t size, google::protobuf::RepeatedPtrField<v1::Frank>* field) {
  int wanted = static_cast<int>(size);
  while (field->size() > wanted) field->RemoveLast();
  field->Reserve(wanted);
  while (field->size() < wanted) field->Add();
}

}  // namespace

void FrankingHandler::Stamp(const services::Call& call,
                            const v1::StampRequest& request,
                            services::Done<v1::StampResponse> done) {
  absl::StatusOr<const StampCredential*> credential = Authorize(call);
  if (!credential.ok()) return std::move(done)(credential.status());
  absl::Status valid = Validate(**credential, absl::nullopt, request);
  if (!valid.ok()) return std::move(done)(valid);
  absl::StatusOr<UnixMillis> now = clock_.Now();
  if (!now.ok()) return std::move(done)(now.status());
  const crypto::KeyRing* ring = rings_.FindForRoom(request.room_uri());
  if (ring == nullptr) return std::move(done)(NoKeysForAuthority());
  const crypto::StampInput input = InputOf(request, *now);
  stamper_.Stamp(*ring, input,
                 [input, done = std::move(done)](auto stamp) mutable {
                   std::move(done)(ResponseOf(input, std::move(stamp)));
                 });
}

void FrankingHandler::StampBatch(const services::Call& call,
                                 const v1::StampBatchRequest& request,
                                 services::Done<v1::StampBatchResponse> done) {
  absl::StatusOr<const StampCredential*> credential = Authorize(call);
  if (!credential.ok()) return std::move(done)(credential.status());
  v1::StampBatchResponse response;
  absl::Status stamped = StampFor(**credential, request, &response);
  if (!stamped.ok()) return std::move(done)(stamped);
  std::move(done)(std::move(response));
}

absl::Status FrankingHandler::StampFor(const StampCredential& credential,
                                       const v1::StampBatchRequest& request,
                                       v1::StampBatchResponse* response) {
  size_t count = static_cast<size_t>(request.stamp_size());
  if (count == 0 || count > limits::kMaxStampBatch) {
    return FieldError("stamp",
                      absl::StrCat("must be 1 to ", limits::kMaxStampBatch));
  }
  for (size_t i = 0; i < count; ++i) {
    FRANK_RETURN_IF_ERROR(
        Validate(credential, i, request.stamp(static_cast<int>(i))));
  }
  Resize(count, response->mutable_frank());
  return StampAll({request.stamp().data(), count}, [response](size_t i) {
    return response->mutable_frank(static_cast<int>(i));
  });
}

absl::Status FrankingHandler::StampAll(
    absl::Span<const v1::StampRequest* const> requests,
    absl::FunctionRef<v1::Frank*(size_t)> frank_at) {
  FRANK_ASSIGN_OR_RETURN(UnixMillis now, clock_.Now());
  std::vector<crypto::StampInput> inputs;
  inputs.reserve(requests.size());
  for (const v1::StampRequest* request : requests) {
    inputs.push_back(InputOf(*request, now));
  }
  FRANK_ASSIGN_OR_RETURN(Stamps stamps, StampWithRings(inputs));
  for (size_t i = 0; i < inputs.size(); ++i) {
    wire::SetFrank(inputs[i], stamps[i], frank_at(i));
  }
  return absl::OkStatus();
}

// The room's authority chooses the ring. Nearly always that is one for all.
absl::StatusOr<FrankingHandler::Stamps> FrankingHandler::StampWithRings(
    absl::Span<const crypto::StampInput> inputs) {
  const crypto::KeyRing* first = rings_.FindForRoom(inputs[0].room_uri);
  if (first == nullptr) return NoKeysForAuthority();
  bool one_for_all = std::all_of(
      inputs.begin() + 1, inputs.end(), [first](const crypto::StampInput& in) {
        return HasAuthority(in.room_uri, first->authority());
      });
  return one_for_all ? StampWith(*first, inputs) : StampByRing(inputs);
}

absl::StatusOr<FrankingHandler::Stamps> FrankingHandler::StampByRing(
    absl::Span<const crypto::StampInput> inputs) {
  std::map<const crypto::KeyRing*, std::vector<size_t>> groups;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const crypto::KeyRing* ring = rings_.FindForRoom(inputs[i].room_uri);
    if (ring == nullptr) return NoKeysForAuthority();
    groups[ring].push_back(i);
  }
  Stamps stamps(inputs.size());
  for (const auto& [ring, places] : groups) {
    std::vector<crypto::StampInput> group;
    for (size_t place : places) group.push_back(inputs[place]);
    absl::StatusOr<Stamps> made = StampWith(*ring, group);
    if (!made.ok()) return InOrder(made.status(), places);
    for (size_t i = 0; i < places.size(); ++i) {
      stamps[places[i]] = std::move((*made)[i]);
    }
  }
  return stamps;
}

}  // namespace frank::platform
