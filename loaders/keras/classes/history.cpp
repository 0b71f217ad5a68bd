// Two lines of versions: Keras up to 2.3.1, and TensorFlow's from "2.0.8-tf" on, which Keras 2.4 and later continue.
// Sources: the tags of Keras' repository and TensorFlow's releases 1.4 to 2.5.
#include "loaders/keras/classes/history.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>
#include <string_view>

namespace fovea::keras {
namespace {

using Version = std::array<int, 3>;
constexpr Version kAlways{0, 0, 0}, kNever{1000, 0, 0};
constexpr Version kOneLine{2, 4, 0};  // from here on there is TensorFlow's alone
constexpr Version kKeras3{3, 0, 0};

struct Row {
  std::string_view name;
  Version keras, tensorflow;  ///< the first that has it, in each line
  Version gone = kNever;      ///< the first that has it no more
};

constexpr Row kClasses[] = {
    {"Add", {2, 0, 0}, kAlways},
    {"AlphaDropout", {2, 0, 6}, kAlways},
    {"AugMix", kNever, {3, 9, 0}},
    {"Average", {2, 0, 0}, kAlways},
    {"BatchNormalizationV1", kNever, {2, 1, 6}, {2, 6, 0}},
    {"BatchNormalizationV2", kNever, {2, 1, 6}, {2, 6, 0}},
    {"CenterCrop", kNever, {2, 2, 4}},
    {"Concatenate", {2, 0, 0}, kAlways},
    {"Conv1D", {2, 0, 0}, kAlways},
    {"Conv1DTranspose", kNever, {2, 4, 0}},
    {"Conv2D", {2, 0, 0}, kAlways},
    {"Conv2DTranspose", {2, 0, 0}, kAlways},
    {"Cropping1D", {1, 0, 8}, kAlways},
    {"Cropping2D", {1, 0, 8}, kAlways},
    {"CustomScaleLayer", kNever, {2, 12, 0}},  // of keras.applications, as LayerScale and StochasticDepth
    {"CutMix", kNever, {3, 9, 0}},
    {"DepthwiseConv1D", kNever, {2, 7, 0}},
    {"DepthwiseConv2D", {2, 0, 6}, kAlways},
    {"Dot", {2, 0, 0}, kAlways},
    {"GlobalAveragePooling1D", {1, 1, 0}, kAlways},
    {"GlobalAveragePooling2D", {1, 1, 0}, kAlways},
    {"GlobalMaxPooling1D", {1, 1, 0}, kAlways},
    {"GlobalMaxPooling2D", {1, 1, 0}, kAlways},
    {"GroupNormalization", kNever, {2, 11, 0}},
    {"Identity", kNever, {2, 12, 0}},
    {"LayerNormalization", kNever, {2, 2, 4}},
    {"LayerScale", kNever, {2, 10, 0}},
    {"Maximum", {2, 0, 0}, kAlways},
    {"Minimum", {2, 0, 9}, {2, 1, 2}},
    {"MixUp", kNever, {3, 8, 0}},
    {"Multiply", {2, 0, 0}, kAlways},
    {"Normalization", kNever, {2, 2, 4}},
    {"RMSNormalization", kNever, {3, 9, 0}},
    {"RandAugment", kNever, {3, 8, 0}},
    {"RandomBrightness", kNever, {2, 9, 0}},
    {"RandomColorDegeneration", kNever, {3, 8, 0}},
    {"RandomColorJitter", kNever, {3, 8, 0}},
    {"RandomContrast", kNever, {2, 2, 4}},
    {"RandomElasticTransform", kNever, {3, 10, 0}},
    {"RandomErasing", kNever, {3, 9, 0}},
    {"RandomFlip", kNever, {2, 2, 4}},
    {"RandomGaussianBlur", kNever, {3, 9, 0}},
    {"RandomGrayscale", kNever, {3, 8, 0}},
    {"RandomHeight", kNever, {2, 2, 4}, kKeras3},
    {"RandomHue", kNever, {3, 8, 0}},
    {"RandomInvert", kNever, {3, 9, 0}},
    {"RandomPerspective", kNever, {3, 9, 0}},
    {"RandomPosterization", kNever, {3, 8, 0}},
    {"RandomRotation", kNever, {2, 2, 4}},
    {"RandomSaturation", kNever, {3, 8, 0}},
    {"RandomSharpness", kNever, {3, 8, 0}},
    {"RandomShear", kNever, {3, 8, 0}},
    {"RandomTranslation", kNever, {2, 2, 4}},
    {"RandomWidth", kNever, {2, 2, 4}, kKeras3},
    {"RandomZoom", kNever, {2, 2, 4}},
    {"ReLU", {2, 2, 0}, {2, 1, 6}},
    {"Rescaling", kNever, {2, 2, 4}},
    {"Resizing", kNever, {2, 2, 4}},
    {"SeparableConv1D", {2, 1, 3}, {2, 1, 3}},
    {"SeparableConv2D", {2, 0, 0}, kAlways},
    {"Softmax", {2, 1, 3}, {2, 1, 3}},
    {"SpatialDropout1D", {1, 1, 2}, kAlways},
    {"SpatialDropout2D", {1, 0, 8}, kAlways},
    {"StochasticDepth", kNever, {2, 10, 0}},
    {"Subtract", {2, 0, 7}, kAlways},
    {"SyncBatchNormalization", kNever, {2, 2, 4}, kKeras3},
    {"ThresholdedReLU", kAlways, kAlways, kKeras3},
    {"UnitNormalization", kNever, {2, 9, 0}},
};

// relu6 came with keras.applications, and swish with the first EfficientNets, before Keras had them; there is but one
// function of these names, as of silu.
constexpr Row kActivations[] = {
    {"absolute", kNever, kNever},
    {"celu", kNever, {3, 7, 0}},
    {"elu", {1, 2, 0}, kAlways},
    {"exponential", {2, 2, 3}, {2, 2, 4}},
    {"gelu", kNever, {2, 4, 0}},
    {"gelu_tanh", kNever, kNever},
    {"hard_sigmoid_keras_2", kNever, kNever},
    {"hard_silu", kNever, {3, 3, 0}},
    {"hard_swish", kNever, {3, 3, 0}},
    {"hard_tanh", kNever, {3, 7, 0}},
    {"leaky_relu", kNever, {2, 6, 0}},
    {"log_sigmoid", kNever, {3, 7, 0}},
    {"mish", kNever, {2, 13, 0}},
    {"selu", {2, 0, 6}, kAlways},
    {"square", kNever, kNever},
};

/// The numbers of "2.13.1-rc0"; nullopt if it begins with none.
std::optional<Version> parse(std::string_view text) {
  Version version{};
  for (std::size_t i = 0; i < version.size(); ++i) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version[i]);
    if (error != std::errc()) return i == 0 ? std::nullopt : std::optional(version);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty() || text.front() != '.') break;
    text.remove_prefix(1);
  }
  return version;
}

template <std::size_t N>
bool had(const Row (&rows)[N], std::string_view name, const std::string& text) {
  const auto row = std::ranges::find(rows, name, &Row::name);
  if (row == std::end(rows)) return true;
  if (row->keras == kNever && row->tensorflow == kNever) return false;
  const auto version = parse(text);
  if (!version) return true;
  const bool of_tensorflow = *version >= kOneLine || text.ends_with("-tf");
  return *version >= (of_tensorflow ? row->tensorflow : row->keras) && *version < row->gone;
}

}  // namespace

bool had_class(const std::string& class_name, const std::string& version) { return had(kClasses, class_name, version); }

bool had_activation(const std::string& name, const std::string& version) { return had(kActivations, name, version); }

}  // namespace fovea::keras
