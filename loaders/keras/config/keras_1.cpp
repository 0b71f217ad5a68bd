// The changes between Keras 1 and 2, from Keras' own compatibility layer (keras/legacy/interfaces.py).
#include "loaders/keras/config/keras_1.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "loaders/keras/json/access.h"

namespace fovea::keras {
namespace {

constexpr int kDeepestNesting = 64;

const std::map<std::string, std::string> kClasses = {
    {"Convolution1D", "Conv1D"},           {"Convolution2D", "Conv2D"},
    {"AtrousConvolution1D", "Conv1D"},     {"AtrousConvolution2D", "Conv2D"},
    {"TimeDistributedDense", "Dense"},     {"SeparableConvolution2D", "SeparableConv2D"},
    {"Deconvolution2D", "Conv2DTranspose"}};
const std::map<std::string, std::string> kMerges = {
    {"sum", "Add"}, {"mul", "Multiply"}, {"concat", "Concatenate"}, {"ave", "Average"}, {"max", "Maximum"}};
const std::map<std::string, std::string> kAttributes = {{"nb_filter", "filters"},
                                                        {"border_mode", "padding"},
                                                        {"subsample", "strides"},
                                                        {"bias", "use_bias"},
                                                        {"output_dim", "units"},
                                                        {"p", "rate"},
                                                        {"atrous_rate", "dilation_rate"},
                                                        {"filter_length", "kernel_size"},
                                                        {"subsample_length", "strides"},
                                                        {"pool_length", "pool_size"},
                                                        {"length", "size"},
                                                        {"stride", "strides"}};
// Of training, or said elsewhere.
const std::set<std::string> kDropped = {"init",
                                        "W_regularizer",
                                        "b_regularizer",
                                        "activity_regularizer",
                                        "W_constraint",
                                        "b_constraint",
                                        "input_dim",
                                        "input_dtype",
                                        "input_length",
                                        "beta_init",
                                        "gamma_init",
                                        "gamma_regularizer",
                                        "beta_regularizer",
                                        "depthwise_regularizer",
                                        "pointwise_regularizer",
                                        "depthwise_constraint",
                                        "pointwise_constraint",
                                        "weights"};
const std::set<std::string> kDroppedOfMerges = {
    "mode",      "concat_axis",       "mode_type",   "dot_axes",        "output_shape",
    "arguments", "output_shape_type", "output_mask", "output_mask_type"};

// "tf" and "th" are the orders of the two backends.
Attribute data_format(const Attribute& ordering) {
  const auto* name = as<std::string>(ordering);
  if (name == nullptr) return ordering;
  return text(*name == "tf" ? "channels_last" : *name == "th" ? "channels_first" : *name);
}

// (rows, columns), (top, bottom, left, right) or {"top_pad": ..., ...}, as Keras 2 has it.
Attribute padding_2d(const AttributeMap& config) {
  const Attribute* padding = find(config, "padding");
  if (padding == nullptr) return list({number(1), number(1)});
  AttributeList sides;
  if (const auto* members = as<AttributeMap>(*padding)) {
    for (const char* side : {"top_pad", "bottom_pad", "left_pad", "right_pad"}) {
      const Attribute* pad = find(*members, side);
      sides.push_back(pad == nullptr ? number(0) : *pad);
    }
  } else if (const auto* all = as<AttributeList>(*padding); all != nullptr && all->size() == 4) {
    sides = *all;
  }
  return sides.empty() ? *padding : list({list({sides[0], sides[1]}), list({sides[2], sides[3]})});
}

AttributeMap layer_config(const std::string& old_class, const AttributeMap& config) {
  AttributeMap renamed;
  for (const auto& [key, value] : config) {
    const auto name = kAttributes.find(key);
    if (key == "dim_ordering") {
      if (old_class != "Flatten") renamed.insert_or_assign("data_format", data_format(value));
    } else if (kDropped.count(key) == 0 && key != "nb_row" && key != "nb_col") {
      renamed.insert_or_assign(name == kAttributes.end() ? key : name->second, value);
    }
  }
  const Attribute *rows = find(config, "nb_row"), *columns = find(config, "nb_col");
  if (rows != nullptr && columns != nullptr) {
    renamed.insert_or_assign("kernel_size", list({*rows, *columns}));
  }
  // The size is that which Keras 2 computes.
  if (old_class == "Deconvolution2D") renamed.erase("output_shape");
  if (old_class == "ZeroPadding2D") renamed["padding"] = padding_2d(config);
  // 0: as Keras 2 does it. Others are refused by their name.
  const Attribute* mode = old_class == "BatchNormalization" ? find(config, "mode") : nullptr;
  const auto* number = mode == nullptr ? nullptr : as<std::int64_t>(*mode);
  if (number != nullptr && *number == 0) renamed.erase("mode");
  return renamed;
}

/// What is put into new words.
enum class WordKind { all, merges };

Attribute rewrite(const Attribute& value, WordKind words, int depth);

AttributeList rewrite_all(const AttributeList& layers, WordKind words, int depth) {
  AttributeList all;
  for (const Attribute& layer : layers) all.push_back(rewrite(layer, words, depth + 1));
  return all;
}

AttributeMap rewrite_layer(const AttributeMap& layer, const std::string& class_name, const AttributeMap& config,
                           WordKind words) {
  AttributeMap result = layer;
  AttributeMap attributes = words == WordKind::all ? layer_config(class_name, config) : config;
  if (const auto found = kClasses.find(class_name); words == WordKind::all && found != kClasses.end()) {
    result.insert_or_assign("class_name", text(found->second));
  }
  const Attribute* mode = class_name == "Merge" ? find(config, "mode") : nullptr;
  const auto* mode_name = mode == nullptr ? nullptr : as<std::string>(*mode);
  const auto merge = mode_name == nullptr ? kMerges.end() : kMerges.find(*mode_name);
  if (merge != kMerges.end()) {
    result.insert_or_assign("class_name", text(merge->second));
    for (const std::string& key : kDroppedOfMerges) attributes.erase(key);
    const Attribute* axis = find(config, "concat_axis");
    if (merge->second == "Concatenate" && axis != nullptr) attributes.insert_or_assign("axis", *axis);
  }
  result.insert_or_assign("config", object(attributes));
  return result;
}

Attribute rewrite(const Attribute& value, WordKind words, int depth) {
  const auto* layer = as<AttributeMap>(value);
  const Attribute* config = layer == nullptr ? nullptr : find(*layer, "config");
  const Attribute* class_name = layer == nullptr ? nullptr : find(*layer, "class_name");
  const auto* name = class_name == nullptr ? nullptr : as<std::string>(*class_name);
  if (config == nullptr || name == nullptr || depth > kDeepestNesting) return value;
  AttributeMap result = *layer;
  if (const auto* bare = as<AttributeList>(*config)) {
    result.insert_or_assign("config", list(rewrite_all(*bare, words, depth)));
  } else if (const auto* attributes = as<AttributeMap>(*config)) {
    const Attribute* inner = find(*attributes, "layers");
    const auto* layers = inner == nullptr ? nullptr : as<AttributeList>(*inner);
    if (layers == nullptr) return object(rewrite_layer(*layer, *name, *attributes, words));
    AttributeMap model = *attributes;
    model.insert_or_assign("layers", list(rewrite_all(*layers, words, depth)));
    result.insert_or_assign("config", object(model));
  }
  return object(result);
}

}  // namespace

Attribute from_keras_1(const Attribute& config) { return rewrite(config, WordKind::all, 0); }

Attribute without_merges(const Attribute& config) { return rewrite(config, WordKind::merges, 0); }

}  // namespace fovea::keras
