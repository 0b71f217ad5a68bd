# Writes OUTPUT, the source of fovea::bench::commit(), for the working tree in SOURCE; only if it changes.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND git describe --always --dirty --abbrev=12 --exclude=* WORKING_DIRECTORY ${SOURCE}
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed OR NOT commit MATCHES "^[0-9a-f]+(-dirty)?$")
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "// Written by the build.
#include \"bench/machine/machine.h\"

const char* fovea::bench::commit() { return \"@commit@\"; }
" @ONLY)
