#include "client/load/mixed_load.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace frank::load {
namespace {

// Does its last operation each time, and passes over its first.
class Part final : public Workload {
 public:
  Part(const std::vector<std::string>& names, size_t* first_operation)
      : first_operation_(first_operation) {
    for (const std::string& name : names) operations_.push_back({name});
  }

  std::vector<Operation> operations() const override { return operations_; }
  absl::Status Begin(const RunContext& context) override {
    *first_operation_ = context.first_operation;
    return absl::OkStatus();
  }
  absl::StatusOr<Job> Compose(Dice*) override {
    return Job{operations_.size() - 1, nullptr};
  }
  void End() override {}

 private:
  std::vector<Operation> operations_;
  size_t* const first_operation_;
};

class MixedLoadTest : public testing::Test {
 protected:
  static constexpr int kArrivals = 10000;

  std::unique_ptr<Workload> Mix(double first, double second, double third) {
    std::vector<MixedPart> parts;
    parts.push_back({std::make_unique<Part>(Names{"a"}, &begun_[0]), first});
    parts.push_back(
        {std::make_unique<Part>(Names{"b", "c"}, &begun_[1]), second});
    parts.push_back({std::make_unique<Part>(Names{"d"}, &begun_[2]), third});
    return MakeMixedLoad(std::move(parts));
  }

  using Names = std::vector<std::string>;
  size_t begun_[3] = {9, 9, 9};
};

TEST_F(MixedLoadTest, NumbersOperationsPartAfterPart) {
  auto mixed = Mix(0.5, 0.25, 0.25);
  Names names;
  for (const Operation& operation : mixed->operations()) {
    names.push_back(operation.name);
  }
  EXPECT_EQ(names, (Names{"a", "b", "c", "d"}));
  RunContext context;
  context.first_operation = 10;
  ASSERT_TRUE(mixed->Begin(context).ok());
  EXPECT_EQ(begun_[0], 10u);
  EXPECT_EQ(begun_[1], 11u);
  EXPECT_EQ(begun_[2], 13u);
}

TEST_F(MixedLoadTest, DrawsPartsByTheirShares) {
  auto mixed = Mix(0.7, 0.3, 0);
  Dice dice(1);
  size_t composed[4] = {};
  for (int i = 0; i < kArrivals; ++i)
    ++composed[mixed->Compose(&dice)->operation];
  EXPECT_NEAR(composed[0], 0.7 * kArrivals, 0.03 * kArrivals);
  EXPECT_NEAR(composed[2], 0.3 * kArrivals, 0.03 * kArrivals);
  EXPECT_EQ(composed[1] + composed[3], 0u);
}

// What is too late to be composed is drawn as if it were.
TEST_F(MixedLoadTest, PassesOverInTheSameProportions) {
  auto mixed = Mix(0.7, 0, 0.3);
  Dice composing(1), passing(1);
  for (int i = 0; i < kArrivals; ++i) {
    ASSERT_EQ(mixed->Pass(&passing), mixed->Compose(&composing)->operation);
  }
}

}  // namespace
}  // namespace frank::load
