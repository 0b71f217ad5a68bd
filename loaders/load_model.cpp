// A model file of any kind, told apart by its content.
#include <algorithm>
#include <new>
#include <optional>
#include <span>

#include <fovea/error.h>
#include <fovea/pack.h>
#include "base/load_scope.h"
#include "loaders/keras_model.h"

namespace fovea {

namespace {

void refuse_keras_options(const std::string& name, const KerasOptions& keras) {
  for (const std::string* text :
       {&keras.config_file, &keras.architecture, &keras.layers_file, &keras.config_json, &keras.layers_json}) {
    if (text->empty()) continue;
    throw Error(name + ": a pack file holds its network; architecture, configuration and layers go with Keras files");
  }
}

/// A copy that the model keeps.
std::shared_ptr<const std::byte[]> kept(const Bytes& bytes) {
  AlignedBytes copy(static_cast<std::int64_t>(bytes.size));
  std::copy_n(reinterpret_cast<const std::byte*>(bytes.data.get()), bytes.size, copy.data());
  return std::move(copy).share();
}

std::shared_ptr<const Model> load_any(const ModelFile& file, const ModelOptions& options, const KerasOptions& keras) {
  if (!is_pack(file)) return load_keras_model(file, options, keras);
  refuse_keras_options(file.name, keras);
  if (!file.image) return PackFile(file.name).model(options);
  std::shared_ptr<const std::byte[]> bytes;
  try {
    const MemoryScope memory(options.load.memory);
    bytes = kept(*file.image);
  } catch (const std::bad_alloc&) {
    throw OutOfMemoryError(file.name + ": not enough memory");
  }
  return PackFile(std::move(bytes), file.image->size, file.name).model(options);
}

}  // namespace

std::shared_ptr<const Model> load_model(const std::string& path, const ModelOptions& options,
                                        const KerasOptions& keras) {
  return load_any({path, std::nullopt}, options, keras);
}

std::shared_ptr<const Model> load_model(std::span<const std::byte> file, const std::string& name,
                                        const ModelOptions& options, const KerasOptions& keras) {
  return load_any(in_memory(file, name), options, keras);
}

std::shared_ptr<const Model> load_model(std::istream& file, const std::string& name, const ModelOptions& options,
                                        const KerasOptions& keras) {
  return load_any(read_stream(file, name, options.load), options, keras);
}

}  // namespace fovea
