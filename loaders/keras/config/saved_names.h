// The names under which Keras 3 saves layers: by class, counted within their model.
#pragma once

#include <map>
#include <string>

namespace fovea::keras {

/// "DepthwiseConv2D" as "depthwise_conv2d".
std::string snake_case(const std::string& class_name);

/// The layers of one model, in its order: "conv2d", "conv2d_1", "dense", ...
class SavedNames {
 public:
  std::string next(const std::string& class_name);

 private:
  std::map<std::string, int> used_;
};

}  // namespace fovea::keras
