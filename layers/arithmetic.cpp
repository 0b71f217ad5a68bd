// Names of the arithmetic settings.
#include <fovea/arithmetic.h>

#include <fovea/error.h>

namespace fovea {

const char* arithmetic_name(Arithmetic arithmetic) noexcept {
  return arithmetic == Arithmetic::direct ? "direct" : "fast";
}

Arithmetic parse_arithmetic(const std::string& name) {
  for (const Arithmetic arithmetic : {Arithmetic::direct, Arithmetic::fast}) {
    if (name == arithmetic_name(arithmetic)) return arithmetic;
  }
  throw Error("arithmetic '" + name + "' is unknown; it is direct or fast");
}

}  // namespace fovea
