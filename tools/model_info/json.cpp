// The same for programs.
#include <nlohmann/json.hpp>

#include "tools/model_info/report.h"

namespace fovea::tools {

using Json = nlohmann::ordered_json;

namespace {

/// Behind an unsupported layer shapes are not known.
Json shape_json(const Shape& shape) { return shape != Shape() ? Json(shape.dims()) : Json(); }

Json ends_json(const std::vector<End>& ends) {
  Json all = Json::array();
  for (const End& end : ends) all.push_back({{"name", end.name}, {"shape", shape_json(end.shape)}});
  return all;
}

}  // namespace

std::string info_json(const ModelInfo& info) {
  const Provenance& from = info.provenance;
  Json layers = Json::array();
  std::int64_t macs = 0;
  for (const LayerRow& row : info.rows) {
    layers.push_back({{"name", row.layer.name},
                      {"class", row.layer.class_name},
                      {"inputs", row.layer.inputs},
                      {"output", shape_json(row.layer.output)},
                      {"parameters", row.layer.parameters},
                      {"macs", row.macs},
                      {"made", row.made},
                      {"because", row.because}});
    macs += row.macs;
  }
  Json json{{"file", from.file},
            {"format", from.format},
            {"keras_version", from.keras_version},
            {"sha256", from.sha256},
            {"name", info.name},
            {"inputs", ends_json(info.inputs)},
            {"outputs", ends_json(info.outputs)},
            {"layers", std::move(layers)},
            {"parameters", info.parameters},
            {"macs", macs}};
  if (info.model == nullptr) {
    json["unsupported"] = info.unsupported;
  } else {
    std::int64_t packed = 0;
    for (const LayerReport& report : info.model->layers()) packed += report.weight_bytes;
    json["weight_bytes"] = packed;
    json["activation_bytes"] = info.model->activation_bytes();
    json["steps"] = info.model->layers().size();
    json["isa"] = info.model->isa();
  }
  // Names in a file may be no UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fovea::tools
