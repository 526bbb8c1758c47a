// Requests against the limits of their fields: what is taken, and for every
// rule a change that is refused.
#ifndef FRANK_TESTS_SERVICES_FIELD_RULES_H_
#define FRANK_TESTS_SERVICES_FIELD_RULES_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/limits.h"
#include "core/status.h"
#include "gtest/gtest.h"

namespace frank {

inline std::string OfBytes(size_t size) { return std::string(size, 'x'); }

// What no URI may be.
inline std::vector<std::string> BadUris() {
  const std::string user = "mimi://hub.example/u/";
  return {"",
          user + std::string(limits::kMaxUriBytes + 1 - user.size(), 'a'),
          user + "a\nb",
          user + std::string(1, '\0'),
          user + "a b",
          user + "\u202e" + "b",
          user + "\xff"};
}
inline std::string LongestUri() {
  const std::string user = "mimi://hub.example/u/";
  return user + std::string(limits::kMaxUriBytes - user.size(), 'a');
}

// The rules of one type of requests, tried on changes of one that keeps them
// all.
template <typename Request>
class FieldRules {
 public:
  using Change = std::function<void(Request&)>;
  using SetText = std::function<void(Request&, const std::string&)>;

  FieldRules(Request good, std::function<absl::Status(const Request&)> check)
      : good_(std::move(good)), check_(std::move(check)) {
    Takes("it as it is", [](Request&) {});
  }

  FieldRules& Takes(const std::string& what, const Change& change) {
    Request request = good_;
    change(request);
    EXPECT_TRUE(check_(request).ok()) << what << ": " << check_(request);
    return *this;
  }

  // kInvalidArgument, about this field and no other, with a rule.
  FieldRules& Refuses(const std::string& field, const std::string& what,
                      const Change& change) {
    Request request = good_;
    change(request);
    const absl::Status status = check_(request);
    const FieldViolation violation =
        FindFieldViolation(status).value_or(FieldViolation());
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument)
        << field << ", " << what;
    EXPECT_EQ(violation.field, field) << what << ": " << status;
    EXPECT_FALSE(violation.rule.empty()) << field << ", " << what;
    return *this;
  }

  // Exactly so many bytes.
  FieldRules& HasBytes(const std::string& field, size_t size,
                       const SetText& set) {
    for (size_t other : {size_t{0}, size - 1, size + 1}) {
      RefusesText(field, OfBytes(other), set);
    }
    return TakesText(field, OfBytes(size), set);
  }

  // UTF-8 of so many bytes.
  FieldRules& HasText(const std::string& field, size_t least, size_t most,
                      const SetText& set) {
    if (least > 0) RefusesText(field, OfBytes(least - 1), set);
    RefusesText(field, OfBytes(most + 1), set);
    RefusesText(field, OfBytes(least) + "\xff", set);
    TakesText(field, OfBytes(least), set);
    return TakesText(field, OfBytes(most), set);
  }

  FieldRules& HasUri(const std::string& field, const SetText& set) {
    for (const std::string& uri : BadUris()) RefusesText(field, uri, set);
    return TakesText(field, LongestUri(), set);
  }
  // As HasUri, or empty.
  FieldRules& MayHaveUri(const std::string& field, const SetText& set) {
    for (const std::string& uri : BadUris()) {
      if (!uri.empty()) RefusesText(field, uri, set);
    }
    TakesText(field, "", set);
    return TakesText(field, LongestUri(), set);
  }

  // page_size and page_token; no service gives such tokens.
  FieldRules& HasPages(const std::vector<std::string>& bad_tokens) {
    const auto size = [](uint32_t value) {
      return [value](Request& r) { r.set_page_size(value); };
    };
    Refuses("page_size", "too many", size(limits::kMaxPageSize + 1));
    Takes("the largest page", size(limits::kMaxPageSize));
    for (const std::string& token : bad_tokens) {
      RefusesText("page_token", token, [](Request& r, const std::string& t) {
        r.set_page_token(t);
      });
    }
    return *this;
  }

 private:
  FieldRules& TakesText(const std::string& field, const std::string& text,
                        const SetText& set) {
    return Takes(Describe(field, text), [&](Request& r) { set(r, text); });
  }
  FieldRules& RefusesText(const std::string& field, const std::string& text,
                          const SetText& set) {
    return Refuses(field, Describe(field, text),
                   [&](Request& r) { set(r, text); });
  }
  static std::string Describe(const std::string& field,
                              const std::string& text) {
    return field + " of " + std::to_string(text.size()) +
           " bytes: " + testing::PrintToString(text.substr(0, 40));
  }

  const Request good_;
  const std::function<absl::Status(const Request&)> check_;
};

}  // namespace frank

#endif  // FRANK_TESTS_SERVICES_FIELD_RULES_H_
