# FOVEA_FUZZ instruments everything for libFuzzer, and with the sanitizers that find what it provokes.
if(FOVEA_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()
# FOVEA_SANITIZE=address,undefined (or thread) instruments everything that is built.
if(FOVEA_SANITIZE)
  # -O1 -g1: at -O2 -g the checks double the time of the build, and find no more.
  add_compile_options(-fsanitize=${FOVEA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O1 -g1)
  add_link_options(-fsanitize=${FOVEA_SANITIZE})
endif()
