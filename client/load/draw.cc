#include "client/load/draw.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "core/status.h"

namespace frank::load {
namespace {

absl::Status SizeError() {
  return FieldError(
      "size",
      "must be fixed:N, uniform:FROM:TO or lognormal:MEDIAN:SIGMA, sizes from "
      "1 to 262144 bytes, SIGMA from 0 to 4");
}

bool IsSize(double bytes) {
  return bytes >= 1 && bytes <= static_cast<double>(Sizes::kMaxBytes);
}

}  // namespace

Nanos Schedule::Next() {
  const double gaps =
      kind_ == ArrivalKind::kConstant ? 1 : -std::log(1 - dice_.Unit());
  at_ += gap_ * gaps;
  return static_cast<Nanos>(at_);
}

Zipf::Zipf(size_t count, double exponent) {
  double sum = 0;
  cumulative_.reserve(count);
  for (size_t rank = 1; rank <= count; ++rank) {
    sum += std::pow(static_cast<double>(rank), -exponent);
    cumulative_.push_back(sum);
  }
}

size_t Zipf::Draw(Dice* dice) const {
  const double at = dice->Unit() * cumulative_.back();
  auto it = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
  const size_t rank = static_cast<size_t>(it - cumulative_.begin());
  return std::min(rank, cumulative_.size() - 1);
}

absl::StatusOr<Sizes> Sizes::Parse(absl::string_view text) {
  const std::vector<std::string> words = absl::StrSplit(text, ':');
  double a = 0, b = 0;
  if (words.size() < 2 || !absl::SimpleAtod(words[1], &a) || !IsSize(a)) {
    return SizeError();
  }
  if (words[0] == "fixed" && words.size() == 2) {
    return Sizes(Kind::kUniform, a, a);
  }
  if (words.size() != 3 || !absl::SimpleAtod(words[2], &b)) return SizeError();
  if (words[0] == "uniform" && IsSize(b) && a <= b) {
    return Sizes(Kind::kUniform, a, b);
  }
  if (words[0] == "lognormal" && b >= 0 && b <= 4) {
    return Sizes(Kind::kLogNormal, a, b);
  }
  return SizeError();
}

size_t Sizes::Draw(Dice* dice) const {
  const double bytes = kind_ == Kind::kUniform
                           ? a_ + std::floor(dice->Unit() * (b_ - a_ + 1))
                           : a_ * std::exp(b_ * dice->Normal());
  return static_cast<size_t>(
      std::clamp(bytes, 1.0, static_cast<double>(kMaxBytes)));
}

}  // namespace frank::load
