# The instruction sets of kernels/isa.def. FOVEA_ISAS: those to build, worst first; of each set <name> the architecture
# (FOVEA_ISA_<name>_ARCHITECTURE), the FLAGS, the bytes of a VECTOR and the VOCABULARY. FOVEA_BUILT_ISAS is what the
# code iterates over: FOVEA_BUILT(name) for each.
set(isa_table ${CMAKE_CURRENT_SOURCE_DIR}/kernels/isa.def)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${isa_table})
file(STRINGS ${isa_table} isa_lines REGEX "^FOVEA_ISA\\(")
set(known_isas "")
set(usual_isas "")
foreach(line IN LISTS isa_lines)
  if(NOT line MATCHES
      "^FOVEA_ISA\\(([a-z0-9_]+), ([^,]+), ([a-z0-9_]+), ([0-9]+), ([^,]+), ([^,]*), \"([^\"]*)\", \"[^\"]*\"\\)$")
    message(FATAL_ERROR "${isa_table}: cannot read ${line}")
  endif()
  set(name ${CMAKE_MATCH_1})
  set(processors ${CMAKE_MATCH_2})
  set(FOVEA_ISA_${name}_VOCABULARY ${CMAKE_MATCH_3})
  set(FOVEA_ISA_${name}_VECTOR ${CMAKE_MATCH_4})
  set(FOVEA_ISA_${name}_ARCHITECTURE ${CMAKE_MATCH_5})
  string(REGEX REPLACE "FOVEA_HWCAP\\([^)]*\\)" "" flags "${CMAKE_MATCH_6} ${CMAKE_MATCH_7}")
  string(REGEX REPLACE "FOVEA_HAS\\(([^)]*)\\)" "-m\\1" flags "${flags}")
  separate_arguments(FOVEA_ISA_${name}_FLAGS UNIX_COMMAND "${flags}")
  list(APPEND known_isas ${name})
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(${processors})$")
    list(APPEND usual_isas ${name})
  endif()
endforeach()

set(FOVEA_ISAS "${usual_isas}" CACHE STRING "Copies of the kernels to build: names of kernels/isa.def")
foreach(isa IN LISTS FOVEA_ISAS)
  if(NOT isa IN_LIST known_isas)
    message(FATAL_ERROR "FOVEA_ISAS: no instruction set '${isa}' in ${isa_table}")
  endif()
endforeach()
set(FOVEA_BUILT_ISAS "")
foreach(isa IN LISTS known_isas)
  if(isa IN_LIST FOVEA_ISAS)
    string(APPEND FOVEA_BUILT_ISAS "FOVEA_BUILT(${isa})")
  endif()
endforeach()

# fovea_kernels(isa): one copy of the kernel sources for one instruction set, as object library fovea_kernels_<isa>.
# Each copy lives in its own namespace and sees xsimd under a name of its own: xsimd 8.1 is plain inline code, and the
# linker would merge an AVX-512 copy of a helper into AVX2 code. Kernels are optimised in every build type, so that
# nothing of the standard library stays behind as a shared weak symbol, and never contract a*b+c.
function(fovea_kernels isa)
  add_library(fovea_kernels_${isa} OBJECT ${FOVEA_KERNEL_SOURCES})
  target_include_directories(fovea_kernels_${isa} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(fovea_kernels_${isa} PRIVATE FOVEA_NS=${isa} "FOVEA_ARCH=${FOVEA_ISA_${isa}_ARCHITECTURE}"
    xsimd=xsimd_${isa} FOVEA_SIMD="kernels/simd/${FOVEA_ISA_${isa}_VOCABULARY}.h")
  # Under sanitizers too the accumulators of a tile belong into registers: with each in guarded memory of its own, and
  # each pointer checked twice, the tests take ten times as long, and g++ minutes and gigabytes.
  set(optimise -O3)
  if(FOVEA_SANITIZE)
    list(APPEND optimise --param=asan-stack=0 -fno-sanitize=null,alignment,object-size,pointer-overflow)
  endif()
  target_compile_options(fovea_kernels_${isa} PRIVATE ${optimise} -ffp-contract=off -fno-math-errno -fno-trapping-math
    -fno-exceptions -fno-rtti ${FOVEA_ISA_${isa}_FLAGS})
  fovea_warnings(fovea_kernels_${isa})
  # g++ 12 reports its own AVX-512 headers (PR 105593).
  target_compile_options(fovea_kernels_${isa} PRIVATE -Wno-uninitialized
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endfunction()
