// What the web port offers: exactly what moderators may call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/moderation/permissions.h"
#include "services/web/routes.h"

namespace frank::web {
namespace {

TEST(RoutesTest, OffersTheServicesOfTheTableOfPermissions) {
  std::set<std::string> services;
  for (const moderation::Permission& line : moderation::Permissions()) {
    services.insert(line.method.substr(0, line.method.find('.')));
  }
  EXPECT_THAT(OfferedServices(),
              ::testing::UnorderedElementsAreArray(services));
}

TEST(RoutesTest, FindsEveryMethodThatModeratorsMayCall) {
  Routes routes;
  for (const moderation::Permission& line : moderation::Permissions()) {
    std::string path = absl::StrCat(
        "/frank.v1.", absl::StrReplaceAll(line.method, {{".", "/"}}));
    ASSERT_NE(routes.Find(path), nullptr) << path;
    EXPECT_TRUE(IsCallPath(path));
  }
}

TEST(RoutesTest, FindsNothingElse) {
  Routes routes;
  for (const char* path :
       {"/frank.v1.IntakeService/Forward",
        "/frank.v1.AppealService/SubmitAppeal",
        "/frank.v1.MessageService/Receive", "/grpc.health.v1.Health/Check",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "/frank.v1.ReviewService", "/frank.v1.ReviewService/",
        "/frank.v1.ReviewService/listCases",
        "/frank.v1.ReviewService/ListCases/",
        "/frank.v1.ReviewService/ListCases?x",
        "/frank.v1.ReviewService/List%43ases",
        "frank.v1.ReviewService/ListCases",
        "//frank.v1.ReviewService/ListCases", "/", ""}) {
    EXPECT_EQ(routes.Find(path), nullptr) << path;
  }
}

}  // namespace
}  // namespace frank::web
