// Which arithmetic a model may use.
#pragma once

#include <string>

#include <fovea/export.h>

namespace fovea {

/// `direct`: every convolution is the sum of products that its definition names, in a fixed order.
/// `fast`: 3x3 convolutions may be computed by Winograd's algorithms, which multiply less and round more.
/// Either way the choice for a layer depends on the layer's shape alone, and the bits on nothing but model and choice.
enum class Arithmetic { direct, fast };

/// "direct", "fast"
FOVEA_API const char* arithmetic_name(Arithmetic arithmetic) noexcept;
/// The reverse; throws Error for any other name.
FOVEA_API Arithmetic parse_arithmetic(const std::string& name);

}  // namespace fovea
