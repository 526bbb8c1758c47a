// A dry run of routing rules, as the command prepares it and adds it up.
#include <string>

#include "absl/strings/str_cat.h"
#include "client/command/mod_dry_run.h"
#include "core/limits.h"
#include "core/status.h"
#include "gtest/gtest.h"

namespace frank::client {
namespace {

config::v1::Routing FileWith(const std::string& name, bool seniors_only) {
  config::v1::Routing file;
  file.add_queue()->set_name("harm");
  config::v1::Queue* queue = file.add_queue();
  queue->set_name(name);
  queue->set_seniors_only(seniors_only);
  return file;
}

TEST(ModDryRunTest, RefusesOtherQueuesThanThoseInForce) {
  v1::GetConfigurationResponse in_force;
  in_force.add_queue()->set_name("seniors");
  in_force.mutable_queue(0)->set_seniors_only(true);
  in_force.mutable_queue(0)->set_title("Escalated");
  in_force.add_queue()->set_name("harm");
  EXPECT_TRUE(CheckQueues(config::v1::Routing(), in_force).ok());
  EXPECT_TRUE(CheckQueues(FileWith("seniors", true), in_force).ok());
  for (const auto& file :
       {FileWith("seniors", false), FileWith("other", true)}) {
    EXPECT_EQ(FindFieldViolation(CheckQueues(file, in_force))->field, "queue");
  }
}

TEST(ModDryRunTest, KeepsExamplesOfAllPages) {
  RoutedPairs pairs;
  for (char page : {'a', 'b', 'c'}) {
    v1::DryRunRoutingResponse response;
    v1::RoutedPair* pair = response.add_routed_pair();
    pair->set_queue_now("harm");
    pair->set_queue_proposed("general");
    pair->set_case_count(9);
    for (char i = 0; i < 9; ++i) {
      pair->add_example_case_id(std::string{page, i});
    }
    AddPage(response, &pairs);
  }
  ASSERT_EQ(pairs.size(), 1u);
  const v1::RoutedPair& sum = pairs.begin()->second;
  EXPECT_EQ(sum.case_count(), 27);
  ASSERT_EQ(sum.example_case_id_size(),
            static_cast<int>(limits::kMaxDryRunExamples));
  EXPECT_EQ(sum.example_case_id(9), (std::string{'b', 0}));
  EXPECT_EQ(sum.example_case_id(19), (std::string{'c', 1}));
}

}  // namespace
}  // namespace frank::client
