// Names of the instruction sets.
#include "kernels/isa.h"

namespace fovea {

namespace {
constexpr const char* kNames[] = {
#define FOVEA_ISA(name, ...) #name,
#include "kernels/isa.def"
#undef FOVEA_ISA
};
}  // namespace

const char* isa_name(Isa isa) noexcept { return kNames[static_cast<int>(isa)]; }

bool parse_isa(std::string_view name, Isa* isa) noexcept {
  for (const Isa known : kIsas) {
    if (name == isa_name(known)) {
      *isa = known;
      return true;
    }
  }
  return false;
}

}  // namespace fovea
