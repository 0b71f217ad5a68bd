// The same for programs.
#include <nlohmann/json.hpp>

#include <fovea/model_info.h>

namespace fovea {

using Json = nlohmann::ordered_json;

namespace {

/// Behind an unsupported layer shapes are not known.
Json shape_json(const Shape& shape) { return shape != Shape() ? Json(shape.dims()) : Json(); }

Json ends_json(const std::vector<EndInfo>& ends) {
  Json all = Json::array();
  for (const EndInfo& end : ends) all.push_back({{"name", end.name}, {"shape", shape_json(end.shape)}});
  return all;
}

}  // namespace

std::string model_info_json(const ModelInfo& info) {
  const Provenance& from = info.provenance;
  Json layers = Json::array();
  for (const LayerInfo& row : info.layers) {
    layers.push_back({{"name", row.layer.name},
                      {"class", row.layer.class_name},
                      {"inputs", row.layer.inputs},
                      {"output", shape_json(row.layer.output)},
                      {"parameters", row.layer.parameters},
                      {"macs", row.macs},
                      {"made", row.made},
                      {"because", row.because}});
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
            {"macs", info.macs}};
  if (info.pack) {
    Json packed = Json::array();
    for (const PackInfo::Set& set : info.pack->sets) {
      packed.push_back({{"isa", set.isa}, {"arithmetic", set.arithmetic}, {"bytes", set.bytes}});
    }
    json["packed"] = std::move(packed);
    json["card"] = info.pack->card;
    json["verified"] = info.pack->verified;
  }
  if (info.model == nullptr) {
    json["unsupported"] = info.unsupported;
  } else {
    json["weight_bytes"] = info.weight_bytes;
    json["activation_bytes"] = info.model->activation_bytes();
    json["steps"] = info.model->layers().size();
    json["isa"] = info.model->isa();
  }
  // Names in a file may be no UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fovea
