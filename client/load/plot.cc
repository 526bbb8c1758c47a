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
constexpr double kTop = 18;
constexpr double kBottom = 45;
// As kPlotStyle has them; further lines begin anew, dashed.
constexpr size_t kColours = 7;

// From values to places along one axis.
class Scale {
 public:
  Scale(const Axis& axis, double from, double to)
      : logarithmic_(axis.logarithmic),
        has_marks_(!axis.marks.empty()),
        from_(from),
        to_(to) {}

  void Take(double value) {
    if (!CanShow(value)) return;
    least_ = std::min(least_, Map(value));
    most_ = std::max(most_, Map(value));
  }
  // A linear axis begins at zero, a logarithmic one at a power of ten if it has
  // no marks of its own.
  void Close() {
    if (logarithmic_ && has_marks_) {
      // As it is.
    } else if (logarithmic_) {
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
  const bool has_marks_;
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

void AppendShades(const Plot& plot, const Scale& x, std::string* svg) {
  for (const auto& [from, to] : plot.shades) {
    const double left = std::max(x.At(from), kLeft);
    const double right = std::min(x.At(to), kWidth - kRight);
    if (right <= left) continue;
    absl::StrAppendFormat(svg,
                          "<rect class=\"shade\" x=\"%.1f\" y=\"%g\" "
                          "width=\"%.1f\" height=\"%g\"/>\n",
                          left, kTop, right - left, kHeight - kBottom - kTop);
  }
}

void AppendUprights(const Plot& plot, const Scale& x, std::string* svg) {
  for (const auto& [at, text] : plot.uprights) {
    if (!x.Holds(at)) continue;
    absl::StrAppendFormat(
        svg,
        "<line class=\"upright\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%g\" y2=\"%g\"/>"
        "<text x=\"%.1f\" y=\"%g\">%s</text>\n",
        x.At(at), x.At(at), kTop, kHeight - kBottom, x.At(at) + 3, kTop - 3,
        HtmlEscaped(text));
  }
}

std::string ClassesOf(size_t line) {
  return absl::StrCat("l", line % kColours,
                      line / kColours % 2 == 1 ? " dashed" : "");
}

// What cannot be shown breaks it; a point between two breaks is a dot.
void AppendLine(const Line& line, size_t number, const Scale& x, const Scale& y,
                std::string* svg) {
  std::string points;
  size_t count = 0;
  auto close = [&] {
    if (count == 1) points += points;
    if (count > 0) {
      absl::StrAppend(svg, "<polyline class=\"", ClassesOf(number),
                      "\" points=\"", points, "\"/>\n");
    }
    points.clear();
    count = 0;
  };
  for (const auto& [at, value] : line.points) {
    if (x.CanShow(at) && y.CanShow(value)) {
      absl::StrAppendFormat(&points, "%.1f,%.1f ", x.At(at), y.At(value));
      ++count;
    } else {
      close();
    }
  }
  close();
}

std::string Legend(const Plot& plot) {
  std::string html = "<p class=\"legend\">";
  for (size_t i = 0; i < plot.lines.size(); ++i) {
    absl::StrAppend(&html, "<span><b class=\"", ClassesOf(i), "\"></b>",
                    HtmlEscaped(plot.lines[i].name), "</span> ");
  }
  if (!plot.shades.empty()) {
    absl::StrAppend(&html, "<span><b class=\"shade\"></b>",
                    HtmlEscaped(plot.shade_name), "</span>");
  }
  return html + "</p>\n";
}

}  // namespace

// Dark enough on white or bright enough on black, and told apart without red
// and green.
const char kPlotStyle[] = R"(
:root {
  color-scheme: light dark;
  --ink: #222; --paper: #fff; --faint: #777; --grid: #e4e4e4; --shade: #f2efe6; --warn: #b03000;
  --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #b35c8f; --c4: #56b4e9; --c5: #b87d00; --c6: #444;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #ddd; --paper: #16181b; --faint: #8b8f94; --grid: #33373c; --shade: #262620; --warn: #ff9a6b;
    --c0: #4aa8e0; --c1: #ff8a3d; --c2: #2fc79b; --c3: #e29ac4; --c4: #9ad6ff; --c5: #f2c14e; --c6: #bbb;
  }
}
figure { margin: 2em 0; }
figcaption { font-weight: bold; margin-bottom: .4em; }
svg { width: 100%; font-size: 11px; fill: var(--ink); }
svg .grid { stroke: var(--grid); }
svg .upright { stroke: var(--faint); stroke-dasharray: 2 3; }
svg .shade { fill: var(--shade); }
svg polyline { fill: none; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
svg .dashed { stroke-dasharray: 5 4; }
.l0 { stroke: var(--c0); border-color: var(--c0); }
.l1 { stroke: var(--c1); border-color: var(--c1); }
.l2 { stroke: var(--c2); border-color: var(--c2); }
.l3 { stroke: var(--c3); border-color: var(--c3); }
.l4 { stroke: var(--c4); border-color: var(--c4); }
.l5 { stroke: var(--c5); border-color: var(--c5); }
.l6 { stroke: var(--c6); border-color: var(--c6); }
.legend { margin: .2em 0 0; }
.legend span { margin-right: 1em; white-space: nowrap; }
.legend b { display: inline-block; width: 1.4em; margin: 0 .4em .25em 0; border-top-width: 3px; border-top-style: solid; }
.legend b.dashed { border-top-style: dashed; }
.legend b.shade { height: .8em; margin-bottom: -.05em; border: 0; background: var(--shade); outline: 1px solid var(--grid); }
)";

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
      x.Take(at);
      y.Take(value);
    }
  }
  std::string html = absl::StrCat("<figure>\n<figcaption>",
                                  HtmlEscaped(plot.title), "</figcaption>\n");
  if (y.IsEmpty()) return html + "<p>Nothing was measured.</p>\n</figure>\n";
  x.Close();
  y.Close();
  absl::StrAppendFormat(&html,
                        "<svg viewBox=\"0 0 %g %g\" role=\"img\" "
                        "aria-label=\"%s\">\n",
                        kWidth, kHeight, HtmlEscaped(plot.title));
  AppendShades(plot, x, &html);
  AppendAxes(plot, x, y, &html);
  AppendUprights(plot, x, &html);
  for (size_t i = 0; i < plot.lines.size(); ++i) {
    AppendLine(plot.lines[i], i, x, y, &html);
  }
  return absl::StrCat(html, "</svg>\n", Legend(plot), "</figure>\n");
}

}  // namespace frank::load
