// load_keras: file, architecture and weights put together.
#include "loaders/keras/model.h"

#include <cstdlib>
#include <new>

#include "loaders/hdf5/file.h"
#include "loaders/keras/sha256.h"
#include "loaders/keras/source.h"
#include "loaders/keras/weights.h"

namespace fovea {
namespace {

/// The group that holds one group per layer: `model_weights` of a full model, the root of a weights-only file.
hdf5::Group weights_group(const hdf5::File& file, const hdf5::Group& root) {
  const auto lists_layers = [](const hdf5::Group& group) {
    return group.has_attribute("layer_names") || group.has_attribute("layer_names0");
  };
  if (lists_layers(root)) return file.root();
  if (!root.has("model_weights")) {
    file.fail("", root.has("layers") ? "a Keras 3 .weights.h5 file; only the older Keras .h5 format can be read"
                                     : "not a Keras .h5 file: it has neither 'model_weights' nor 'layer_names'");
  }
  hdf5::Group group = root.group("model_weights");
  if (!lists_layers(group)) file.fail(group.place(), "has no 'layer_names'");
  return group;
}

/// Theano flips its kernels; loading them as they are would give wrong answers.
void check_backend(const hdf5::File& file, const hdf5::Group& group) {
  if (group.has_attribute("backend") && group.text("backend") == "theano") {
    file.fail(group.place(), "the weights were saved with the Theano backend, which is not supported");
  }
}

ModelDesc load(const std::string& path, const KerasOptions& options) {
  const hdf5::File file(path);
  keras::FileHash hash(path);
  const hdf5::Group root = file.root();
  const hdf5::Group group = weights_group(file, root);
  check_backend(file, group);
  const auto layers = keras::list_layers(group);
  const auto source = keras::find_architecture(root, group, layers.listed, options);
  auto weights = keras::read_weights(layers, group, source.architecture);

  ModelDesc desc;
  desc.name = source.architecture.name;
  desc.inputs = source.architecture.inputs;
  desc.outputs = source.architecture.outputs;
  for (std::size_t i = 0; i < source.architecture.nodes.size(); ++i) {
    const keras::ConfigNode& node = source.architecture.nodes[i];
    desc.nodes.push_back(
        {LayerConfig(node.class_name, node.name, node.attributes, std::move(weights[i])), node.inputs});
  }
  desc.provenance = {path, hash.get(), group.place().empty() ? "keras-h5-weights" : "keras-h5", source.keras_version};
  return desc;
}

}  // namespace

ModelDesc load_keras(const std::string& path, const KerasOptions& options) {
  try {
    return load(path, options);
  } catch (const std::bad_alloc&) {
    throw Error(path + ": not enough memory");
  }
}

std::shared_ptr<const Model> load_model(const std::string& path, const ModelOptions& options,
                                        const KerasOptions& keras) {
  ModelDesc desc = load_keras(path, keras);
  try {
    ModelOptions checked = options;
    checked.check_finite = false;  // load_keras has done it
    return Model::create(std::move(desc), checked);
  } catch (const UnsupportedError& error) {
    throw UnsupportedError(path + ": " + error.what());
  } catch (const Error& error) {
    throw Error(path + ": " + error.what());
  }
}

}  // namespace fovea
