// Operations that stand in a model beside its layers: Keras 3's (`x * 2`, `ops.relu(x)`) and TensorFlow's
// (TFOpLambda, SlicingOpLambda, TensorFlowOpLayer).
#pragma once

#include <string>
#include <vector>

#include "loaders/keras/config/calls.h"

namespace fovea::keras {

inline constexpr const char* kTensorFlowOp = "TensorFlowOpLayer";

/// True if an entry of a model's layers is an operation: `json` is the entry, `config` its configuration.
bool is_operation(const AttributeMap& json, const AttributeMap* config);

/// The attributes of an `Operation` layer: `operation`, its settings, and `constant` with `constant_first` where one
/// operand of two is a constant, or `operands` where there may be more. `call` is how the model calls it, `inputs` the
/// nodes it is called with, which are put into the order of the operands. Throws Error("<place>: ...").
AttributeMap operation_attributes(const std::string& class_name, const AttributeMap& config, const Call& call,
                                  const std::string& place, std::vector<std::string>& inputs);

/// Those of each of its results, as layers of their own: several for `split`. Throws Error("<place>: ...").
std::vector<AttributeMap> results_of(const AttributeMap& attributes, const std::string& place);

}  // namespace fovea::keras
