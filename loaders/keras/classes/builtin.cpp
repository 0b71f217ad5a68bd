// Names of the built-in architectures.
#include "loaders/keras/classes/builtin.h"

#include <algorithm>
#include <charconv>

#include <fovea/error.h>
#include "loaders/keras/classes/resnet50.h"

namespace fovea::keras {
namespace {

constexpr std::int64_t kDefaultSide = 224;
constexpr std::int64_t kSmallestSide = 32;  // five halvings
constexpr std::int64_t kLargestSide = 8192;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::int64_t parse_side(const std::string& text, const std::string& place) {
  std::int64_t side = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), side);
  if (error != std::errc() || end != text.data() + text.size() || side < kSmallestSide || side > kLargestSide) {
    throw Error(place + ": input size '" + text + "' is not a number from " + std::to_string(kSmallestSide) + " to " +
                std::to_string(kLargestSide));
  }
  return side;
}

}  // namespace

Architecture builtin_architecture(const std::string& name, const std::vector<std::string>& layer_names,
                                  const std::string& place) {
  const auto colon = name.find(':');
  const std::string family = name.substr(0, colon);
  if (family != "resnet50" && family != "resnet50-notop") {
    throw Error(place + ": unknown architecture '" + name +
                "'; known: resnet50, resnet50-notop, with ':SIZE' for inputs other than 224");
  }
  const std::int64_t side = colon == std::string::npos ? kDefaultSide : parse_side(name.substr(colon + 1), place);
  const bool top = family == "resnet50";
  if (contains(layer_names, "conv2_block1_1_conv")) return resnet50(side, top);
  if (contains(layer_names, "res2a_branch2a")) return old_resnet50(side, top);
  throw Error(place + ": the layers of the weights file are not named like a ResNet50's");
}

}  // namespace fovea::keras
