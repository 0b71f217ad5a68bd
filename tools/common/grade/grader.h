// The pipeline of a batch: each worker reads, prepares and infers images of its own; results come out in the order of
// the list.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fovea/card.h>
#include <fovea/session.h>
#include "grading/pipeline/pipeline.h"
#include "tools/common/input/input_list.h"

namespace fovea::tools {

struct GraderOptions {
  int threads = 1;                ///< at work at a time, for everything together
  int batch = 1;                  ///< images in one run of the network
  int views = 1;                  ///< of each image, averaged (grading/pipeline/views.h)
  std::string save_preprocessed;  ///< folder for what the network saw, one PNG an image; "" = none
  bool fast_decode = false;       ///< reduce JPEGs while decoding them (pictures/decode/reduced.h): other pixels
  bool accept_damaged = false;    ///< grade what is left of pictures that lost pixels
};

/// Every worker has a session of its own over the shared model and takes one batch of images after the other from file
/// to result, so that no core waits for another. Results do not depend on `threads` or `batch`, not even in their last
/// bit. The memory in use is bounded by one full-size image, a batch of prepared ones and a session for each worker.
class Grader {
 public:
  /// Throws Error if model, card and options do not fit together.
  Grader(std::shared_ptr<const Model> model, const ModelCard& card, const GraderOptions& options);

  /// Calls sink(index, result) for each item, in order, on the calling thread. Once `stop` is set no further batch is
  /// begun, and those in work are finished. What is wrong with one image is its result's error; a preprocessed image
  /// that cannot be saved is an Error.
  void run(const std::vector<InputItem>& items, const std::function<void(std::size_t, const Graded&)>& sink,
           const std::atomic<bool>& stop);

 private:
  PreparedImage prepare(const InputItem& item) const;
  std::vector<Graded> process(Session& session, std::span<const InputItem> items, const std::atomic<bool>& stop) const;

  Pipeline pipeline_;
  GraderOptions options_;
};

}  // namespace fovea::tools
