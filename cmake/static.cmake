# FOVEA_STATIC_TOOLS: programs that need nothing of the system they run on, for containers that hold nothing else.
# Only they are built and installed: docs/debian.md.
set(FOVEA_BUILD_TESTS OFF)
set(FOVEA_BUILD_BENCH OFF)
set(FOVEA_INSTALL OFF)
set(FOVEA_OPENMP OFF)  # a program of fovea's own has no pool to share
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
set(OPENSSL_USE_STATIC_LIBS ON)
string(APPEND CMAKE_EXE_LINKER_FLAGS " -static")

# What stands behind the codecs and the fonts, which their own CMake packages do not tell.
find_package(PkgConfig REQUIRED)
pkg_check_modules(STATIC_CODECS REQUIRED libtiff-4 freetype2 fontconfig)
list(REMOVE_DUPLICATES STATIC_CODECS_STATIC_LIBRARIES)
list(JOIN STATIC_CODECS_STATIC_LIBRARIES " -l" static_names)
string(APPEND CMAKE_CXX_STANDARD_LIBRARIES " -Wl,--start-group -l${static_names} -Wl,--end-group")
