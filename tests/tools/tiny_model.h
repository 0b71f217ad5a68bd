// A Keras .h5 of a few thousand weights, written byte for byte as Keras lays it out, and with faults on demand.
#pragma once

#include <string>

namespace fovea::test {

inline constexpr int kTinySide = 24;  ///< the network takes 24x24x3 and has 5 softmax outputs

struct TinyModel {
  bool missing_tensor = false;
  bool extra_tensor = false;
  bool wrong_shape = false;
  bool nan_weight = false;
  bool unsupported_layer = false;
  bool overflows = false;    ///< finite weights, outputs that are not
  bool two_outputs = false;  ///< the features as well
  int classes = 5;
  bool sigmoid = false;    ///< at the end, in place of the softmax
  bool open_size = false;  ///< the configuration leaves the size of pictures open; the weights fit kTinySide
};

/// Conv2D 3x3 (8 channels, relu), Flatten, Dense 5 (softmax), with fixed pseudo-random weights.
void write_tiny_model(const std::string& path, const TinyModel& faults = {});

}  // namespace fovea::test
