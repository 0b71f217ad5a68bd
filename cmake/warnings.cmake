# fovea_warnings(target): the project's warnings, errors when FOVEA_WERROR is on.
function(fovea_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual $<$<BOOL:${FOVEA_WERROR}>:-Werror>)
endfunction()
