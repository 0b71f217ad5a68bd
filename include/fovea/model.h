// A network ready to run, made of a description that a loader read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fovea/arithmetic.h>
#include <fovea/error.h>
#include <fovea/export.h>
#include <fovea/load_options.h>
#include <fovea/model_desc.h>
#include <fovea/shape.h>

namespace fovea {

struct ModelOptions {
  std::string isa = "";      ///< "" = environment FOVEA_ISA, or the best available; an unknown name is an Error
  bool check_finite = true;  ///< refuse NaN and infinity in weights
  Arithmetic arithmetic = Arithmetic::fast;
  bool resizable = false;  ///< keep the weights as the file has them, for `resized`: that much more memory
  LoadOptions load = {};   ///< threads, memory, progress and cancelling of the load
};

/// What a Model made of one layer of the file, for `model-info` and profiles.
struct LayerReport {
  std::string name, class_name;
  std::vector<std::string> absorbed;  ///< names of layers folded into or fused with this one
  std::string kernel;                 ///< "avx512/conv_f32_c16 14x32", empty for none
  std::string reason;                 ///< why this kernel, where there is a choice
  std::vector<Shape> inputs;
  Shape output;
  std::int64_t macs = 0;          ///< multiply-accumulates of one image, as the file has the layer and those it runs
  std::int64_t weight_bytes = 0;  ///< packed weights, read once a run
};

/// One layer as the file has it, whatever the Model made of it.
struct FileLayer {
  std::string name, class_name;
  std::vector<std::string> inputs;  ///< names of the layers it reads
  Shape output;
  std::int64_t parameters = 0;
};

/// A network ready to run: optimised graph, packed weights, memory plan. Immutable; any number of sessions in any
/// number of threads may share one.
class FOVEA_API Model {
 public:
  /// Builds, optimises and packs. Throws Error (UnsupportedError listing all unsupported layers at once).
  static std::shared_ptr<const Model> create(ModelDesc desc, const ModelOptions& options = {});
  ~Model();

  /// The same network for inputs of other sizes, one shape for each input: what `create` makes of the same description
  /// with these shapes, to the bit. Takes as long as packing the weights; no file is read. Throws Error if the model is
  /// not resizable (ModelOptions), or a layer cannot take what comes of these sizes.
  std::shared_ptr<const Model> resized(const std::vector<Shape>& inputs) const;

  /// The inputs and outputs in the file's order, by the names of their layers. Most models have one of each; with
  /// several, `index` says which. Throws Error if there is none of that number.
  const std::vector<std::string>& input_names() const;
  const std::vector<std::string>& output_names() const;
  /// The number of the input or output of that name, the first one of it. Throws Error that lists the names.
  int input_index(std::string_view name) const;
  int output_index(std::string_view name) const;
  const Shape& input_shape(int index = 0) const;   ///< {H, W, C} of one image
  const Shape& output_shape(int index = 0) const;  ///< of one image, e.g. {5}
  const Provenance& provenance() const;
  const std::string& name() const;
  const std::string& isa() const;
  Arithmetic arithmetic() const;
  std::int64_t parameters() const;  ///< number of weights in the file, BN statistics included
  const std::vector<LayerReport>& layers() const;
  const std::vector<FileLayer>& file_layers() const;  ///< in the file's order
  std::int64_t activation_bytes() const;              ///< all activations of one image, as a session plans them

 private:
  friend class Session;
  friend class GradCam;
  friend struct ModelMaker;
  struct Impl;
  explicit Model(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace fovea
