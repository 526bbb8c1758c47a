// Line plots as SVG, for the page of a result.
#ifndef FRANK_CLIENT_LOAD_PLOT_H_
#define FRANK_CLIENT_LOAD_PLOT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace frank::load {

struct Line {
  std::string name;
  // x and y; in the order of x. The line breaks where y cannot be shown: NaN
  // where nothing was measured.
  std::vector<std::pair<double, double>> points;
};

struct Axis {
  std::string title;
  // Powers of ten at equal distances; what is not above zero is left out then.
  bool logarithmic = false;
  // What stands at the marks; empty: numbers of the plot's own choice. An axis
  // with marks ends with its points, any other with a round number.
  std::vector<std::pair<double, std::string>> marks;
};

struct Plot {
  std::string title;
  Axis x;
  Axis y;
  std::vector<Line> lines;
  // Shaded parts of the x axis, and what they are.
  std::vector<std::pair<double, double>> shades;
  std::string shade_name;
  // Upright lines, with a word at the top of each.
  std::vector<std::pair<double, std::string>> uprights;
};

// Writes one <figure> with an <svg> in it, which names its lines in a legend.
// Its colours are those of kPlotStyle. Without points it says that there are
// none.
std::string ToSvg(const Plot& plot);

// The CSS of a page with plots, for light and dark screens.
extern const char kPlotStyle[];

// Text with the five characters escaped that HTML gives a meaning.
std::string HtmlEscaped(absl::string_view text);

}  // namespace frank::load

#endif  // FRANK_CLIENT_LOAD_PLOT_H_
