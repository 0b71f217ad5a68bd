"""Programs of many kinds that embed an installed fovea: each builds without a warning and answers with the same bits.

Compilers, language versions, sanitizers and link-time optimisation; both libraries; by pkg-config, by a project that holds
the sources (FetchContent, with FOVEA_FULL=1 also add_subdirectory) and exports a library over them; two copies in one
process, a plug-in that is unloaded and loaded again, fork, threads, a host that rounds in its own way, a host's mistakes;
a host's own threads, OpenMP, memory and pictures of OpenCV, and loads and runs that it ends; the snippet of
docs/embedding.md.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from support import SKIPPED, SOURCE, cached, install, run

PROGRAMS = SOURCE / "tests/install/programs"
MODEL = SOURCE / "weights/demo.h5"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
# name, compiler and options, library, program
KINDS = [
    ("g++ C++20 shared", ["g++", "-std=c++20", "-O2"], "shared", "plain"),
    ("g++ C++20 static", ["g++", "-std=c++20", "-O2"], "static", "plain"),
    ("headers by their first names", ["g++", "-std=c++20", "-Werror"], "shared", "old_names"),
    ("g++ C++23 shared", ["g++", "-std=c++23"], "shared", "plain"),
    ("g++ C++23 static", ["g++", "-std=c++23"], "static", "plain"),
    ("clang++ C++20 shared", ["clang++", "-std=c++20"], "shared", "plain"),
    ("clang++ C++20 static", ["clang++", "-std=c++20"], "static", "plain"),
    ("clang++ C++2b static", ["clang++", "-std=c++2b", "-O2"], "static", "plain"),
    ("without optimisation, with the library's assertions", ["g++", "-std=c++20", "-O0", "-g", "-D_GLIBCXX_ASSERTIONS"],
     "static", "plain"),
    ("link-time optimisation", ["g++", "-std=c++20", "-O2", "-flto"], "static", "plain"),
    ("address sanitizer, shared", ["g++", "-std=c++20", "-g1", "-fsanitize=address,undefined"], "shared", "forking"),
    ("address sanitizer, static", ["g++", "-std=c++20", "-g1", "-fsanitize=address,undefined"], "static", "misuse"),
    ("fork", ["g++", "-std=c++20"], "shared", "forking"),
    ("fork, clang", ["clang++", "-std=c++20"], "static", "forking"),
    ("threads", ["g++", "-std=c++20"], "shared", "sharing"),
    ("rounding", ["g++", "-std=c++20", "-O2", "-frounding-math"], "static", "rounding"),
    ("mistakes", ["clang++", "-std=c++20"], "shared", "misuse"),
    ("a host's threads", ["g++", "-std=c++20"], "shared", "lent"),
    ("a host's threads, clang", ["clang++", "-std=c++20"], "static", "lent"),
    ("a host's threads, address sanitizer", ["g++", "-std=c++20", "-g1", "-fsanitize=address,undefined"], "static", "lent"),
    ("memory", ["g++", "-std=c++20"], "shared", "memory"),
    ("memory, address sanitizer", ["g++", "-std=c++20", "-g1", "-fsanitize=address,undefined"], "static", "memory"),
    ("cancelled", ["g++", "-std=c++20"], "shared", "cancelled"),
    ("cancelled, address sanitizer", ["clang++", "-std=c++20", "-g1", "-fsanitize=address"], "static", "cancelled"),
]
OPENMP = [
    ("OpenMP", ["g++", "-std=c++20", "-fopenmp"], "shared", "openmp"),
    ("OpenMP, static", ["g++", "-std=c++20", "-O2", "-fopenmp"], "static", "openmp"),
    ("OpenMP of another compiler", ["clang++", "-std=c++20", "-fopenmp"], "shared", "openmp"),
]


def kinds():
    """Those that can be built here; what is left out is said."""
    found = list(KINDS)
    for kind in OPENMP:
        has_it = subprocess.run([*kind[1], "-x", "c++", "-", "-o", "/dev/null"], input="#include <omp.h>\nint main() {}", text=True,
                                capture_output=True, check=False).returncode == 0
        if cached("FOVEA_OPENMP") == "ON" and has_it:
            found.append(kind)
        else:
            print(f"left out: {kind[0]}, which the build or the compiler is without")
    if subprocess.run(["pkg-config", "--exists", "opencv4"], check=False).returncode == 0:
        flags = run("pkg-config", "--cflags", "opencv4").replace("-I", "-isystem").split()
        flags += ["-Wl,--no-as-needed", "-lopencv_core", "-lopencv_imgproc", "-Wl,--as-needed"]
        found.append(("cv::Mat", ["g++", "-std=c++20", *flags], "shared", "mat"))
    else:
        print("left out: cv::Mat, as OpenCV is not there")
    return found


class Installed:
    def __init__(self, work):
        self.work, self.prefix = work, work / "prefix"
        self.libraries = install(self.prefix)
        # Nothing of what stands behind fovea is asked for by who links the shared library.
        self.shared = self.flags("fovea", PKG_CONFIG_LIBDIR=str(self.libraries / "pkgconfig")) + [f"-Wl,-rpath,{self.libraries}"]
        self.static = self.flags("fovea-static")
        self.ran = 0

    def flags(self, package, **environment):
        environment = {**os.environ, "PKG_CONFIG_PATH": str(self.libraries / "pkgconfig"), **environment}
        words = run("pkg-config", "--cflags", "--libs", package, env=environment).split()
        return ["-isystem" + word[2:] if word.startswith("-I") else word for word in words]

    def compile(self, compiler, library, source, output, *more):
        run(*compiler, *WARNINGS, *more, source, "-o", output, *getattr(self, library), "-pthread", cwd=self.work)
        linked = "libfovea.so" in run("ldd", output)
        if linked != (library == "shared"):
            sys.exit(f"{output} links {'the shared library' if linked else 'no libfovea.so'}")
        return output

    def check(self, name, command, expected):
        got = run(command[0], MODEL, *command[1:], cwd=self.work).strip()
        if expected and got != expected:
            sys.exit(f"{name}: {got}, and others say {expected}")
        self.ran += 1
        return got


def single_programs(here, pool):
    chosen = kinds()

    def build(number):
        _, compiler, library, program = chosen[number]
        return here.compile(compiler, library, PROGRAMS / f"{program}.cpp", here.work / f"{program}-{number}")

    expected = None
    for (name, *_), output in zip(chosen, pool.map(build, range(len(chosen)))):
        expected = here.check(name, [output], expected)
    return expected


def plug_ins(here, expected, pool):
    def plug_in(name):
        run("g++", "-std=c++20", "-O2", "-fPIC", "-shared", f"-DPLUG={name}", PROGRAMS / "plug.cpp", "-o",
            here.work / f"{name}.so", *here.static, cwd=here.work)

    def host(program):
        run("g++", "-std=c++20", *WARNINGS, PROGRAMS / f"{program}.cpp", "-o", here.work / program, "-pthread", "-ldl")

    for done in [*pool.map(plug_in, ("plug_a", "plug_b")), *pool.map(host, ("two_copies", "reload"))]:
        assert done is None
    for scope in ("local", "global"):
        here.check(f"two copies, {scope}", [here.work / "two_copies", scope], expected)
    here.check("reload", [here.work / "reload"], expected)


def snippet(here, pool):
    """What stands in the documents compiles, as strictly as a user may want it."""
    text = (SOURCE / "docs/embedding.md").read_text(encoding="utf-8")
    code = re.search(r"```cpp\n#include <fovea/fovea.h>\n(.*?)```", text, re.DOTALL)[1]
    source = here.work / "snippet.cpp"
    source.write_text("#include <fovea/fovea.h>\n#include <iostream>\nint main() {\n" + code + "}\n", encoding="utf-8")

    def build(compiler):
        return here.compile([compiler, "-std=c++20"], "shared", source, here.work / f"snippet-{compiler}",
                            "-Wsign-conversion", "-Wshadow")

    here.ran += len(list(pool.map(build, ("g++", "clang++"))))


def cheap_build():
    """Compiles as the tested build was compiled, so that its ccache knows every object; without one, quickly."""
    launcher = cached("CMAKE_CXX_COMPILER_LAUNCHER")
    if launcher:
        same = [f"-D{name}={cached(name)}" for name in ("CMAKE_CXX_COMPILER", "CMAKE_BUILD_TYPE", "CMAKE_CXX_FLAGS")]
        return [*same, f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}", "-DFOVEA_WERROR=ON"]
    return ["-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG", "-DCMAKE_UNITY_BUILD=ON"]


def held_sources(here, expected, fetch):
    """A project that holds the sources, and one that uses what the first has installed."""
    folder, prefix = here.work / f"holder-{fetch}", here.work / f"held-{fetch}"
    run("cmake", "-S", PROGRAMS / "holder", "-B", folder, "-G", "Ninja", *cheap_build(),
        f"-DFOVEA_SOURCES={SOURCE}", f"-DPROGRAMS={PROGRAMS}", f"-DHOLDER_FETCH={'ON' if fetch else 'OFF'}",
        f"-DCMAKE_INSTALL_PREFIX={prefix}")
    run("cmake", "--build", folder)
    for kind in ("fovea", "shared"):
        here.check(f"held {kind}", [folder / f"plain-{kind}"], None)
        insides = subprocess.run(["cmake", "--build", folder, "--target", f"insides-{kind}"], capture_output=True,
                                 text=True, check=False)
        if insides.returncode == 0:
            sys.exit(f"fovea::{kind} shows its user the insides of the project")
    run("cmake", "--install", folder)
    guest = here.work / f"guest-{fetch}"
    run("cmake", "-S", PROGRAMS / "guest", "-B", guest, f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", guest)
    portable = run(guest / "guest", MODEL).strip()
    here.ran += 1
    if len(portable.split()) != len(expected.split()):
        sys.exit(f"guest: {portable}")


def main():
    if not MODEL.exists():
        print("skipped: weights/demo.h5 is not there")
        return SKIPPED
    work = pathlib.Path(tempfile.mkdtemp(prefix="fovea-programs-"))
    try:
        here = Installed(work)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            expected = single_programs(here, pool)
            plug_ins(here, expected, pool)
            snippet(here, pool)
        for fetch in (True, False) if os.environ.get("FOVEA_FULL") == "1" else (True,):
            held_sources(here, expected, fetch)
        print(f"{here.ran} programs agree: {expected}")
        return 0
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
