// Operations that stand in a model beside its layers: Keras 3's (`x * 2`, `ops.relu(x)`) and TensorFlow's
// (TFOpLambda, SlicingOpLambda, TensorFlowOpLayer).
#pragma once

#include <string>
#include <vector>

#include "loaders/keras/calls.h"

namespace fovea::keras {

inline constexpr const char* kTensorFlowOp = "TensorFlowOpLayer";

/// True if an entry of a model's layers is an operation: `json` is the entry, `config` its configuration.
bool is_operation(const AttributeMap& json, const AttributeMap* config);

/// The attributes of an `Operation` layer: `operation`, its settings, and `constant` with `constant_first` where one
/// operand is a number, or one for each channel. `call` is how the model calls it. Throws Error("<place>: ...").
AttributeMap operation_attributes(const std::string& class_name, const AttributeMap& config, const Call& call,
                                  const std::string& place);

/// Those of each of its results, as layers of their own: several for `split`. Throws Error("<place>: ...").
std::vector<AttributeMap> results_of(const AttributeMap& attributes, const std::string& place);

}  // namespace fovea::keras
