#include "client/load/plot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace frank::load {
namespace {

constexpr double kWidth = 760;
constexpr double kHeight = 280;
constexpr double kLeft = 70;
constexpr double kRight = 20;
constexpr double kTop = 10;
constexpr double kBottom = 45;
// Dark enough on white, and told apart without red and green.
constexpr const char* kColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                    "#56b4e9", "#e69f00", "#444444"};

// From values to places along one axis.
class Scale {
 public:
  Scale(const Axis& axis, double from, double to)
      : logarithmic_(axis.logarithmic), from_(from), to_(to) {}

  void Take(double value) {
    if (!CanShow(value)) return;
    least_ = std::min(least_, Map(value));
    most_ = std::max(most_, Map(value));
  }
  // A linear axis begins at zero, a logarithmic one at a power of ten.
  void Close() {
    if (logarithmic_) {
      least_ = std::floor(least_);
      most_ = std::ceil(most_);
    } else {
      least_ = std::min(least_, 0.0);
    }
    if (most_ <= least_) most_ = least_ + 1;
  }
  bool IsEmpty() const { return most_ < least_; }
  bool CanShow(double value) const {
    return std::isfinite(value) && (!logarithmic_ || value > 0);
  }
  double At(double value) const {
    return from_ + (to_ - from_) * (Map(value) - least_) / (most_ - least_);
  }
  bool Holds(double value) const {
    return CanShow(value) && Map(value) >= least_ - 1e-9 &&
           Map(value) <= most_ + 1e-9;
  }
  std::vector<double> Marks() const {
    std::vector<double> marks;
    if (logarithmic_) {
      for (double power = least_; power <= most_; ++power) {
        marks.push_back(std::pow(10, power));
      }
      return marks;
    }
    const double step = StepOf((most_ - least_) / 5);
    for (double at = std::ceil(least_ / step) * step; at <= most_ + step / 1e6;
         at += step) {
      marks.push_back(at);
    }
    return marks;
  }

 private:
  double Map(double value) const {
    return logarithmic_ ? std::log10(value) : value;
  }
  // 1, 2 or 5 times a power of ten, not below `least`.
  static double StepOf(double least) {
    const double power = std::pow(10, std::floor(std::log10(least)));
    for (double factor : {1.0, 2.0, 5.0}) {
      if (factor * power >= least) return factor * power;
    }
    return 10 * power;
  }

  const bool logarithmic_;
  const double from_;
  const double to_;
  double least_ = std::numeric_limits<double>::infinity();
  double most_ = -std::numeric_limits<double>::infinity();
};

std::vector<std::pair<double, std::string>> MarksOf(const Axis& axis,
                                                    const Scale& scale) {
  std::vector<std::pair<double, std::string>> marks;
  for (const auto& [at, text] : axis.marks) {
    if (scale.Holds(at)) marks.emplace_back(at, HtmlEscaped(text));
  }
  if (!axis.marks.empty()) return marks;
  for (double at : scale.Marks()) {
    marks.emplace_back(at, absl::StrFormat("%g", at));
  }
  return marks;
}

void AppendAxes(const Plot& plot, const Scale& x, const Scale& y,
                std::string* svg) {
  for (const auto& [at, text] : MarksOf(plot.x, x)) {
    absl::StrAppendFormat(
        svg,
        "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%g\" y2=\"%g\"/>"
        "<text x=\"%.1f\" y=\"%g\" text-anchor=\"middle\">%s</text>\n",
        x.At(at), x.At(at), kTop, kHeight - kBottom, x.At(at),
        kHeight - kBottom + 16, text);
  }
  for (const auto& [at, text] : MarksOf(plot.y, y)) {
    absl::StrAppendFormat(
        svg,
        "<line class=\"grid\" x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\"/>"
        "<text x=\"%g\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
        kLeft, kWidth - kRight, y.At(at), y.At(at), kLeft - 6, y.At(at) + 4,
        text);
  }
  absl::StrAppendFormat(
      svg,
      "<text x=\"%g\" y=\"%g\" text-anchor=\"middle\">%s</text>\n"
      "<text transform=\"translate(14 %g) rotate(-90)\" "
      "text-anchor=\"middle\">%s</text>\n",
      (kLeft + kWidth - kRight) / 2, kHeight - 8, HtmlEscaped(plot.x.title),
      (kTop + kHeight - kBottom) / 2, HtmlEscaped(plot.y.title));
}

void AppendLine(const Line& line, const char* colour, const Scale& x,
                const Scale& y, std::string* svg) {
  absl::StrAppendFormat(svg, "<polyline stroke=\"%s\" points=\"", colour);
  for (const auto& [at, value] : line.points) {
    if (!x.CanShow(at) || !y.CanShow(value)) continue;
    absl::StrAppendFormat(svg, "%.1f,%.1f ", x.At(at), y.At(value));
  }
  absl::StrAppend(svg, "\"/>\n");
}

const char* ColourOf(size_t line) {
  return kColours[line % (sizeof kColours / sizeof *kColours)];
}

std::string Legend(const Plot& plot) {
  std::string html = "<p class=\"legend\">";
  for (size_t i = 0; i < plot.lines.size(); ++i) {
    absl::StrAppendFormat(&html,
                          "<span><b style=\"background:%s\"></b>%s</span> ",
                          ColourOf(i), HtmlEscaped(plot.lines[i].name));
  }
  return html + "</p>\n";
}

}  // namespace

std::string HtmlEscaped(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"},
                                    {"<", "&lt;"},
                                    {">", "&gt;"},
                                    {"\"", "&quot;"},
                                    {"'", "&#39;"}});
}

std::string ToSvg(const Plot& plot) {
  Scale x(plot.x, kLeft, kWidth - kRight);
  Scale y(plot.y, kHeight - kBottom, kTop);
  for (const Line& line : plot.lines) {
    for (const auto& [at, value] : line.points) {
      if (!x.CanShow(at) || !y.CanShow(value)) continue;
      x.Take(at);
      y.Take(value);
    }
  }
  std::string html = absl::StrCat("<figure>\n<figcaption>",
                                  HtmlEscaped(plot.title), "</figcaption>\n");
  if (x.IsEmpty()) return html + "<p>Nothing was measured.</p>\n</figure>\n";
  x.Close();
  y.Close();
  absl::StrAppendFormat(&html,
                        "<svg viewBox=\"0 0 %g %g\" role=\"img\" "
                        "aria-label=\"%s\">\n",
                        kWidth, kHeight, HtmlEscaped(plot.title));
  AppendAxes(plot, x, y, &html);
  for (size_t i = 0; i < plot.lines.size(); ++i) {
    AppendLine(plot.lines[i], ColourOf(i), x, y, &html);
  }
  return absl::StrCat(html, "</svg>\n", Legend(plot), "</figure>\n");
}

}  // namespace frank::load
