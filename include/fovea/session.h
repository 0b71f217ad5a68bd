// Runs a Model: any number of sessions may share one.
#pragma once

#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include <fovea/cancel.h>
#include <fovea/executor.h>
#include <fovea/export.h>
#include <fovea/model.h>

namespace fovea {

/// How the dimensions of an array follow each other: channels last, as fovea has them, or before the rows. Arrays of
/// fewer dimensions likewise: NWC and NCW, NC.
enum class DataLayout { nhwc, nchw };

struct SessionOptions {
  int max_batch = 1;  ///< largest number of images in one run
  int threads = 0;    ///< 0 = those of the executor, or allowed_threads(); with OpenMP no more than its own setting
  bool keep_last_convolution =
      false;  ///< keep what GradCam (include/fovea/grad_cam.h) reads; costs that memory, no bits
  Threading threading = Threading::automatic;    ///< nothing said of this and the next: as the model was loaded
  std::shared_ptr<Executor> executor = nullptr;  ///< the host's threads, in place of `threading`; may be shared
  /// Where all activations are put; nullptr = the system's memory, in huge pages. It must outlive the session. If it
  /// has no more, that is an Error.
  std::pmr::memory_resource* memory = nullptr;
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
  /// The same of the input that is called `name` (Model::input_names); throws Error if none is.
  std::span<float> input(std::string_view name, int i = 0);
  /// Writes the inputs of the first `batch` images from one array. Throws Error if it is not as large as they are.
  void set_input(std::span<const float> values, DataLayout layout = DataLayout::nhwc, int batch = 1, int index = 0);
  /// Writes the results of the first `batch` images of the last run into one array of their size.
  void get_output(std::span<float> values, DataLayout layout = DataLayout::nhwc, int batch = 1, int index = 0) const;

  /// Runs the first `batch` images. Throws Cancelled once `cancel` is cancelled, and Error if the executor breaks its
  /// promise; then there are no results, and the session runs again as if nothing had been.
  void run(int batch = 1, const CancelToken& cancel = {});
  /// Runs layer `index` of Model::layers() alone on whatever its inputs hold: for profiles and benchmarks. All layers
  /// in order are the same as `run`.
  void run_layer(std::size_t index, int batch = 1);
  /// Result of image `i` of the last run, [elements] contiguous, valid until the next run; `index` as for the inputs.
  std::span<const float> output(int i = 0, int index = 0) const;
  std::span<const float> output(std::string_view name, int i = 0) const;

 private:
  friend class GradCam;
  struct Impl;
  Impl& impl() const;  // throws Error after a move
  std::unique_ptr<Impl> impl_;
};

}  // namespace fovea
