// What is done with one picture, from its bytes to its grade: the same for a batch, a comparison and a server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <fovea/card.h>
#include <fovea/session.h>
#include "grading/pipeline/file_stamp.h"
#include "grading/pipeline/model_arguments.h"
#include "pictures/decode/reduced.h"

namespace fovea::tools {

struct PipelineOptions {
  int batch = 1;             ///< images in one run of the network
  int views = 1;             ///< of each image, averaged (grading/pipeline/views.h)
  bool fast_decode = false;  ///< reduce JPEGs while decoding them (pictures/decode/reduced.h): other pixels
};

/// What became of one image.
struct Graded {
  std::string error;  ///< why it has no grade, empty if it has one; the path is not repeated
  int grade = 0;
  std::vector<float> outputs;  ///< of the network, the mean over the views
  std::string note;            ///< what a reader of the result should know
  FileStamp file;              ///< of the picture, just before it was read
  std::string id;              ///< of the image, where it comes from a list
};

/// A picture on its way through the network.
struct PreparedImage {
  Image image;        ///< what the network will see
  std::string error;  ///< why there is none, empty if there is one
  std::string note;
  FileStamp file;
  std::vector<double> sums;  ///< of the outputs, over the views
};

/// What --memory asks for. To be called before the first picture.
void use_decode_memory(const ModelArguments& arguments);

/// Knows a model, its card and how both shall be used. Immutable: any number of threads may use one, each with a
/// session of its own. Results do not depend on batch or threads, not even in their last bit.
class Pipeline {
 public:
  /// `card` must outlive the pipeline. Throws Error if model, card and options do not fit together.
  Pipeline(std::shared_ptr<const Model> model, const ModelCard& card, const PipelineOptions& options);

  const std::shared_ptr<const Model>& model() const { return model_; }
  const ModelCard& card() const { return card_; }
  const PipelineOptions& options() const { return options_; }

  /// Throws Error "PATH: reason", or "NAME: reason" for a file in memory.
  DecodedImage read(const std::string& path, const DecodeOptions& options) const;
  DecodedImage decode(const std::uint8_t* data, std::size_t size, const std::string& name,
                      const DecodeOptions& options) const;
  /// The card's steps, and what a reader should know. Throws Error.
  PreparedImage prepare(DecodedImage decoded) const;
  /// Runs the network on all images without an error, in batches; `session` is over the pipeline's model and takes
  /// batches of options().batch.
  void infer(Session& session, std::vector<PreparedImage>& images) const;
  Graded grade(const PreparedImage& prepared) const;

 private:
  std::shared_ptr<const Model> model_;
  const ModelCard& card_;
  PipelineOptions options_;
};

/// The smallest side in pixels that a picture must have: below it there is nothing to be seen on a retina.
inline constexpr int kMinSide = 16;

/// Workers, each with a session of its own, that `threads` threads are shared by. More threads than workers work
/// together on one image: a session each would take more memory than it gains time.
int worker_count(int threads, std::size_t most_needed);

/// A message of the image loader without the path or name that it starts with, as one harmless line.
std::string without_prefix(const std::string& message, const std::string& name);

}  // namespace fovea::tools
