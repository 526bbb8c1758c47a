#include "proto/cleansed.h"

#include <gtest/gtest.h>

#include "frank/config/v1/config.pb.h"
#include "frank/v1/frank.pb.h"

namespace frank::wire {
namespace {

TEST(CleansedTest, OverwritesFieldsAtEveryDepth) {
  v1::ReportContent content;
  content.set_note("a note");
  auto* part = content.add_message()->mutable_some_parts()->add_part();
  part->set_part("a part");
  part->add_inclusion_proof("a proof");
  CleanseFields(&content);
  EXPECT_EQ(content.note(), std::string(6, 0));
  EXPECT_EQ(part->part(), std::string(6, 0));
  EXPECT_EQ(part->inclusion_proof(0), std::string(7, 0));
}

TEST(CleansedTest, LeavesUnsetFieldsAlone) {
  config::v1::SecretKey key;
  key.set_purpose("p");
  CleanseFields(&key);
  EXPECT_TRUE(key.key().empty());
  EXPECT_TRUE(config::v1::SecretKey().purpose().empty());
}

TEST(CleansedTest, MovesWithoutLeavingACopy) {
  Cleansed<config::v1::SecretKey> from;
  from->set_key("secret");
  Cleansed<config::v1::SecretKey> to = std::move(from);
  EXPECT_EQ(to->key(), "secret");
  EXPECT_TRUE(from->key().empty());
}

}  // namespace
}  // namespace frank::wire
