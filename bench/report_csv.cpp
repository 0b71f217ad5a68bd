// A report as CSV, numbers with all their digits.
#include <array>
#include <charconv>

#include "bench/report.h"
#include "text/csv.h"

namespace fovea::bench {

namespace {

// Shortest text that reads back as the same double.
std::string digits(double value) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), error == std::errc() ? end : buffer.data());
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " ") + part;
  return text;
}

std::string inputs_of(const LayerReport& layer) {
  std::vector<std::string> parts;
  for (const Shape& shape : layer.inputs) parts.push_back(shape.str());
  return joined(parts);
}

std::string row_csv(const Row& row) {
  return tools::csv_line({joined(row.names), std::to_string(row.names.size()), row.layer.class_name, row.kind,
                          inputs_of(row.layer), row.layer.output.str(), row.layer.kernel,
                          std::to_string(row.layer.macs), digits(row.work.bytes), digits(intensity(row.work)),
                          digits(row.times.min), digits(row.times.median), digits(row.times.p95), digits(row.alone.min),
                          digits(row.efficiency.gflops), digits(row.efficiency.percent_of_peak),
                          digits(row.efficiency.percent_of_roofline), digits(100 * row.share)});
}

}  // namespace

std::string to_csv(const Report& report) {
  std::string text = tools::csv_line({"names", "count", "class", "kind", "inputs", "output", "algorithm", "macs",
                                      "bytes", "intensity", "ms_min", "ms_median", "ms_p95", "alone_ms_min", "gflops",
                                      "percent_of_peak", "percent_of_roofline", "percent_of_time"});
  for (const Row& row : report.rows) text += row_csv(row);
  return text;
}

}  // namespace fovea::bench
