# Target fovea_for_python: fovea with its pipeline and codecs, static wherever the system has a static library; with
# FOVEA_SHARED_CODECS the codecs are the system's shared ones, as a distribution wants them.
option(FOVEA_SHARED_CODECS "Link the system's shared codecs" OFF)
if(NOT FOVEA_SHARED_CODECS)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a .so)
endif()
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
add_library(fovea_for_python INTERFACE)

# What libtiff.a asks for: Debian builds it with every compression. Of the shared one only the last two are asked for here.
set(behind_tiff "")
foreach(name IN ITEMS webp jbig zstd lzma jpeg deflate z)
  find_library(FOVEA_${name} ${name})
  if(FOVEA_${name})
    list(APPEND behind_tiff ${FOVEA_${name}})
  endif()
endforeach()

if(FOVEA_BUILD_TREE)
  find_package(Threads REQUIRED)
  find_package(PkgConfig REQUIRED)
  foreach(library IN ITEMS grading/pipeline/libfovea_pipeline.a text/libfovea_text.a
      pictures/decode/libfovea_image.a libfovea.a)
    target_link_libraries(fovea_for_python INTERFACE ${FOVEA_BUILD_TREE}/${library})
  endforeach()
  find_package(JPEG REQUIRED)
  find_package(PNG REQUIRED)
  find_package(TIFF REQUIRED)
  find_library(CSV_LIBRARY csv REQUIRED)
  # In place of the one that it was built with: a wheel asks for no OpenMP.
  target_sources(fovea_for_python INTERFACE ${source}/base/openmp.cpp)
  set_source_files_properties(${source}/base/openmp.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_link_libraries(fovea_for_python INTERFACE ${CSV_LIBRARY} TIFF::TIFF PNG::PNG JPEG::JPEG
    Threads::Threads)
else()
  set(FOVEA_BUILD_PICTURES ON)
  set(FOVEA_INSTALL OFF)
  set(FOVEA_OPENMP OFF)  # its run time would be one more shared library
  add_subdirectory(../.. fovea EXCLUDE_FROM_ALL)
  target_link_libraries(fovea_for_python INTERFACE fovea_pipeline)
endif()
set_property(TARGET TIFF::TIFF APPEND PROPERTY INTERFACE_LINK_LIBRARIES ${behind_tiff})
