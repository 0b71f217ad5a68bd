"""What libfovea needs of a system: of the installed one nothing but libdeflate beside the compiler's libraries. With
FOVEA_FULL=1 also a library without the reader of Keras' files, which needs no other at all, and a program that is linked
with it fully statically."""

import os
import pathlib
import re
import shutil
import sys
import tempfile

from support import SOURCE, cached, install, run

COMPILERS = {"linux-vdso", "libc", "libm", "libstdc++", "libgcc_s", "libgomp"}
MEGABYTE = 1_000_000
PROGRAM = r"""
#include <cstdio>
#include <fovea/fovea.h>
int main(int, char** arguments) {
  try {
    const auto model = fovea::load_model(arguments[1]);
    fovea::Session session(model);
    session.run();
    for (const float p : session.output()) std::printf("%a\n", p);
  } catch (const fovea::Error& error) {
    std::puts(error.what());
  }
}
"""


def check_needs(library, allowed, most_bytes, folder):
    needed = {re.split(r"\.so|\s", line.strip().split("/")[-1] if "=>" not in line else line.strip())[0]
              for line in run("ldd", library).splitlines() if "/ld-linux" not in line}
    if not {"libc", "libstdc++"} <= needed or needed - COMPILERS - allowed:
        sys.exit(f"{library} needs {sorted(needed)}")
    stripped = folder / "stripped"
    run("strip", "-o", stripped, library)
    size = stripped.stat().st_size
    print(f"{library.name}: needs {sorted(needed - COMPILERS)}, {size} bytes stripped")
    if size > most_bytes and cached("CMAKE_BUILD_TYPE") == "Release" and not cached("FOVEA_SANITIZE"):
        sys.exit(f"{library} has {size} bytes, more than {most_bytes}")


def check_without_keras(folder):
    build = folder / "build"
    launcher = cached("CMAKE_CXX_COMPILER_LAUNCHER")
    run("cmake", "-S", SOURCE, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DFOVEA_LOADERS=pack",
        "-DFOVEA_OPENMP=OFF",
        *([f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}"] if launcher else []))
    run("cmake", "--build", build, "-j", os.cpu_count())
    check_needs(build / "libfovea.so", set(), 2.5 * MEGABYTE, folder)
    (folder / "program.cpp").write_text(PROGRAM)
    run("g++", "-std=c++20", "-O2", "-static", "-Wl,--gc-sections", "-s", f"-I{SOURCE / 'include'}",
        folder / "program.cpp", build / "libfovea.a", "-o", folder / "program")
    size = (folder / "program").stat().st_size
    print(f"a static program: {size} bytes")
    if size > 2.5 * MEGABYTE:
        sys.exit("more than 2.5 MB")
    said = run(folder / "program", "model.h5").strip()
    if said != "model.h5: this libfovea was built without its reader of Keras' files (FOVEA_LOADERS)":
        sys.exit(f"it says: {said}")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fovea-lean-"))
    try:
        install(folder / "prefix")
        library = next((folder / "prefix").rglob("libfovea.so"))
        check_needs(library, set() if cached("FOVEA_LOADERS") == "pack" else {"libdeflate"}, 3.5 * MEGABYTE, folder)
        if os.environ.get("FOVEA_FULL") == "1":
            check_without_keras(folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
