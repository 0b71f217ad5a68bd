"""Checks that the copies of the kernels share no symbol: symbols.py BUILD_DIR.

The linker keeps one of several weak symbols of one name. If that is the AVX-512 copy's, AVX2 code dies on machines
without AVX-512. So every global or weak symbol defined in a copy must carry the name of the copy. Optimisation hides
such symbols by inlining, so one copy is also compiled at -O0 here, with the flags of kernels/isa.def. Before the real
objects are read, the check proves that it notices a shared symbol.
"""
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from isas import known_isas

NOT_KERNELS = {"cpu.cpp", "dispatch.cpp", "isa.cpp"}  # compiled once, for every machine
UNOPTIMISED = ("avx2", "neon")  # they need no newer compiler, and have FMA


def shared_symbols(nm_output, copy):
    """Names of defined global, weak or unique symbols that do not carry the copy's name."""
    found = []
    for line in nm_output.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue  # a file name, or an undefined symbol
        kind, name = fields[-2], fields[-1]
        if (kind.isupper() or kind in "uvw") and kind != "U" and copy not in name:
            found.append(f"{kind} {name}")
    return found


def self_test():
    own = "0000000000000000 T _ZN5fovea4avx28add_convERNS_11KernelTableE\n"
    assert shared_symbols(own, "avx2") == []
    assert len(shared_symbols(own, "avx512")) == 1
    assert shared_symbols("0000000000000010 t _ZN5fovea12helper\n                 U memcpy\n", "avx2") == []
    for kind in "TDBRWVu":
        line = f"0000000000000000 {kind} _ZNSt14numeric_limitsIfE8infinityEv\n"
        assert len(shared_symbols(line, "avx2")) == 1, kind


def tool(build, name):
    """What CMake found as CMAKE_<name>."""
    files = [build / "CMakeCache.txt", *sorted(build.glob("CMakeFiles/*/CMakeCXXCompiler.cmake"))]
    found = (re.search(rf'\bCMAKE_{name}(?::\w+=| ")([^"\n]+)', file.read_text()) for file in files)
    return next(match.group(1) for match in found if match)


def nm(build, objects):
    result = subprocess.run([tool(build, "NM"), "--defined-only", *map(str, objects)], capture_output=True, text=True, check=True)
    return result.stdout


def copies(build):
    """The object files of each copy in a build directory."""
    found = {}
    for directory in sorted((build / "kernels" / "CMakeFiles").glob("fovea_kernels_*.dir")):
        objects = sorted(directory.rglob("*.o"))
        if objects:
            found[directory.name.removeprefix("fovea_kernels_").removesuffix(".dir")] = objects
    return found


def compile_unoptimised(build, copy, directory):
    flags = "-std=c++20 -O0 -c -ffp-contract=off -fno-exceptions -fno-rtti".split()
    base = [tool(build, "CXX_COMPILER"), *flags, f"-I{ROOT}"]
    definitions = next(isa for isa in known_isas() if isa.name == copy).definitions()
    sources = [s for s in sorted((ROOT / "kernels").glob("*.cpp")) if s.name not in NOT_KERNELS]

    def compile_one(source):
        target = Path(directory) / (source.stem + ".o")
        subprocess.run([*base, *definitions, str(source), "-o", str(target)], check=True)
        return target

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(compile_one, sources))


def report(build, title, objects, copy):
    shared = shared_symbols(nm(build, objects), copy)
    print(f"{title}: {len(objects)} objects, {len(shared)} shared symbols")
    demangled = subprocess.run(["c++filt"], input="\n".join(shared), capture_output=True, text=True, check=True).stdout
    for line in sorted(set(demangled.split("\n"))):
        if line:
            print("  " + line)
    return not shared


def main():
    self_test()
    build = Path(sys.argv[1])
    found = copies(build)
    if not found:
        print(f"{build}: no kernel objects found")
        return 1
    good = all([report(build, copy, objects, copy) for copy, objects in found.items()])
    for copy in found.keys() & UNOPTIMISED:
        with tempfile.TemporaryDirectory() as directory:
            objects = compile_unoptimised(build, copy, directory)
            good = report(build, f"{copy} at -O0", objects, copy) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
