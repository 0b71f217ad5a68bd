// Reading of window attributes, shared by convolution, pooling and padding.
#include "layers/window.h"

#include "layers/error.h"

namespace fovea {

bool read_same_padding(const LayerConfig& config) {
  const std::string padding = config.text("padding", "valid");
  if (padding == "same") return true;
  if (padding == "valid") return false;
  throw UnsupportedError(config.where("padding '" + padding + "' is not supported"));
}

std::pair<WindowAxis, WindowAxis> read_window(const LayerConfig& config, const char* size_key,
                                              bool strides_default_to_size) {
  const auto size = config.pair(size_key, strides_default_to_size ? 2 : 0);
  const auto strides = strides_default_to_size && !config.has("strides") ? size : config.pair("strides", 1);
  const auto dilation = config.pair("dilation_rate", 1);
  for (const std::int64_t value :
       {size.first, size.second, strides.first, strides.second, dilation.first, dilation.second}) {
    if (value < 1 || value > 65536) throw Error(config.where("kernel, stride or dilation out of range"));
  }
  return {{size.first, strides.first, dilation.first}, {size.second, strides.second, dilation.second}};
}

void require_channels_last(const LayerConfig& config) {
  const std::string format = config.text("data_format", "channels_last");
  if (format != "channels_last") throw UnsupportedError(config.where("data_format '" + format + "' is not supported"));
}

}  // namespace fovea
