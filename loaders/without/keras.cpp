// What stands for the reader of Keras' files in a library that is built without it (FOVEA_LOADERS).
#include <fovea/keras.h>

#include <fovea/error.h>

namespace fovea {

ModelDesc load_keras(const std::string& path, const KerasOptions&) {
  throw Error(path + ": this libfovea was built without its reader of Keras' files (FOVEA_LOADERS)");
}

std::shared_ptr<const Model> load_model(const std::string& path, const ModelOptions& options,
                                        const KerasOptions& keras) {
  return Model::create(load_keras(path, keras), options);
}

}  // namespace fovea
