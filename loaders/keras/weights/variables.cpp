// The table of variables.
#include "loaders/keras/weights/variables.h"

#include "loaders/keras/json/access.h"

namespace fovea::keras {
namespace {

struct Row {
  const char* class_name;
  const char* variable;
  const char* flag;  ///< attribute without which the variable does not exist; nullptr = always there
  bool trainable = true;
  const char* unless = nullptr;  ///< attribute with which the variable does not exist
  bool used = true;
};

constexpr Row kRows[] = {
    {"Conv1D", "kernel", nullptr},
    {"Conv1D", "bias", "use_bias"},
    {"Conv1DTranspose", "kernel", nullptr},
    {"Conv1DTranspose", "bias", "use_bias"},
    {"Conv2D", "kernel", nullptr},
    {"Conv2D", "bias", "use_bias"},
    {"Conv2DTranspose", "kernel", nullptr},
    {"Conv2DTranspose", "bias", "use_bias"},
    {"Dense", "kernel", nullptr},
    {"Dense", "bias", "use_bias"},
    {"DepthwiseConv1D", "depthwise_kernel", nullptr},
    {"DepthwiseConv1D", "bias", "use_bias"},
    {"DepthwiseConv2D", "depthwise_kernel", nullptr},
    {"DepthwiseConv2D", "bias", "use_bias"},
    {"PReLU", "alpha", nullptr},
    {"SeparableConv1D", "depthwise_kernel", nullptr},
    {"SeparableConv1D", "pointwise_kernel", nullptr},
    {"SeparableConv1D", "bias", "use_bias"},
    {"SeparableConv2D", "depthwise_kernel", nullptr},
    {"SeparableConv2D", "pointwise_kernel", nullptr},
    {"SeparableConv2D", "bias", "use_bias"},
    {"BatchNormalization", "gamma", "scale"},
    {"BatchNormalization", "beta", "center"},
    {"BatchNormalization", "moving_mean", nullptr, false},
    {"BatchNormalization", "moving_variance", nullptr, false},
    {"LayerNormalization", "gamma", "scale"},
    {"LayerNormalization", "beta", "center"},
    {"GroupNormalization", "gamma", "scale"},
    {"GroupNormalization", "beta", "center"},
    {"RMSNormalization", "scale", nullptr},
    {"LayerScale", "gamma", nullptr},
    {"Normalization", "mean", nullptr, false, "mean"},
    {"Normalization", "variance", nullptr, false, "mean"},
    {"Normalization", "count", nullptr, false, "mean", false},
};

}  // namespace

std::optional<std::vector<Variable>> expected_variables(const ConfigNode& node) {
  std::optional<std::vector<Variable>> variables;
  for (const Row& row : kRows) {
    if (node.class_name != row.class_name) continue;
    if (!variables) variables.emplace();
    const Attribute* instead = row.unless == nullptr ? nullptr : find(node.attributes, row.unless);
    const bool replaced = instead != nullptr && !instead->is_null();
    const bool there = !replaced && (row.flag == nullptr || flag_at(node.attributes, row.flag, true));
    if (there) variables->push_back({row.variable, row.trainable, row.used});
  }
  return variables;
}

}  // namespace fovea::keras
