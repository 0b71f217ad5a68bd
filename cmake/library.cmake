# libfovea: kernels, layers, engine and the loaders of model files. Target `fovea` (static, for the project's own
# programs), `fovea_shared`; both are installed, with a CMake package and a pkg-config file (cmake/install.cmake).
set(fovea_objects $<TARGET_OBJECTS:fovea_base> $<TARGET_OBJECTS:fovea_dispatch> $<TARGET_OBJECTS:fovea_layers>
  $<TARGET_OBJECTS:fovea_engine> $<TARGET_OBJECTS:fovea_loaders>
  $<TARGET_OBJECTS:fovea_pictures> $<TARGET_OBJECTS:fovea_grading_card> $<TARGET_OBJECTS:fovea_info>
  $<TARGET_OBJECTS:fovea_c>)
if(TARGET fovea_keras)
  list(APPEND fovea_objects $<TARGET_OBJECTS:fovea_keras>)
endif()
foreach(isa IN LISTS FOVEA_ISAS)
  list(APPEND fovea_objects $<TARGET_OBJECTS:fovea_kernels_${isa}>)
endforeach()

function(fovea_library target kind)
  add_library(${target} ${kind} ${fovea_objects})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_link_libraries(${target} PRIVATE Threads::Threads)
  if(TARGET fovea_keras)
    target_link_libraries(${target} PRIVATE
      $<BUILD_INTERFACE:PkgConfig::LIBDEFLATE> $<INSTALL_INTERFACE:PkgConfig::fovea_libdeflate>)
  endif()
  if(FOVEA_OPENMP)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:${OpenMP_${FOVEA_OPENMP_RUNTIME}_LIBRARY}>
      $<INSTALL_INTERFACE:${FOVEA_OPENMP_RUNTIME}>)
  endif()
  set_target_properties(${target} PROPERTIES OUTPUT_NAME fovea VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR})
endfunction()

fovea_library(fovea STATIC)
fovea_library(fovea_shared SHARED)
add_library(fovea::fovea ALIAS fovea)
add_library(fovea::shared ALIAS fovea_shared)
set_target_properties(fovea_shared PROPERTIES EXPORT_NAME shared)
configure_file(${CMAKE_CURRENT_LIST_DIR}/libfovea.map.in ${PROJECT_BINARY_DIR}/libfovea.map @ONLY)
target_link_options(fovea_shared PRIVATE LINKER:--as-needed LINKER:--version-script=${PROJECT_BINARY_DIR}/libfovea.map)
set_target_properties(fovea_shared PROPERTIES LINK_DEPENDS ${PROJECT_BINARY_DIR}/libfovea.map)
if(FOVEA_STATIC_TOOLS)
  set_target_properties(fovea_shared PROPERTIES EXCLUDE_FROM_ALL ON)
endif()
