// All that a user of the engine includes: load a model description into a Model, run it in a Session.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/model_desc.h"
#include "layers/arithmetic.h"
#include "layers/error.h"
#include "layers/export.h"
#include "layers/shape.h"

namespace fovea {

/// "0.1.0"
FOVEA_API const char* version() noexcept;

/// Instruction sets built in and usable on this machine, best first ("avx512", "avx2", "portable").
FOVEA_API std::vector<std::string> available_isas();

/// Threads this process may use: CPU affinity and the cgroup's quota, at least 1.
FOVEA_API int allowed_threads() noexcept;

struct ModelOptions {
  std::string isa;           ///< "" = environment FOVEA_ISA, or the best available; an unknown name is an Error
  bool check_finite = true;  ///< refuse NaN and infinity in weights
  Arithmetic arithmetic = Arithmetic::fast;
  bool resizable = false;  ///< keep the weights as the file has them, for `resized`: that much more memory
};

/// What a Model made of one layer of the file, for `model-info` and profiles.
struct LayerReport {
  std::string name, class_name;
  std::vector<std::string> absorbed;  ///< names of layers folded into or fused with this one
  std::string kernel;                 ///< "avx512/conv_f32_c16 14x32", empty for none
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
  struct Impl;
  explicit Model(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

struct SessionOptions {
  int max_batch = 1;                   ///< largest number of images in one run
  int threads = 0;                     ///< 0 = allowed_threads()
  bool keep_last_convolution = false;  ///< keep what GradCam (engine/grad_cam.h) reads; costs that memory, no bits
};

/// One stream of inferences over a shared Model, with its own buffers. Used by one thread at a time.
/// `run` allocates nothing and gives the same bits for any number of threads and any batch. In a process made by `fork`
/// a session that was not running goes on with the caller's thread alone, to the same bits. One that was moved from
/// throws Error whatever it is asked; it may be assigned to and destroyed.
class FOVEA_API Session {
 public:
  /// Throws Error without a model, for options out of range, and where there is no memory or no thread to be had.
  explicit Session(std::shared_ptr<const Model> model, const SessionOptions& options = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  const Model& model() const;
  int max_batch() const;
  int threads() const;

  /// Goes on with a model of its own for inputs of other sizes (Model::resized), planned anew. What `input` and
  /// `output` returned before is no longer valid, nor is `model()`, unless someone else holds it; a GradCam is made
  /// anew. Until it is done both models and all buffers are in memory. Sessions that are to share a model of the new
  /// size are better made of `Model::resized`. Nothing is done if the sizes are those it has; an Error leaves the
  /// session as it was.
  void resize(const std::vector<Shape>& inputs);

  /// Where image `i` of the next run is written: float32, [H][W][C] contiguous, owned by the session. Of a model with
  /// several inputs, `index` says which: all of them are written before each run. A run leaves them as they are.
  std::span<float> input(int i = 0, int index = 0);
  /// Runs the first `batch` images.
  void run(int batch = 1);
  /// Runs layer `index` of Model::layers() alone on whatever its inputs hold: for profiles and benchmarks. All layers
  /// in order are the same as `run`.
  void run_layer(std::size_t index, int batch = 1);
  /// Result of image `i` of the last run, [elements] contiguous, valid until the next run; `index` as for the inputs.
  std::span<const float> output(int i = 0, int index = 0) const;

 private:
  friend class GradCam;
  struct Impl;
  Impl& impl() const;  // throws Error after a move
  std::unique_ptr<Impl> impl_;
};

}  // namespace fovea
