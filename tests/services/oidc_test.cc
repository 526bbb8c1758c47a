// Tokens of an identity provider: which let somebody in, and which never do.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "core/clock.h"
#include "core/limits.h"
#include "core/status.h"
#include "crypto/hash.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/oidc/https_fetcher.h"
#include "services/oidc/jwks.h"
#include "services/oidc/key_source.h"
#include "services/oidc/token_verifier.h"
#include "tests/services/oidc_provider_keys.h"

namespace frank::oidc {
namespace {

using ::testing::ElementsAre;

constexpr UnixMillis kNow = 1'700'000'000'000;
constexpr char kIssuer[] = "https://login.example";
constexpr char kAudience[] = "frank";

// What a test says the provider publishes.
struct Published {
  absl::StatusOr<std::string> keys = absl::UnavailableError("away");
  int fetches = 0;
};

class FakeFetcher final : public JwksFetcher {
 public:
  explicit FakeFetcher(Published& published) : published_(published) {}
  absl::StatusOr<std::string> Fetch() override {
    ++published_.fetches;
    return published_.keys;
  }

 private:
  Published& published_;
};

// The claims of a good token, each as JSON; a test changes or drops one.
std::map<std::string, std::string> GoodClaims() {
  return {{"iss", absl::StrCat("\"", kIssuer, "\"")},
          {"aud", absl::StrCat("\"", kAudience, "\"")},
          {"sub", "\"248289761001\""},
          {"iat", "1699999900"},
          {"nbf", "1699999900"},
          {"exp", "1700000100"},
          {"roles", "[\"reviewer\",\"child-safety\",\"unknown\"]"}};
}

std::string Json(const std::map<std::string, std::string>& claims) {
  std::string json;
  for (const auto& [name, value] : claims) {
    absl::StrAppend(&json, json.empty() ? "{" : ",", "\"", name, "\":", value);
  }
  return json + "}";
}

std::string With(const std::string& name, const std::string& value) {
  auto claims = GoodClaims();
  claims[name] = value;
  return Json(claims);
}

std::string Without(const std::string& name) {
  auto claims = GoodClaims();
  claims.erase(name);
  return Json(claims);
}

class OidcTest : public ::testing::Test {
 protected:
  OidcTest() {
    source_.SetWake([this] { ++wakes_; });
    published_.keys = KeySet({rsa_.Jwk(), ec_.Jwk(), ed_.Jwk()});
    source_.Refresh();
  }

  bool LetsIn(const std::string& token) {
    absl::StatusOr<Identity> identity = verifier_.Verify(token);
    if (!identity.ok()) {
      EXPECT_EQ(FindReason(identity.status()), "CREDENTIAL_INVALID");
      EXPECT_EQ(identity.status().message(), "the token does not verify");
    }
    return identity.ok();
  }

