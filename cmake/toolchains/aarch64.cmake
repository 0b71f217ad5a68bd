# Cross-building for 64-bit ARM with Debian's compiler, and running what was built under qemu.
# FOVEA_ARM64_SYSROOT: a folder with arm64 development packages, as scripts/lib/arm64_sysroot.sh makes it.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

# What CMake tries out is configured without the cache: the folder goes along.
set(FOVEA_ARM64_SYSROOT "" CACHE PATH "Folder of scripts/lib/arm64_sysroot.sh")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES FOVEA_ARM64_SYSROOT)
if(FOVEA_ARM64_SYSROOT)
  set(CMAKE_SYSROOT ${FOVEA_ARM64_SYSROOT})
endif()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${CMAKE_SYSROOT}")
set(ENV{PKG_CONFIG_LIBDIR}
  "${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig:${CMAKE_SYSROOT}/usr/lib/pkgconfig")
# CMake asks this machine's h5cc, and is told of this machine's.
set(HDF5_C_LIBRARY_hdf5 "${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/hdf5/serial/libhdf5.so" CACHE FILEPATH "")

set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L "${CMAKE_SYSROOT}")
