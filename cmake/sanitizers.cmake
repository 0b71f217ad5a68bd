# FOVEA_SANITIZE=address,undefined (or thread) instruments everything that is built.
if(FOVEA_SANITIZE)
  add_compile_options(-fsanitize=${FOVEA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g)
  add_link_options(-fsanitize=${FOVEA_SANITIZE})
endif()
