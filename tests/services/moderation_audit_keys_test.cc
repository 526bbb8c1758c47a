// What frank-moderation needs to sign its audit log, and what it says when that
// is not there.
#include <cstdlib>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/files.h"
#include "services/common/config.h"
#include "tests/services/moderation_audit_world.h"

namespace frank::moderation {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class AuditKeysTest : public ::testing::Test {
 protected:
  AuditKeysTest() {
    std::string pattern = testing::TempDir() + "frank-audit-keys-XXXXXX";
    folder_ = std::string(mkdtemp(&pattern[0])) + "/";
    WriteKey("audit.key", "audit");
    config_.set_audit_key_file(folder_ + "audit.key");
    config_.set_audit_origin(kAuditOrigin);
  }
  void WriteKey(const std::string& name, const std::string& purpose) {
    EXPECT_TRUE(wire::WriteSecretKey(folder_ + name, purpose,
                                     crypto::Secret::Copy(Bytes(32, 7)))
                    .ok());
  }
  std::string Problem() {
    absl::Status status = AuditKeys::Load(config_).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(status) || absl::IsNotFound(status))
        << status;
    return std::string(status.message());
  }

  std::string folder_;
  config::v1::ModerationConfig config_;
};

TEST_F(AuditKeysTest, SignsUnderTheConfiguredName) {
  config_.add_audit_former_vkey(AuditSigner(8).verifier().Vkey());
  auto keys = AuditKeys::Load(config_);
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->signer().verifier().Vkey(), AuditSigner().verifier().Vkey());
  EXPECT_TRUE(keys->Open(*AuditSigner(8).Sign({})).ok());
  EXPECT_FALSE(keys->Open(*AuditSigner(9).Sign({})).ok());
}

TEST_F(AuditKeysTest, SaysWhatIsWrongWithThem) {
  config_.set_audit_key_file(folder_ + "absent");
  EXPECT_THAT(Problem(), HasSubstr(folder_ + "absent"));
  WriteKey("master.key", "master");
  config_.set_audit_key_file(folder_ + "master.key");
  EXPECT_THAT(Problem(), EndsWith("purpose: must be \"audit\""));
  config_.set_audit_key_file(folder_ + "audit.key");
  config_.set_audit_origin("two words");
  EXPECT_THAT(Problem(), HasSubstr("audit_origin: "));
  config_.set_audit_origin(kAuditOrigin);
  config_.add_audit_former_vkey("nonsense");
  EXPECT_THAT(Problem(), HasSubstr("audit_former_vkey[0]"));
}

TEST_F(AuditKeysTest, AreNeededByEveryConfiguration) {
  const std::string without_both =
      "listener { address: \"127.0.0.1:0\" certificate_file: \"c\" "
      "private_key_file: \"k\" peer_authority_file: \"a\" } store: \"s\" "
      "key_ring_file: \"r\" review_key_file: \"v\" master_key_file: \"m\" "
      "platform { address: \"127.0.0.1:1\" name: \"frank-platform\" } ";
  auto load = [&](const std::string& text) {
    std::ofstream(folder_ + "config") << text;
    return services::LoadModerationConfig(folder_ + "config");
  };
  EXPECT_THAT(std::string(load(without_both).status().message()),
              EndsWith("audit_key_file: must be set"));
  std::string with_key = without_both + "audit_key_file: \"audit.key\" ";
  EXPECT_THAT(std::string(load(with_key).status().message()),
              EndsWith("audit_origin: must be set"));
  auto whole = load(with_key + "audit_origin: \"audit.example\"");
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(whole->audit_key_file(), folder_ + "audit.key");
}

}  // namespace
}  // namespace frank::moderation
