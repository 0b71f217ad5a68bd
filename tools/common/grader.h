// The pipeline of a batch: images are read and prepared in parallel, run through the network in batches, and come out
// in the order of the list.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/fovea.h"
#include "loaders/card/card.h"
#include "tools/common/input_list.h"

namespace fovea::tools {

struct GraderOptions {
  int threads = 1;                ///< never more at a time: preparing and inferring alternate
  int batch = 1;                  ///< images in one run of the network
  int views = 1;                  ///< of each image, averaged (tools/common/views.h)
  std::string save_preprocessed;  ///< folder for what the network saw, one PNG an image; "" = none
};

/// What became of one image.
struct Graded {
  std::string error;  ///< why it has no grade, empty if it has one; the path is not repeated
  int grade = 0;
  std::vector<float> outputs;  ///< of the network, the mean over the views
  std::string note;            ///< what a reader of the result should know
};

/// Results do not depend on `threads` or `batch`, not even in their last bit. The memory in use is bounded by
/// `threads` full-size images and a few prepared ones per thread.
class Grader {
 public:
  /// Throws Error if model, card and options do not fit together.
  Grader(std::shared_ptr<const Model> model, const ModelCard& card, const GraderOptions& options);

  /// Calls sink(index, result) for each item, in order, on the calling thread, until `stop` is set. What is wrong with
  /// one image is its result's error; a preprocessed image that cannot be saved is an Error.
  void run(const std::vector<InputItem>& items, const std::function<void(std::size_t, const Graded&)>& sink,
           const std::atomic<bool>& stop);

 private:
  struct Prepared;
  Prepared prepare(const InputItem& item) const;
  void infer(std::vector<Prepared>& chunk, const std::function<void(std::size_t)>& done, const std::atomic<bool>& stop);
  Graded grade(const Prepared& prepared) const;

  std::shared_ptr<const Model> model_;
  const ModelCard& card_;
  GraderOptions options_;
  Session session_;
};

/// Calls work(0) ... work(count - 1) on up to `threads` threads, the calling one among them. `work` must not throw.
void for_each_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

/// The smallest side in pixels that a picture must have: below it there is nothing to be seen on a retina.
inline constexpr int kMinSide = 16;

}  // namespace fovea::tools
