// What a loop that waits awake says to the processor.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace fovea {

inline void pause_processor() noexcept {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" : : : "memory");  // yield does nothing on cores of one thread
#endif
}

}  // namespace fovea
