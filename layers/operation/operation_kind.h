// What loaders and layers agree on about layers of the class `Operation`: which operations there are, and under which
// attributes they stand. Other settings have the names of Keras 3's arguments.
#pragma once

#include <string>

#include <fovea/layer_config.h>

namespace fovea {

inline constexpr const char* kOperationClass = "Operation";

/// An operation. `unknown`: none of them, whatever its name.
enum class OperationKind {
  unknown,
#define FOVEA_OPERATION(name) name,
#include "layers/operation/operation_kinds.def"
#undef FOVEA_OPERATION
};

OperationKind operation_kind(const std::string& name);
std::string operation_name(OperationKind kind);

/// Attributes of an `Operation` that are not arguments of Keras.
namespace operation_key {
inline constexpr const char* kKind = "operation";  ///< its name
/// The one operand of two that is a constant, and whether it is the first.
inline constexpr const char* kConstant = "constant";
inline constexpr const char* kConstantFirst = "constant_first";
/// All operands in order: kTensor for the next input, or a constant.
inline constexpr const char* kOperands = "operands";
inline constexpr const char* kTensor = "tensor";
/// Of split_part: which part, and either the number of equal parts or where they end, or the size of each.
inline constexpr const char* kPart = "part";
inline constexpr const char* kSections = "sections";
inline constexpr const char* kSizes = "sizes";
/// Of get_item: what stands between the brackets. Keras 3 has it as the second argument.
inline constexpr const char* kSlice = "slice_spec";
inline constexpr const char* kSecondArgument = "argument 1";
}  // namespace operation_key

}  // namespace fovea
