// Reads what Keras wrote into a ModelDesc, and model files of any kind into a Model. Knows Keras' file formats and
// JSON, and no layer by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>

#include <fovea/load_options.h>
#include <fovea/session.h>

namespace fovea {

/// How to read a file that does not say everything itself.
struct KerasOptions {
  std::string config_file =
      "";  ///< architecture JSON for a weights-only file; "" = FILE's name with .json, if it is a Keras config
  std::string architecture = "";  ///< or a built-in architecture by name: "resnet50", "resnet50-notop"
  /// Size of the input where the model leaves it open (None in Keras); 0 = not given. The length of rows is a width.
  std::int64_t input_height = 0, input_width = 0;
  std::string layers_file =
      "";  ///< JSON that says what to run in place of layers, by their names (docs/layers.md); "" = none
  /// The same as the two files, as text: for programs that have no files. One of each pair at most.
  std::string config_json = "", layers_json = "";
};

/// Loads what Keras wrote, told apart by content: a `.keras` archive, a legacy `.h5` (a full model, or weights only
/// with an architecture given by `options`), or a `.weights.h5` of Keras 3 (with an architecture as well).
/// `training_config` and `optimizer_weights` are never read. Every tensor must be present, of the right shape and
/// finite. Throws Error: one line that names the file, the place and the reason.
FOVEA_API ModelDesc load_keras(const std::string& path, const KerasOptions& options = {}, const LoadOptions& load = {});
/// The same for a file in memory, called `name` in messages and records; the bytes are needed during the call only. No
/// file is looked for beside it.
FOVEA_API ModelDesc load_keras(std::span<const std::byte> file, const std::string& name,
                               const KerasOptions& options = {}, const LoadOptions& load = {});
/// The same for what a stream still holds, read to its end; LoadOptions::most_stream_bytes bounds it.
FOVEA_API ModelDesc load_keras(std::istream& file, const std::string& name, const KerasOptions& options = {},
                               const LoadOptions& load = {});

/// load_keras and Model::create in one call; `options.load` holds for both. A pack file (fovea/pack.h) is told apart by
/// its content and taken as well: it holds its network, so of `keras` only the size of the input may be given, which is
/// the file's already. The bytes of one in memory are copied.
FOVEA_API std::shared_ptr<const Model> load_model(const std::string& path, const ModelOptions& options = {},
                                                  const KerasOptions& keras = {});
FOVEA_API std::shared_ptr<const Model> load_model(std::span<const std::byte> file, const std::string& name,
                                                  const ModelOptions& options = {}, const KerasOptions& keras = {});
FOVEA_API std::shared_ptr<const Model> load_model(std::istream& file, const std::string& name,
                                                  const ModelOptions& options = {}, const KerasOptions& keras = {});

}  // namespace fovea