  const ProviderKey rsa_{"RS256", "r1"};
  const ProviderKey ec_{"ES256", "e1"};
  const ProviderKey ed_{"EdDSA", "d1"};
  FakeClock clock_{kNow};
  Published published_;
  int wakes_ = 0;
  KeySource source_{std::make_unique<FakeFetcher>(published_), clock_};
  TokenVerifier verifier_{
      {kIssuer, kAudience, "roles", "child-safety", 30 * kSecond},
      source_,
      clock_};
};

TEST_F(OidcTest, LetsInByEachAlgorithm) {
  for (const ProviderKey* key : {&rsa_, &ec_, &ed_}) {
    auto identity = verifier_.Verify(key->Token(Json(GoodClaims())));
    ASSERT_TRUE(identity.ok()) << key->algorithm() << identity.status();
    EXPECT_EQ(identity->subject, "248289761001");
    EXPECT_THAT(identity->roles,
                ElementsAre("reviewer", "child-safety", "unknown"));
    EXPECT_TRUE(identity->child_safety);
  }
}

TEST_F(OidcTest, TakesOneRoleAsATextAndNoneAsNone) {
  auto one = verifier_.Verify(ed_.Token(With("roles", "\"auditor\"")));
  EXPECT_THAT(one->roles, ElementsAre("auditor"));
  EXPECT_FALSE(one->child_safety);
  EXPECT_TRUE(verifier_.Verify(ed_.Token(Without("roles")))->roles.empty());
  EXPECT_TRUE(LetsIn(ed_.Token(With("aud", "[\"other\",\"frank\"]"))));
  EXPECT_TRUE(LetsIn(ed_.Token(Without("nbf"))));
}

TEST_F(OidcTest, RefusesEveryBrokenClaim) {
  const std::vector<std::string> broken = {
      With("iss", "\"https://login.example/\""),
      With("iss", "\"https://LOGIN.example\""),
      With("iss", "[\"https://login.example\"]"),
      Without("iss"),
      With("aud", "\"frank2\""),
      With("aud", "[\"other\"]"),
      With("aud", "[\"frank\",1]"),
      With("aud", "[]"),
      With("aud", "{\"frank\":1}"),
      Without("aud"),
      With("sub", "\"\""),
      With("sub", "\"a b\""),
      With("sub", "\"a\\u0000b\""),
      With("sub", "\"\\u00e4\""),
      With("sub", "7"),
      With("sub", absl::StrCat("\"", std::string(129, 's'), "\"")),
      Without("sub"),
      With("exp", "1699999970"),
      With("exp", "\"1700000100\""),
      With("exp", "-1"),
      With("exp", "1e300"),
      With("exp", "null"),
      Without("exp"),
      With("iat", "1700000031"),
      With("iat", "\"1699999900\""),
      Without("iat"),
      With("nbf", "1700000031"),
      With("nbf", "\"1699999900\""),
      With("nbf", "null"),
      With("roles", "{\"a\":\"reviewer\"}"),
      With("roles", "[\"reviewer\",7]"),
      "[]",
      "\"x\"",
      "",
      "{",
  };
  for (const std::string& claims : broken) {
    EXPECT_FALSE(LetsIn(ed_.Token(claims))) << claims;
  }
}

TEST_F(OidcTest, AllowsForTheSkewOfClocksAndNoMore) {
  EXPECT_TRUE(LetsIn(ed_.Token(With("exp", "1699999971"))));
  EXPECT_TRUE(LetsIn(ed_.Token(With("iat", "1700000030"))));
  EXPECT_TRUE(LetsIn(ed_.Token(With("nbf", "1700000030"))));
  std::string token = ed_.Token(Json(GoodClaims()));
  clock_.Set(kNow + 129 * kSecond);
  EXPECT_TRUE(LetsIn(token));
  clock_.Set(kNow + 130 * kSecond);
  EXPECT_FALSE(LetsIn(token));
}

TEST_F(OidcTest, RefusesOtherAlgorithms) {
  const std::string claims = Json(GoodClaims());
  for (const char* algorithm :
       {"none", "None", "NONE", "", "HS256", "HS384", "PS256", "RS384", "RS1",
        "ES256K", "ES384", "EdDSA ", "eddsa"}) {
    const std::string header =
        absl::StrCat("{\"alg\":\"", algorithm, "\",\"kid\":\"d1\"}");
    EXPECT_FALSE(LetsIn(ed_.Sign(header, claims))) << algorithm;
    // Without a signature at all.
    EXPECT_FALSE(LetsIn(absl::StrCat(Encode(header), ".", Encode(claims), ".")))
        << algorithm;
  }
  EXPECT_FALSE(LetsIn(ed_.Sign("{\"kid\":\"d1\"}", claims)));
  EXPECT_FALSE(
      LetsIn(ed_.Sign("{\"alg\":[\"EdDSA\"],\"kid\":\"d1\"}", claims)));
}

// The public key must never serve as an HMAC key, nor one key by another's
// algorithm.
TEST_F(OidcTest, RefusesToConfuseAlgorithms) {
  const std::string claims = Json(GoodClaims());
  for (const ProviderKey* key : {&rsa_, &ec_, &ed_}) {
    const std::string header =
        absl::StrCat("{\"alg\":\"HS256\",\"kid\":\"", key->id(), "\"}");
    const std::string content =
        absl::StrCat(Encode(header), ".", Encode(claims));
    crypto::Sha256Digest mac =
        crypto::HmacKey(AsBytes(key->PublicPem())).Mac({AsBytes(content)});
    EXPECT_FALSE(LetsIn(absl::StrCat(content, ".", Encode(AsText(mac)))));
  }
  for (const ProviderKey* signer : {&rsa_, &ec_, &ed_}) {
    for (const ProviderKey* named : {&rsa_, &ec_, &ed_}) {
      for (const ProviderKey* meant : {&rsa_, &ec_, &ed_}) {
        if (signer == named && named == meant) continue;
        clock_.Advance(1);
        source_.Refresh();
        EXPECT_FALSE(LetsIn(
            signer->Sign(absl::StrCat("{\"alg\":\"", meant->algorithm(),
                                      "\",\"kid\":\"", named->id(), "\"}"),
                         claims)));
      }
    }
  }
}

TEST_F(OidcTest, RefusesHeadersThatAskForMore) {
  const std::string claims = Json(GoodClaims());
  auto with = [&](const std::string& more) {
    return LetsIn(ed_.Sign(
        absl::StrCat("{\"alg\":\"EdDSA\",\"kid\":\"d1\"", more, "}"), claims));
  };
  EXPECT_TRUE(with(""));
  EXPECT_TRUE(with(",\"typ\":\"at+jwt\""));
  EXPECT_TRUE(with(",\"jwk\":{\"kty\":\"oct\"}"));
  EXPECT_FALSE(with(",\"typ\":\"logout+jwt\""));
  EXPECT_FALSE(with(",\"typ\":7"));
  EXPECT_FALSE(with(",\"crit\":[\"b64\"],\"b64\":false"));
  EXPECT_FALSE(with(",\"crit\":[]"));
}

TEST_F(OidcTest, RefusesAFlipOfAnyBitOfWhatIsSigned) {
  const std::string token = ec_.Token(Json(GoodClaims()));
  int refused = 0;
  for (size_t i = 0; i < token.size(); ++i) {
    std::string flipped = token;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    // A token that names another key may be told to come again.
    if (!verifier_.Verify(flipped).ok()) ++refused;
  }
  // The last character of the signature holds bits that stand for nothing.
  EXPECT_GE(refused, static_cast<int>(token.size()) - 1);
}

TEST_F(OidcTest, RefusesTokensThatAreCutExtendedOrTooLong) {
  const std::string token = ed_.Token(Json(GoodClaims()));
  for (size_t size = 0; size < token.size(); ++size) {
    EXPECT_FALSE(verifier_.Verify(token.substr(0, size)).ok()) << size;
  }
  for (const char* more : {"=", "==", ".", "A", "AAAA", " ", "\n", ".AAAA"}) {
    EXPECT_FALSE(LetsIn(token + more)) << more;
  }
  EXPECT_FALSE(LetsIn(" " + token));
  EXPECT_FALSE(LetsIn(absl::StrReplaceAll(token, {{".", ".."}})));
  const std::string padding(limits::kMaxBearerTokenBytes, 'x');
  EXPECT_FALSE(
      LetsIn(ed_.Token(With("padding", absl::StrCat("\"", padding, "\"")))));
  const std::string fits(limits::kMaxBearerTokenBytes / 2, 'x');
  EXPECT_TRUE(
      LetsIn(ed_.Token(With("padding", absl::StrCat("\"", fits, "\"")))));
  std::string deep(3000, '[');
  EXPECT_FALSE(LetsIn(ed_.Token(With("deep", deep))));
}

TEST_F(OidcTest, RefusesASignatureOfAnotherLength) {
  const std::vector<std::string> parts =
      absl::StrSplit(ec_.Token(Json(GoodClaims())), '.');
  for (size_t size : {0, 1, 63, 65, 72, 128}) {
    EXPECT_FALSE(LetsIn(absl::StrCat(parts[0], ".", parts[1], ".",
                                     Encode(std::string(size, '\1')))));
  }
  // All zero, which careless verifiers of ECDSA take.
  EXPECT_FALSE(LetsIn(absl::StrCat(parts[0], ".", parts[1], ".",
                                   Encode(std::string(64, '\0')))));
}

TEST_F(OidcTest, FindsAKeyWithoutAnIdOnlyIfItIsTheOnlyOne) {
  const std::string claims = Json(GoodClaims());
  EXPECT_TRUE(LetsIn(ed_.Sign("{\"alg\":\"EdDSA\"}", claims)));
  const ProviderKey other("EdDSA", "d2");
  published_.keys = KeySet({ed_.Jwk(), other.Jwk()});
  clock_.Advance(limits::kJwksRefresh);
  source_.Refresh();
  std::string later = With("exp", "1800000000");
  EXPECT_FALSE(LetsIn(ed_.Sign("{\"alg\":\"EdDSA\"}", later)));
  EXPECT_TRUE(LetsIn(ed_.Token(later)));
}

TEST_F(OidcTest, FetchesANewKeyWhenATokenNamesIt) {
  const ProviderKey next("ES256", "e2");
  const std::string token = next.Token(With("exp", "1800000000"));
  published_.keys = KeySet({rsa_.Jwk(), ec_.Jwk(), next.Jwk()});
  // Within the floor it is not asked again, and the answer is final.
  clock_.Advance(limits::kJwksFetchFloor - 1);
  EXPECT_FALSE(LetsIn(token));
  EXPECT_EQ(wakes_, 0);
  clock_.Advance(1);
  absl::Status waiting = verifier_.Verify(token).status();
  EXPECT_TRUE(absl::IsUnavailable(waiting));
  EXPECT_TRUE(FindRetryAfter(waiting).has_value());
  EXPECT_EQ(wakes_, 1);
  source_.Refresh();
  EXPECT_TRUE(LetsIn(token));
  // The key that was taken out is dead at once.
  EXPECT_FALSE(LetsIn(ed_.Token(With("exp", "1800000000"))));
  EXPECT_EQ(published_.fetches, 2);
}

TEST_F(OidcTest, FetchesNoMoreOftenThanTheFloorHoweverManyAsk) {
  const ProviderKey unknown("EdDSA", "unknown");
  const std::string token = unknown.Token(With("exp", "1800000000"));
  for (int i = 0; i < 600; ++i) {
    clock_.Advance(100);
    EXPECT_FALSE(verifier_.Verify(token).ok());
    source_.Refresh();
  }
  EXPECT_LE(published_.fetches, 1 + 6);
  EXPECT_GE(published_.fetches, 5);
}

TEST_F(OidcTest, KeepsTheLastKeysWhileTheProviderIsAway) {
  const std::string token = ed_.Token(With("exp", "1800000000"));
  published_.keys = absl::UnavailableError("away");
  clock_.Advance(limits::kJwksTrustedWhileAway - 1);
  source_.Refresh();
  EXPECT_TRUE(LetsIn(token));
  // A key that it does not know may be one that it could not fetch.
  EXPECT_TRUE(absl::IsUnavailable(
      verifier_.Verify(ProviderKey("EdDSA", "new").Token(Json(GoodClaims())))
          .status()));
  clock_.Advance(1);
  EXPECT_TRUE(absl::IsUnavailable(verifier_.Verify(token).status()));
  published_.keys = KeySet({ed_.Jwk()});
  clock_.Advance(limits::kJwksFetchFloor);
  source_.Refresh();
  EXPECT_TRUE(LetsIn(token));
}

TEST_F(OidcTest, KeepsTheLastKeysWhenTheProviderPublishesNonsense) {
  published_.keys = std::string("<html>");
  clock_.Advance(limits::kJwksRefresh);
  EXPECT_EQ(source_.Refresh(), limits::kJwksFetchFloor);
  EXPECT_EQ(published_.fetches, 2);
  EXPECT_TRUE(LetsIn(ed_.Token(With("exp", "1800000000"))));
}

TEST_F(OidcTest, AnswersUnavailableUntilThereAreKeys) {
  Published none;
  KeySource source(std::make_unique<FakeFetcher>(none), clock_);
  int wakes = 0;
  source.SetWake([&] { ++wakes; });
  TokenVerifier verifier({kIssuer, kAudience, "roles", "", 0}, source, clock_);
  const std::string token = ed_.Token(Json(GoodClaims()));
  EXPECT_TRUE(absl::IsUnavailable(verifier.Verify(token).status()));
  EXPECT_EQ(wakes, 1);
  source.Refresh();
  EXPECT_TRUE(absl::IsUnavailable(verifier.Verify(token).status()));
  EXPECT_EQ(wakes, 1);
}

TEST(JwksTest, PassesOverKeysThatAreNotForThis) {
  const ProviderKey rsa("RS256", "r");
  const ProviderKey ec("ES256", "e");
  const ProviderKey ed("EdDSA", "d");
  auto parsed = Jwks::Parse(KeySet(
      {rsa.Jwk(",\"use\":\"enc\""), ec.Jwk(",\"alg\":\"ES384\""),
       ed.Jwk(",\"key_ops\":[\"sign\"]"), "{\"kty\":\"oct\",\"k\":\"AAAA\"}",
       "{\"kty\":\"EC\",\"crv\":\"P-384\"}", "7", "{}",
       ed.Jwk(",\"alg\":\"EdDSA\",\"use\":\"sig\",\"key_ops\":[\"verify\"]")}));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->size(), 1);
  EXPECT_NE(parsed->Find("d", "EdDSA"), nullptr);
  EXPECT_EQ(parsed->Find("d", "RS256"), nullptr);
}

TEST(JwksTest, RefusesWeakAndBrokenKeys) {
  EXPECT_FALSE(
      Jwks::Parse(KeySet({ProviderKey("RS256", "r", 1024).Jwk()})).ok());
  // A point that is not on the curve, and one of small order.
  const std::string one = Encode(std::string(31, '\0') + '\1');
  EXPECT_FALSE(Jwks::Parse(KeySet({absl::StrCat(
                               "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"",
                               one, "\",\"y\":\"", one, "\"}")}))
                   .ok());
  EXPECT_FALSE(Jwks::Parse(KeySet({absl::StrCat(
                               "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"",
                               Encode(std::string(32, '\0')), "\"}")}))
                   .ok());
  std::string even = ProviderKey("RS256", "r").Jwk();
  even = absl::StrReplaceAll(even, {{"\"e\":\"AQAB\"", "\"e\":\"AQAC\""}});
  EXPECT_FALSE(Jwks::Parse(KeySet({even})).ok());
}

TEST(JwksTest, RefusesWhatIsNoKeySet) {
  const std::string good = KeySet({ProviderKey("EdDSA", "d").Jwk()});
  EXPECT_TRUE(Jwks::Parse(good).ok());
  for (const char* text : {"", "{}", "[]", "{\"keys\":{}}", "{\"keys\":[]}",
                           "{\"keys\":7}", "null", "\xff"}) {
    EXPECT_FALSE(Jwks::Parse(text).ok()) << text;
  }
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(Jwks::Parse(good.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(
      Jwks::Parse(good + std::string(limits::kMaxJwksBytes, ' ')).ok());
  std::string many = "{\"keys\":[{}";
  for (size_t i = 0; i < limits::kMaxJwks; ++i) many += ",{}";
  EXPECT_FALSE(Jwks::Parse(many + "]}").ok());
}

TEST(HttpsFetcherTest, TakesHttpsAlone) {
  for (const char* url : {"https://h", "https://h/", "https://h:8443/a/b?c=d",
                          "https://127.0.0.1:1/jwks"}) {
    EXPECT_TRUE(MakeHttpsFetcher(url, "").ok()) << url;
  }
  for (const char* url :
       {"http://h/", "https://", "https:///a", "h", "", "https://h:/a",
        "https://h:0/", "https://h:65536/", "https://h:1x/", "https://u@h/"}) {
    EXPECT_FALSE(MakeHttpsFetcher(url, "").ok()) << url;
  }
}

TEST(HttpsFetcherTest, AnswersUnavailableWhenNobodyListens) {
  auto fetcher = MakeHttpsFetcher("https://127.0.0.1:1/", "");
  EXPECT_TRUE(absl::IsUnavailable((*fetcher)->Fetch().status()));
}

}  // namespace
}  // namespace frank::oidc
