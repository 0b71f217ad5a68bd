// A report as JSON.
#include <nlohmann/json.hpp>

#include "bench/report.h"

namespace fovea::bench {

namespace {

nlohmann::json times_json(const Times& times) {
  return {{"min", times.min}, {"median", times.median}, {"p95", times.p95}};
}

nlohmann::json row_json(const Row& row) {
  nlohmann::json inputs = nlohmann::json::array();
  for (const Shape& shape : row.layer.inputs) inputs.push_back(shape.dims());
  return {{"names", row.names},
          {"count", row.names.size()},
          {"class", row.layer.class_name},
          {"kind", row.kind},
          {"absorbed", row.layer.absorbed},
          {"inputs", inputs},
          {"output", row.layer.output.dims()},
          {"algorithm", row.layer.kernel},
          {"macs", row.layer.macs},
          {"weight_bytes", row.layer.weight_bytes},
          {"bytes", row.work.bytes},
          {"intensity", intensity(row.work)},
          {"ms", times_json(row.times)},
          {"alone_ms", times_json(row.alone)},
          {"gflops", row.efficiency.gflops},
          {"percent_of_peak", row.efficiency.percent_of_peak},
          {"percent_of_roofline", row.efficiency.percent_of_roofline},
          {"percent_of_time", 100 * row.share}};
}

}  // namespace

std::string to_json(const Report& report) {
  nlohmann::json json = header_json(report.header);
  json["peak_gflops"] = report.peaks.peaks.gflops;
  json["peak_read_gb_per_s"] = report.peaks.peaks.gb_per_s;
  json["peak_read_bytes"] = report.peaks.read_bytes;
  json["ms_per_image_min"] = report.whole.min / report.header.batch;
  json["ms_per_image_median"] = report.whole.median / report.header.batch;
  json["whole_ms"] = times_json(report.whole);
  json["layer_by_layer_ms"] = times_json(report.pass);
  json["sum_of_layer_minima_ms"] = report.sum_of_minima;
  json["layers"] = nlohmann::json::array();
  for (const Row& row : report.rows) json["layers"].push_back(row_json(row));
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace fovea::bench
