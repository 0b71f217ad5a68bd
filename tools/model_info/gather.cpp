// Joins a file's layers with what the engine made of them.
#include <map>
#include <utility>

#include <fovea/error.h>
#include "tools/model_info/report.h"

namespace fovea::tools {
namespace {

/// A file's layers when there is no Model to tell.
std::vector<FileLayer> plain_layers(const ModelDesc& desc) {
  std::vector<FileLayer> layers;
  for (const NodeDesc& node : desc.nodes) {
    layers.push_back({node.config.name(), node.config.class_name(), node.inputs, {}, 0});
    for (const Weight& weight : node.config.weights()) layers.back().parameters += weight.elements();
  }
  return layers;
}

struct Fate {
  std::int64_t macs = 0;
  std::string made, because;
};

std::map<std::string, Fate> fates(const Model& model) {
  std::map<std::string, Fate> all;
  for (const LayerReport& report : model.layers()) {
    for (const std::string& name : report.absorbed) {
      if (name != report.name) all[name].made = "part of " + report.name;
    }
  }
  for (const LayerReport& report : model.layers()) {
    Fate& fate = all[report.name];
    fate.macs += report.macs;
    if (!report.kernel.empty()) fate.made += (fate.made.empty() ? "" : ", ") + report.kernel;
    fate.because = report.reason;
  }
  return all;
}

std::vector<End> ends(const std::vector<std::string>& names) {
  std::vector<End> all;
  for (const std::string& name : names) all.push_back({name, {}});
  return all;
}

}  // namespace

ModelInfo gather(ModelDesc desc, const ModelOptions& options) {
  ModelInfo info;
  const std::string file = desc.provenance.file;
  info.provenance = desc.provenance;
  info.name = desc.name;
  info.inputs = ends(desc.inputs);
  info.outputs = ends(desc.outputs);
  std::vector<FileLayer> layers = plain_layers(desc);
  std::map<std::string, Fate> made;
  try {
    info.model = Model::create(std::move(desc), options);
    layers = info.model->file_layers();
    made = fates(*info.model);
    for (std::size_t i = 0; i < info.inputs.size(); ++i) {
      info.inputs[i].shape = info.model->input_shape(static_cast<int>(i));
    }
    for (std::size_t i = 0; i < info.outputs.size(); ++i) {
      info.outputs[i].shape = info.model->output_shape(static_cast<int>(i));
    }
  } catch (const UnsupportedError& error) {
    info.unsupported = error.what();
  } catch (const Error& error) {
    throw Error(file + ": " + error.what());
  }
  for (FileLayer& layer : layers) {
    const Fate& fate = made[layer.name];
    info.parameters += layer.parameters;
    info.rows.push_back({std::move(layer), fate.macs, fate.made, fate.because});
  }
  return info;
}

}  // namespace fovea::tools
