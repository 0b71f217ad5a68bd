"""Programs of many kinds that embed an installed fovea: each builds without a warning and answers with the same bits.

Compilers, language versions, sanitizers and link-time optimisation; both libraries; by pkg-config, by a project that holds
the sources (FetchContent, with FOVEA_FULL=1 also add_subdirectory) and exports a library over them; two copies in one
process, a plug-in that is unloaded and loaded again, fork, threads, a host that rounds in its own way, a host's mistakes;
the snippet of docs/embedding.md.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["FOVEA_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["FOVEA_BIN_DIR"]).parent
PROGRAMS = SOURCE / "tests/install/programs"
MODEL = SOURCE / "weights/demo.h5"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
# name, compiler and options, library, program
KINDS = [
    ("g++ C++20 shared", ["g++", "-std=c++20", "-O2"], "shared", "plain"),
    ("g++ C++20 static", ["g++", "-std=c++20", "-O2"], "static", "plain"),
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
]


def run(command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nexit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Installed:
    def __init__(self, work):
        self.work, self.prefix = work, work / "prefix"
        run(["cmake", "--install", BUILD, "--prefix", self.prefix])
        self.libraries = next(self.prefix.rglob("fovea.pc")).parent
        # Nothing of what stands behind fovea is asked for by who links the shared library.
        self.shared = self.flags("fovea", PKG_CONFIG_LIBDIR=str(self.libraries)) + [f"-Wl,-rpath,{self.libraries.parent}"]
        self.static = self.flags("fovea-static")
        self.ran = 0

    def flags(self, package, **environment):
        environment = {**os.environ, "PKG_CONFIG_PATH": str(self.libraries), **environment}
        words = run(["pkg-config", "--cflags", "--libs", package], env=environment).split()
        return ["-isystem" + word[2:] if word.startswith("-I") else word for word in words]

    def compile(self, compiler, library, source, output, *more):
        run([*compiler, *WARNINGS, *more, source, "-o", output, *getattr(self, library), "-pthread"], cwd=self.work)
        linked = "libfovea.so" in run(["ldd", output])
        if linked != (library == "shared"):
            sys.exit(f"{output} links {'the shared library' if linked else 'no libfovea.so'}")
        return output

    def check(self, name, command, expected):
        got = run([*command[:1], MODEL, *command[1:]], cwd=self.work).strip()
        if expected and got != expected:
            sys.exit(f"{name}: {got}, and others say {expected}")
        self.ran += 1
        return got


def single_programs(here):
    expected = None
    for number, (name, compiler, library, program) in enumerate(KINDS):
        output = here.compile(compiler, library, PROGRAMS / f"{program}.cpp", here.work / f"{program}-{number}")
        expected = here.check(name, [output], expected)
    return expected


def plug_ins(here, expected):
    for name in ("plug_a", "plug_b"):
        run(["g++", "-std=c++20", "-O2", "-fPIC", "-shared", f"-DPLUG={name}", PROGRAMS / "plug.cpp", "-o",
             here.work / f"{name}.so", *here.static], cwd=here.work)
    for program in ("two_copies", "reload"):
        run(["g++", "-std=c++20", *WARNINGS, PROGRAMS / f"{program}.cpp", "-o", here.work / program, "-pthread", "-ldl"])
    for scope in ("local", "global"):
        here.check(f"two copies, {scope}", [here.work / "two_copies", scope], expected)
    here.check("reload", [here.work / "reload"], expected)


def snippet(here):
    """What stands in the documents compiles, as strictly as a user may want it."""
    text = (SOURCE / "docs/embedding.md").read_text(encoding="utf-8")
    code = re.search(r"```cpp\n#include <fovea/fovea.h>\n(.*?)```", text, re.DOTALL)[1]
    source = here.work / "snippet.cpp"
    source.write_text("#include <fovea/fovea.h>\n#include <iostream>\nint main() {\n" + code + "}\n", encoding="utf-8")
    for compiler in (["g++", "-std=c++20"], ["clang++", "-std=c++20"]):
        here.compile(compiler, "shared", source, here.work / "snippet", "-Wsign-conversion", "-Wshadow")
        here.ran += 1


def held_sources(here, expected, fetch):
    """A project that holds the sources, and one that uses what the first has installed."""
    folder, prefix = here.work / f"holder-{fetch}", here.work / f"held-{fetch}"
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    run(["cmake", "-S", PROGRAMS / "holder", "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", *launcher,
         f"-DFOVEA_SOURCES={SOURCE}", f"-DPROGRAMS={PROGRAMS}", f"-DHOLDER_FETCH={'ON' if fetch else 'OFF'}",
         f"-DCMAKE_INSTALL_PREFIX={prefix}"])
    run(["cmake", "--build", folder])
    for kind in ("fovea", "shared"):
        here.check(f"held {kind}", [folder / f"plain-{kind}"], None)
        insides = subprocess.run(["cmake", "--build", folder, "--target", f"insides-{kind}"], capture_output=True,
                                 text=True, check=False)
        if insides.returncode == 0:
            sys.exit(f"fovea::{kind} shows its user the insides of the project")
    run(["cmake", "--install", folder])
    guest = here.work / f"guest-{fetch}"
    run(["cmake", "-S", PROGRAMS / "guest", "-B", guest, f"-DCMAKE_PREFIX_PATH={prefix}"])
    run(["cmake", "--build", guest])
    portable = run([guest / "guest", MODEL]).strip()
    here.ran += 1
    if len(portable.split()) != len(expected.split()):
        sys.exit(f"guest: {portable}")


def main():
    if not MODEL.exists():
        print("skipped: weights/demo.h5 is not there")
        return 77
    work = pathlib.Path(tempfile.mkdtemp(prefix="fovea-programs-"))
    try:
        here = Installed(work)
        expected = single_programs(here)
        plug_ins(here, expected)
        snippet(here)
        for fetch in (True, False) if os.environ.get("FOVEA_FULL") == "1" else (True,):
            held_sources(here, expected, fetch)
        print(f"{here.ran} programs agree: {expected}")
        return 0
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
