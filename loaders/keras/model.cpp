// load_keras: file, architecture and weights put together.
#include <fovea/keras.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <new>
#include <optional>
#include <utility>

#include "base/float_mode.h"
#include "base/load_scope.h"
#include "layers/registry.h"
#include "loaders/hdf5/file.h"
#include "loaders/keras/classes/foreign.h"
#include "loaders/keras/classes/replacements.h"
#include "loaders/keras/json/access.h"
#include "loaders/keras/json/json.h"
#include "loaders/keras/source.h"
#include "loaders/keras/weights/kernels.h"
#include "loaders/keras/weights/saved_state.h"
#include "loaders/keras/weights/weights.h"
#include "loaders/keras_model.h"
#include "loaders/printable.h"
#include "loaders/sha256.h"
#include "loaders/zip/archive.h"

namespace fovea {
namespace {

constexpr std::uint64_t kLargestJson = std::uint64_t{16} << 20;
constexpr std::uint64_t kLargestWeights = std::uint64_t{4} << 30;
constexpr const char* kConfig = "config.json";
constexpr const char* kMetadata = "metadata.json";
constexpr const char* kWeights = "model.weights.h5";

/// The group that holds one group per layer: `model_weights` of a full model, the root of a weights-only file.
hdf5::Group weights_group(const hdf5::File& file, const hdf5::Group& root) {
  const auto lists_layers = [](const hdf5::Group& group) {
    return group.has_attribute("layer_names") || group.has_attribute("layer_names0");
  };
  if (lists_layers(root)) return file.root();
  if (root.has_attribute("nb_layers")) file.fail("", "weights of Keras 0, which are not supported");
  if (!root.has("model_weights")) {
    file.fail("", "not a Keras file: it has neither 'model_weights' nor 'layer_names' nor 'layers'");
  }
  hdf5::Group group = root.group("model_weights");
  if (!lists_layers(group)) file.fail(group.place(), "has no 'layer_names'");
  return group;
}

/// True if Theano ran the model: it convolves with the kernel turned around. Keras 1 does not say which backend it ran
/// on, but TensorFlow's variables are named "W:0".
bool of_theano(const hdf5::Group& group, const keras::FileLayers& layers, bool keras_1) {
  if (group.has_attribute("backend")) return group.text("backend") == "theano";
  if (!keras_1) return false;
  for (const auto& layer : layers.listed) {
    for (const auto& weight : layer.weights) {
      if (weight.find(':') != std::string::npos) return false;
    }
  }
  return true;
}

/// What `options` put in the place of layers, which are marked.
keras::Replacements replacements_in(keras::ArchitectureSource& source, const std::string& path,
                                    const KerasOptions& options) {
  const keras::Replacements replacements(options);
  if (!replacements.empty() && source.channels_first)
    throw UnsupportedError(path + ": replacing layers of a model with channels first is not supported");
  replacements.mark(source.architecture);
  return replacements;
}

ModelDesc describe(keras::ArchitectureSource source, std::vector<std::vector<Weight>> weights,
                   const keras::Replacements& replacements) {
  ModelDesc desc;
  desc.name = source.architecture.name;
  desc.inputs = source.architecture.inputs;
  desc.outputs = source.architecture.outputs;
  for (std::size_t i = 0; i < source.architecture.nodes.size(); ++i) {
    if (const auto shared = source.architecture.nodes[i].shares) weights[i] = weights[*shared];
  }
  for (std::size_t i = 0; i < source.architecture.nodes.size(); ++i) {
    const keras::ConfigNode& node = source.architecture.nodes[i];
    desc.nodes.push_back(
        {LayerConfig(node.class_name, node.name, node.attributes, std::move(weights[i])), node.inputs});
  }
  replacements.apply(source.architecture, desc);
  desc.provenance.keras_version = source.keras_version;
  desc.provenance.layers = replacements.text();
  return desc;
}

/// The layers whose class is not known, for people; "" if all are.
std::string unknown_layers(const keras::Architecture& architecture) {
  const auto known = layer_classes();
  std::string all;
  for (const keras::ConfigNode& node : architecture.nodes) {
    if (std::ranges::binary_search(known, node.class_name)) continue;
    all += (all.empty() ? "'" : "; '") + printable(node.name) + "' (" + printable(node.class_name) + ")";
  }
  return all;
}

/// How to say what runs in place of the layers whose class is not known; "" if all are.
std::string way_out(const ModelDesc& desc) {
  constexpr std::size_t kMostNamed = 3;
  const auto known = layer_classes();
  std::vector<std::string> names;
  for (const NodeDesc& node : desc.nodes) {
    if (!std::ranges::binary_search(known, node.config.class_name())) names.push_back(node.config.name());
    if (names.size() == kMostNamed) break;
  }
  const std::string start = keras::replacement_to_start_from(names);
  return start.empty() ? "" : "; to say what runs in their place: --layers with a file of " + start;
}

/// What `read` reads. If it cannot and there are layers that are not known, they are why.
template <typename Read>
std::vector<std::vector<Weight>> read_or_name_unknown(const std::string& path, const keras::Architecture& architecture,
                                                      const Read& read) {
  try {
    return read();
  } catch (const Cancelled&) {
    throw;
  } catch (const Error&) {
    const auto unknown = unknown_layers(architecture);
    if (unknown.empty()) throw;
    throw UnsupportedError(path + ": unsupported: " + unknown);
  }
}

/// Keras before 3, and `.h5` files of Keras 3.
ModelDesc load_legacy(const ModelFile& from, const hdf5::File& file, const hdf5::Group& root,
                      const KerasOptions& options) {
  const hdf5::Group group = weights_group(file, root);
  const auto layers = keras::list_layers(group);
  keras::StoredSource stored{file.path(), "", std::nullopt, "model_config", {}};
  stored.has_neighbours = !from.image;
  for (const auto* owner : {&group, &root}) {
    if (owner->has_attribute("keras_version")) stored.keras_version = owner->text("keras_version");
  }
  if (root.has_attribute("model_config")) stored.config = root.text("model_config");
  for (const auto& layer : layers.listed) stored.layer_names.push_back(layer.name);
  auto source = keras::find_architecture(stored, options);
  const auto replacements = replacements_in(source, file.path(), options);
  auto weights = read_or_name_unknown(file.path(), source.architecture,
                                      [&] { return keras::read_weights(layers, group, source.architecture); });
  const bool theano = of_theano(group, layers, source.keras_1);
  keras::convert_kernels({source.keras_1, source.channels_first, theano}, source.architecture, weights);
  ModelDesc desc = describe(std::move(source), std::move(weights), replacements);
  desc.provenance.format = group.place().empty() ? "keras-h5-weights" : "keras-h5";
  return desc;
}

/// `.weights.h5` of Keras 3, or the like within an archive that has told `stored`.
ModelDesc load_saved_state(const hdf5::Group& root, keras::StoredSource stored, const KerasOptions& options) {
  for (const auto& [name, place] : keras::saved_places(root)) stored.layer_names.push_back(name);
  auto source = keras::find_architecture(stored, options);
  const auto replacements = replacements_in(source, root.file().path(), options);
  auto weights = read_or_name_unknown(root.file().path(), source.architecture,
                                      [&] { return keras::read_saved_state(root, source.architecture); });
  ModelDesc desc = describe(std::move(source), std::move(weights), replacements);
  desc.provenance.format = stored.config ? "keras" : "keras-weights-h5";
  return desc;
}

/// A `.keras` whose members are in `folder`: "" or "model/".
ModelDesc load_members(const zip::Archive& archive, const std::string& path, const std::string& folder,
                       const KerasOptions& options) {
  const std::string config = folder + kConfig, metadata_at = folder + kMetadata, weights = folder + kWeights;
  for (const char* other : {"model.weights.npz", "model.weights.json"}) {
    if (!archive.has(folder + other)) continue;
    archive.fail(folder + other, std::string("weights in this form are not supported, only model.weights.h5: load ") +
                                     "the model in Keras and save it again");
  }
  keras::StoredSource stored{path, "", archive.text(config, kLargestJson), config, {}};
  if (archive.has(metadata_at)) {
    const std::string place = path + ": " + metadata_at;
    const Attribute metadata = keras::parse_json(archive.text(metadata_at, kLargestJson), place);
    stored.keras_version = keras::text_at(keras::expect_object(metadata, place), "keras_version", place);
  }
  const hdf5::File file(archive.bytes(weights, kLargestWeights), path + ": " + weights);
  return load_saved_state(file.root(), std::move(stored), options);
}

ModelDesc load_archive(const ModelFile& file, const KerasOptions& options) {
  const std::string& path = file.name;
  const zip::Archive archive = file.image ? zip::Archive(*file.image, path) : zip::Archive(path);
  const auto folder = keras::model_folder(archive.names());
  if (!folder) {
    throw Error(path + ": a zip archive, but not a Keras model: it has no config.json" +
                keras::foreign_archive(archive.names()));
  }
  if (folder->empty()) return load_members(archive, path, *folder, options);
  const std::string advice = "; the archive holds a folder: zip what is in the folder instead";
  try {
    return load_members(archive, path, *folder, options);
  } catch (const UnsupportedError&) {
    throw;
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    throw Error(error.what() + advice);
  }
}

ModelDesc load_h5(const ModelFile& from, const KerasOptions& options) {
  const hdf5::File file = from.image ? hdf5::File(*from.image, from.name) : hdf5::File(from.name);
  const hdf5::Group root = file.root();
  const bool legacy = root.has_attribute("layer_names") || root.has("model_weights");
  if (legacy || !keras::is_saved_state(root)) return load_legacy(from, file, root, options);
  keras::StoredSource stored{from.name, "", std::nullopt, "", {}};
  stored.has_neighbours = !from.image;
  return load_saved_state(root, std::move(stored), options);
}

ModelDesc load(const ModelFile& file, const KerasOptions& options) {
  if (is_pack(file)) throw Error(file.name + ": a pack file, not one that Keras wrote");
  const auto kind = file.image ? keras::foreign_kind(*file.image, file.name) : keras::foreign_kind(file.name);
  if (kind) throw Error(file.name + ": " + *kind);
  std::optional<keras::FileHash> hash;
  std::error_code error;
  if (file.image) {
    hash.emplace(*file.image);
  } else if (std::filesystem::is_regular_file(file.name, error)) {
    hash.emplace(file.name);
  }
  const bool archive = file.image ? zip::is_archive(*file.image) : zip::is_archive(file.name);
  ModelDesc desc = archive ? load_archive(file, options) : load_h5(file, options);
  desc.provenance.file = file.name;
  if (hash) desc.provenance.sha256 = hash->get();
  desc.unsupported_help = way_out(desc);
  LoadScope::advance(1);
  return desc;
}

/// All that this thread does for it is as `with` says.
ModelDesc load_file(const ModelFile& file, const KerasOptions& options, const LoadOptions& with) {
  const FloatMode mode(FloatMode::Tiny::kept);
  const LoadScope scope(with);
  try {
    return load(file, options);
  } catch (const std::bad_alloc&) {
    throw OutOfMemoryError(file.name + ": not enough memory");
  }
}

/// What the host is told of a part of the work, from `begin` on.
std::function<void(double)> part_of(const std::function<void(double)>& progress, double begin, double size) {
  if (!progress) return nullptr;
  return [&progress, begin, size](double share) {
    if (share > 0 || begin == 0) progress(begin + size * share);  // where it begins was told
  };
}

}  // namespace

ModelDesc load_keras(const std::string& path, const KerasOptions& options, const LoadOptions& load) {
  return load_file({path, std::nullopt}, options, load);
}

ModelDesc load_keras(std::span<const std::byte> file, const std::string& name, const KerasOptions& options,
                     const LoadOptions& load) {
  return load_file(in_memory(file, name), options, load);
}

ModelDesc load_keras(std::istream& file, const std::string& name, const KerasOptions& options,
                     const LoadOptions& load) {
  return load_file(read_stream(file, name, load), options, load);
}

std::shared_ptr<const Model> load_keras_model(const ModelFile& file, const ModelOptions& options,
                                              const KerasOptions& keras) {
  constexpr double kReading = 0.5;  // about that share of the time
  LoadOptions reading = options.load;
  reading.progress = part_of(options.load.progress, 0, kReading);
  ModelDesc desc = load_file(file, keras, reading);
  try {
    ModelOptions checked = options;
    checked.check_finite = false;  // load_keras has done it
    checked.load.progress = part_of(options.load.progress, kReading, 1 - kReading);
    return Model::create(std::move(desc), checked);
  } catch (const Cancelled&) {
    throw;
  } catch (const OutOfMemoryError& error) {
    throw OutOfMemoryError(file.name + ": " + error.what());
  } catch (const UnsupportedError& error) {
    throw UnsupportedError(file.name + ": " + one_line(error.what()));  // names are the file's
  } catch (const Error& error) {
    throw Error(file.name + ": " + one_line(error.what()));
  }
}

}  // namespace fovea
