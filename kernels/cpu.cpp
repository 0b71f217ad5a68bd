// What the processor has: on x86 by the compiler's own runtime, which also checks the operating system's register state
// (XGETBV), elsewhere as the operating system says.
#include "kernels/cpu.h"

#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace fovea {

#if defined(__x86_64__)
#define FOVEA_HAS(feature) &&(__builtin_cpu_init(), __builtin_cpu_supports(#feature))
#else
#define FOVEA_HAS(feature) &&false
#endif
#if defined(__aarch64__)
#define FOVEA_HWCAP(feature) &&((getauxval(AT_HWCAP) & HWCAP_##feature) != 0)
#else
#define FOVEA_HWCAP(feature) &&false
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
