// CPU detection by the compiler's own runtime, which also checks the operating system's register state (XGETBV).
#include "kernels/cpu.h"

namespace fovea {

#if defined(__x86_64__)
#define FOVEA_HAS(feature) &&(__builtin_cpu_init(), __builtin_cpu_supports(#feature))
#else
#define FOVEA_HAS(feature) &&false
#endif

bool cpu_supports(Isa isa) noexcept {
  switch (isa) {
#define FOVEA_ISA(name, processors, vocabulary, bytes, architecture, features, ...) \
  case Isa::name:                                                                   \
    return true features;
#include "kernels/isa.def"
#undef FOVEA_ISA
  }
  return false;
}

}  // namespace fovea
