// Joins a file's layers with what the engine made of them.
#include <fovea/model_info.h>

#include <map>
#include <utility>

#include <fovea/error.h>

namespace fovea {
namespace {

/// A file's layers when there is no Model to tell.
std::vector<LayerInfo> plain_layers(const ModelDesc& desc) {
  std::vector<LayerInfo> layers;
  for (const NodeDesc& node : desc.nodes) {
    FileLayer layer{node.config.name(), node.config.class_name(), node.inputs, {}, 0};
    for (const Weight& weight : node.config.weights()) layer.parameters += weight.elements();
    layers.push_back({std::move(layer), 0, "", ""});
  }
  return layers;
}

std::vector<LayerInfo> layers_of(const Model& model) {
  std::map<std::string, LayerInfo> fates;
  for (const LayerReport& report : model.layers()) {
    for (const std::string& name : report.absorbed) {
      if (name != report.name) fates[name].made = "part of " + report.name;
    }
  }
  for (const LayerReport& report : model.layers()) {
    LayerInfo& fate = fates[report.name];
    fate.macs += report.macs;
    if (!report.kernel.empty()) fate.made += (fate.made.empty() ? "" : ", ") + report.kernel;
    fate.because = report.reason;
  }
  std::vector<LayerInfo> layers;
  for (const FileLayer& layer : model.file_layers()) {
    const LayerInfo& fate = fates[layer.name];
    layers.push_back({layer, fate.macs, fate.made, fate.because});
  }
  return layers;
}

/// `shape_of` is asked for the shape of each number.
template <typename ShapeOf>
std::vector<EndInfo> ends(const std::vector<std::string>& names, const ShapeOf& shape_of) {
  std::vector<EndInfo> all;
  for (const std::string& name : names) all.push_back({name, shape_of(static_cast<int>(all.size()))});
  return all;
}

/// What is known without a model.
ModelInfo plain_info(const ModelDesc& desc) {
  const auto unknown = [](int) { return Shape(); };
  ModelInfo info;
  info.provenance = desc.provenance;
  info.name = desc.name;
  info.inputs = ends(desc.inputs, unknown);
  info.outputs = ends(desc.outputs, unknown);
  info.layers = plain_layers(desc);
  for (const LayerInfo& row : info.layers) info.parameters += row.layer.parameters;
  return info;
}

}  // namespace

ModelInfo model_info(std::shared_ptr<const Model> model) {
  if (!model) throw Error("there is no model to tell of");
  ModelInfo info;
  info.provenance = model->provenance();
  info.name = model->name();
  info.inputs = ends(model->input_names(), [&](int i) { return model->input_shape(i); });
  info.outputs = ends(model->output_names(), [&](int i) { return model->output_shape(i); });
  info.layers = layers_of(*model);
  info.parameters = model->parameters();
  for (const LayerInfo& row : info.layers) info.macs += row.macs;
  for (const LayerReport& report : model->layers()) info.weight_bytes += report.weight_bytes;
  info.model = std::move(model);
  return info;
}

ModelInfo model_info(ModelDesc desc, const ModelOptions& options) {
  ModelInfo plain = plain_info(desc);
  try {
    return model_info(Model::create(std::move(desc), options));
  } catch (const UnsupportedError& error) {
    plain.unsupported = error.what();
  } catch (const Error& error) {
    throw Error(plain.provenance.file + ": " + error.what());
  }
  return plain;
}

}  // namespace fovea
