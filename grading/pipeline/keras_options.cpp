// The size of the last step that resizes to one.
#include "grading/pipeline/keras_options.h"

#include <variant>

#include <fovea/error.h>

namespace fovea::tools {

KerasOptions keras_options(const ModelArguments& arguments, const ModelCard& card) {
  KerasOptions options{arguments.config, arguments.architecture};
  options.layers_file = arguments.layers;
  for (const ImageStep& step : card.preprocessing.steps) {
    const auto* resize = std::get_if<Resize>(&step);
    if (resize == nullptr || resize->width == 0) continue;  // 0 x 0 is the model's own size
    options.input_height = resize->height;
    options.input_width = resize->width;
  }
  return options;
}

void refuse_for_pack_file(const std::string& path, const KerasOptions& options) {
  if (options.config_file.empty() && options.architecture.empty() && options.layers_file.empty()) return;
  throw Error(path + ": a pack file holds its network; --architecture, --config and --layers go with Keras files");
}

}  // namespace fovea::tools
