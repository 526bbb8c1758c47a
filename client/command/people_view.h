// How a verified message looks to people and in JSON.
#ifndef FRANK_CLIENT_COMMAND_PEOPLE_VIEW_H_
#define FRANK_CLIENT_COMMAND_PEOPLE_VIEW_H_

#include <string>

#include "client/command/json.h"
#include "client/verify.h"
#include "frank/v1/room.pb.h"

namespace frank::client {

// {"number","from","room","accepted_at","scheme","franking_tag","parts":[
//  {"index","media_type","text"}                        text
//  {"index","media_type","file_name","file_bytes","file_media_type"}  a file
//  {"index","media_type","bytes"}                       anything else
// ]}; keys of files are not shown.
JsonObject MessageJson(uint64_t number, const VerifiedMessage& message);

// A heading and the parts, indented. What the sender wrote is made printable.
std::string MessageText(uint64_t number, const VerifiedMessage& message);

// "direct" or "group"; "unknown" for what only a newer platform knows.
std::string RoomKindName(v1::RoomKind kind);

}  // namespace frank::client

#endif  // FRANK_CLIENT_COMMAND_PEOPLE_VIEW_H_
