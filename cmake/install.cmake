# What `cmake --install` puts where: libfovea (static and shared) with its public headers, CMake package and pkg-config
# files; the demo model with its samples; documents. Each tool installs itself.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/fovea)
set(data_dir ${CMAKE_INSTALL_DATADIR}/fovea)
if(TARGET fovea_keras)  # what stands behind the static library
  set(FOVEA_NEEDS_LIBDEFLATE ON)
  set(FOVEA_PC_REQUIRES libdeflate)
  set(FOVEA_PC_LIBS " -ldeflate")
else()
  set(FOVEA_NEEDS_LIBDEFLATE OFF)
endif()

install(DIRECTORY include/fovea DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT headers FILES_MATCHING PATTERN "*.h")

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
foreach(file IN ITEMS fovea.pc fovea-static.pc)
  configure_file(cmake/install/${file}.in installed/${file} @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/installed/${file} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

# The rest is of no use to a project that holds this one.
if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()

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
