# What `cmake --install` puts where: libfovea (static and shared) with its public headers, CMake package and pkg-config
# file; the demo model with its samples; documents. Each tool installs itself.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fovea)
set(data_dir ${CMAKE_INSTALL_DATADIR}/fovea)

# Inside the project headers include each other from the root ("layers/shape.h"); installed they say
# <fovea/layers/shape.h>, so that a program with headers of the same names sees its own.
set(public_headers engine/fovea.h engine/grad_cam.h engine/model_desc.h layers/arithmetic.h layers/error.h
  layers/export.h layers/layer_config.h layers/shape.h loaders/card/card.h loaders/card/decision.h
  loaders/card/self_test.h
  loaders/image/prepare.h loaders/keras/model.h)
foreach(header IN LISTS public_headers)
  install(CODE "
    file(READ \"${PROJECT_SOURCE_DIR}/${header}\" text)
    string(REGEX REPLACE \"#include \\\"([a-z0-9_/]+\\\\.h)\\\"\" \"#include <fovea/\\\\1>\" text \"\${text}\")
    file(CONFIGURE OUTPUT \"${PROJECT_BINARY_DIR}/installed/${header}\" CONTENT \"\${text}\" @ONLY)"
    COMPONENT headers)
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${PROJECT_BINARY_DIR}/installed/${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fovea/${folder}
    COMPONENT headers)
endforeach()
install(FILES cmake/install/fovea.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fovea COMPONENT headers)

# Two export sets: who links the shared library needs no development files of what stands behind it.
install(TARGETS fovea EXPORT fovea_static)
install(TARGETS fovea_shared EXPORT fovea_shared)
install(EXPORT fovea_static NAMESPACE fovea:: FILE foveaStaticTargets.cmake DESTINATION ${package_dir})
install(EXPORT fovea_shared NAMESPACE fovea:: FILE foveaSharedTargets.cmake DESTINATION ${package_dir})
configure_package_config_file(cmake/install/foveaConfig.cmake.in installed/foveaConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(installed/foveaConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/installed/foveaConfig.cmake ${PROJECT_BINARY_DIR}/installed/foveaConfigVersion.cmake
  DESTINATION ${package_dir})

file(RELATIVE_PATH FOVEA_PC_TO_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/install/fovea.pc.in installed/fovea.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/installed/fovea.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The programs look for the demo model in ../share/fovea/weights.
file(GLOB demo_files CONFIGURE_DEPENDS weights/demo.*)
install(FILES ${demo_files} DESTINATION ${data_dir}/weights)
install(DIRECTORY weights/samples DESTINATION ${data_dir}/weights OPTIONAL)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)

if(TARGET grade-server)
  configure_file(cmake/install/grade-server.service.in installed/grade-server.service @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/installed/grade-server.service DESTINATION lib/systemd/system)
endif()
