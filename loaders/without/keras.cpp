// What stands for the reader of Keras' files in a library that is built without it (FOVEA_LOADERS).
#include <fovea/keras.h>

#include <fovea/error.h>
#include "loaders/keras_model.h"

namespace fovea {

namespace {

[[noreturn]] void refuse(const std::string& name) {
  throw Error(name + ": this libfovea was built without its reader of Keras' files (FOVEA_LOADERS)");
}

}  // namespace

ModelDesc load_keras(const std::string& path, const KerasOptions&, const LoadOptions&) { refuse(path); }

ModelDesc load_keras(std::span<const std::byte>, const std::string& name, const KerasOptions&, const LoadOptions&) {
  refuse(name);
}

ModelDesc load_keras(std::istream&, const std::string& name, const KerasOptions&, const LoadOptions&) { refuse(name); }

std::shared_ptr<const Model> load_keras_model(const ModelFile& file, const ModelOptions&, const KerasOptions&) {
  refuse(file.name);
}

}  // namespace fovea
