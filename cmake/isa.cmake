# fovea_kernels(ns arch flags...): one copy of the kernel sources for one instruction set, as object library
# fovea_kernels_<ns>. Each copy lives in its own namespace and sees xsimd under a name of its own: xsimd 8.1 is plain
# inline code, and the linker would merge an AVX-512 copy of a helper into AVX2 code. Kernels are optimised in every
# build type, so that nothing of the standard library stays behind as a shared weak symbol, and never contract a*b+c.
function(fovea_kernels ns arch)
  add_library(fovea_kernels_${ns} OBJECT ${FOVEA_KERNEL_SOURCES})
  target_include_directories(fovea_kernels_${ns} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(fovea_kernels_${ns} PRIVATE FOVEA_NS=${ns} "FOVEA_ARCH=${arch}" xsimd=xsimd_${ns})
  # Under sanitizers too the accumulators of a tile belong into registers: with each in guarded memory of its own, and
  # each pointer checked twice, the tests take ten times as long, and g++ minutes and gigabytes.
  set(optimise -O3)
  if(FOVEA_SANITIZE)
    list(APPEND optimise --param=asan-stack=0 -fno-sanitize=null,alignment,object-size,pointer-overflow)
  endif()
  target_compile_options(fovea_kernels_${ns} PRIVATE ${optimise} -ffp-contract=off -fno-math-errno -fno-trapping-math
    -fno-exceptions -fno-rtti ${ARGN})
  fovea_warnings(fovea_kernels_${ns})
  # g++ 12 reports its own AVX-512 headers (PR 105593).
  target_compile_options(fovea_kernels_${ns} PRIVATE -Wno-uninitialized
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endfunction()

set(FOVEA_ISA_portable sse2)
set(FOVEA_ISA_avx2 "fma3<xsimd::avx2>" -mavx2 -mfma)
set(FOVEA_ISA_avx512 avx512bw -mavx512f -mavx512cd -mavx512bw -mavx512dq -mavx512vl -mfma -mprefer-vector-width=512)
