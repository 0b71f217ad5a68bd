# fovea_warnings(target): the project's warnings, errors when FOVEA_WERROR is on.
# In a unity build the constants of other files are none that a local could be taken for, and g++ 12 loses track of
# variants: it warns of members that nobody reads.
# Designated initializers leave fields at their defaults on purpose. -Wrestrict is off: g++ 12 reports its own std::string (PR 105329).
function(fovea_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual> -Wcast-qual
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict> -Wno-missing-field-initializers
    $<$<BOOL:${FOVEA_WERROR}>:-Werror>)
  if(CMAKE_UNITY_BUILD)
    target_compile_options(${target} PRIVATE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  endif()
endfunction()

# fovea_cold(target): nothing in it runs for long, and -O1 compiles it in two thirds of the time that -O3 takes.
function(fovea_cold target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()
