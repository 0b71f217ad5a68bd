# fovea_warnings(target): the project's warnings, errors when FOVEA_WERROR is on.
# Designated initializers leave fields at their defaults on purpose. -Wrestrict is off: g++ 12 reports its own std::string (PR 105329).
function(fovea_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wno-restrict -Wno-missing-field-initializers $<$<BOOL:${FOVEA_WERROR}>:-Werror>)
endfunction()
