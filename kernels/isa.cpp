// Names of the instruction sets.
#include "kernels/isa.h"

namespace fovea {

namespace {
constexpr const char* kNames[] = {"portable", "avx2", "avx512"};
}

const char* isa_name(Isa isa) noexcept { return kNames[static_cast<int>(isa)]; }

bool parse_isa(std::string_view name, Isa* isa) noexcept {
  for (int i = 0; i < 3; ++i) {
    if (name == kNames[i]) {
      *isa = static_cast<Isa>(i);
      return true;
    }
  }
  return false;
}

}  // namespace fovea
