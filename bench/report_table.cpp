// A report as text for the console.
#include <algorithm>

#include "bench/distinct.h"
#include "bench/report.h"
#include "text/text.h"

namespace fovea::bench {

namespace {

using tools::columns;
using tools::fixed_text;
using tools::padded;
using tools::printable;

constexpr std::size_t kLineWidth = 160;
using Cells = std::vector<std::string>;

// How many columns on the left are text: layer, occurrences, shapes, algorithm. The rest are numbers.
constexpr std::size_t kTextColumns = 4;

std::size_t gap_before(std::size_t column) { return column == 0 ? 0 : column <= kTextColumns ? 2 : 1; }

// "avx512/conv_f32_c16 14x32" without the instruction set, which the header names.
std::string algorithm(const LayerReport& layer) {
  const auto slash = layer.kernel.find('/');
  return slash == std::string::npos ? layer.kernel : layer.kernel.substr(slash + 1);
}

Cells cells_of(const Row& row, int batch) {
  const bool counts = row.work.flops > 0;
  const auto if_counted = [&](double value, int decimals) { return counts ? fixed_text(value, decimals) : "-"; };
  return {printable(row.names.front()),
          row.names.size() > 1 ? "x" + std::to_string(row.names.size()) : "",
          shapes_text(row.layer),
          algorithm(row.layer),
          if_counted(row.work.flops / 2e6 / batch, 1),
          fixed_text(row.work.bytes * 1e-6, 2),
          if_counted(intensity(row.work), 1),
          fixed_text(row.times.min, 3),
          fixed_text(row.times.median, 3),
          fixed_text(row.times.p95, 3),
          fixed_text(row.alone.min, 3),
          if_counted(row.efficiency.gflops, 1),
          if_counted(row.efficiency.percent_of_peak, 1),
          fixed_text(row.efficiency.percent_of_roofline, 1),
          fixed_text(100 * row.share, 1)};
}

const Cells kTitles{"layer",  "",    "shape", "algorithm", "MMAC",  "MB",    "F/B",  "min",
                    "median", "p95", "alone", "GFLOP/s",   "%peak", "%roof", "%time"};

std::string first_columns(const std::string& text, std::size_t width) {
  if (columns(text) <= width) return text;
  std::size_t end = 0;
  for (std::size_t taken = 0; end < text.size() && taken + 1 < std::max<std::size_t>(width, 2); ++taken) {
    do ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);
  }
  return text.substr(0, end) + "\xE2\x80\xA6";
}

// Widths that hold every cell; the name and then the algorithm give way where that is too much.
std::vector<std::size_t> widths_of(const std::vector<Cells>& lines) {
  std::vector<std::size_t> widths(kTitles.size());
  for (const Cells& cells : lines) {
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], columns(cells[i]));
  }
  std::size_t all = 0;
  for (std::size_t i = 0; i < widths.size(); ++i) all += gap_before(i) + widths[i];
  for (const auto& [column, least] : {std::pair<std::size_t, std::size_t>{0, 12}, {3, 12}, {2, 12}}) {
    const std::size_t cut =
        std::min(all > kLineWidth ? all - kLineWidth : 0, widths[column] - std::min(least, widths[column]));
    widths[column] -= cut;
    all -= cut;
  }
  return widths;
}

std::string line_of(const Cells& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = columns(cells[i]) > widths[i] ? first_columns(cells[i], widths[i]) : cells[i];
    line += std::string(gap_before(i), ' ') + padded(cell, widths[i], i >= kTextColumns);
  }
  return line + "\n";
}

std::string peaks_text(const MeasuredPeaks& m) {
  return "measured peaks: arithmetic " + fixed_text(m.peaks.gflops, 1) + " GFLOP/s, memory " +
         fixed_text(m.peaks.gb_per_s, 1) + " GB/s (reading " + std::to_string(m.read_bytes >> 20) +
         " MiB); they meet at " + fixed_text(ridge(m.peaks), 1) + " FLOP a byte\n";
}

std::string sums_text(const Report& report) {
  const auto times = [](const Times& t) {
    return "min " + fixed_text(t.min, 3) + ", median " + fixed_text(t.median, 3) + ", p95 " + fixed_text(t.p95, 3);
  };
  const double flops = 2e9 * report.header.gmacs * report.header.batch;
  const double gflops = flops * 1e-6 / report.whole.min;
  return "sum of the layers' minima " + fixed_text(report.sum_of_minima, 3) + " ms, " +
         fixed_text(100 * report.sum_of_minima / report.whole.min, 1) + " % of the whole network's\n" +
         "layer by layer    " + times(report.pass) + " ms a batch\n" + "whole network     " + times(report.whole) +
         " ms a batch; min " + fixed_text(report.whole.min / report.header.batch, 3) + " ms an image, " +
         fixed_text(gflops, 1) + " GFLOP/s, " + fixed_text(100 * gflops / report.peaks.peaks.gflops, 1) +
         " % of peak\n";
}

}  // namespace

std::string to_table(const Report& report) {
  std::vector<Cells> lines{kTitles};
  double share = 0;
  for (const Row& row : report.rows) {
    lines.push_back(cells_of(row, report.header.batch));
    share += row.share;
  }
  const std::vector<std::size_t> widths = widths_of(lines);
  std::string text = header_text(report.header) + peaks_text(report.peaks) + "\n";
  for (const Cells& cells : lines) text += line_of(cells, widths);
  text += "\nrows shown: " + fixed_text(100 * share, 1) + " % of the time\n" + sums_text(report);
  text +=
      "Times in ms: one layer, the whole batch, within the running network; alone: by itself over and over, caches "
      "warm. "
      "MMAC an image.\nMB: weights once, activations of the batch. F/B, GFLOP/s and % by the minimum; arithmetic "
      "counted "
      "as the file's layers have it, though less may be done.\n";
  return text;
}

}  // namespace fovea::bench
