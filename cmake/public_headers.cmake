# The headers that users include, as they include them. Inside the project headers include each other from the root
# ("layers/shape.h"); for users they say <fovea/layers/shape.h>, so that a program with headers of the same names sees its
# own. Written when the project is configured, and again when one of them changes.
set(FOVEA_PUBLIC_HEADERS engine/fovea.h engine/grad_cam.h engine/model_desc.h layers/arithmetic.h layers/error.h
  layers/export.h layers/layer_config.h layers/shape.h loaders/card/card.h loaders/card/decision.h
  loaders/card/self_test.h loaders/image/prepare.h loaders/keras/model.h)
set(FOVEA_PUBLIC_INCLUDE ${PROJECT_BINARY_DIR}/include)

foreach(header IN LISTS FOVEA_PUBLIC_HEADERS)
  file(READ ${PROJECT_SOURCE_DIR}/${header} text)
  string(REGEX REPLACE "#include \"([a-z0-9_/]+\\.h)\"" "#include <fovea/\\1>" text "${text}")
  file(CONFIGURE OUTPUT ${FOVEA_PUBLIC_INCLUDE}/fovea/${header} CONTENT "${text}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${header})
endforeach()
configure_file(cmake/install/fovea.h ${FOVEA_PUBLIC_INCLUDE}/fovea/fovea.h COPYONLY)
