"""Installs fovea into an empty prefix and uses it as another project would.

Builds examples/embed against it by CMake and by pkg-config, shared and static, and examples/c, examples/go and examples/rust
by what their users build with, checks that nothing of OpenCV or HDF5 is linked, and that every one of them prints, bit by bit,
the probabilities that the installed batch-predict writes for the same pictures, and its grade: prepared by the model's own
card, by another with every step, and by none.
"""

import csv
import json
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from isas import known_isas
from languages import LANGUAGES
from support import SKIPPED, SOURCE, install, run

EXAMPLE = SOURCE / "examples" / "embed"


def build_by_cmake(prefix, folder, static):
    run("cmake", "-S", EXAMPLE, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release",
        f"-DEMBED_STATIC={'ON' if static else 'OFF'}", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror")
    run("cmake", "--build", folder)
    return folder / "embed"


def build_by_pkg_config(prefix, folder, static):
    folder.mkdir()
    library_dir = next(prefix.rglob("fovea.pc")).parent
    environment = dict(os.environ, PKG_CONFIG_PATH=str(library_dir))
    if static:
        # Only fovea itself statically: what stands behind it is Debian's, as shared libraries.
        flags = run("pkg-config", "--static", "--cflags", "--libs", "fovea", env=environment)
        flags = flags.replace("-lfovea", "-l:libfovea.a")
    else:
        flags = run("pkg-config", "--cflags", "--libs", "fovea", env=environment)
        flags += f" -Wl,-rpath,{library_dir.parent}"
    program = folder / "embed"
    run("g++", "-std=c++20", "-O2", EXAMPLE / "embed.cpp", "-o", program, *flags.split())
    return program


def check_links(binary, static):
    """Nothing of OpenCV or HDF5, directly or through another library, and libfovea exactly where it should be."""
    libraries = run("ldd", binary)
    if re.search("opencv|hdf5|not found", libraries):
        sys.exit(f"{binary} links what it should not:\n{libraries}")
    if ("libfovea.so" in libraries) == static:
        sys.exit(f"{binary} should link libfovea {'statically' if static else 'as shared library'}:\n{libraries}")


def check_exports(prefix):
    """The shared library exports fovea's own interface and nothing of what it is made of."""
    library = next(prefix.rglob("libfovea.so"))
    symbols = run("nm", "-DC", "--defined-only", library).splitlines()
    names = [line.split(maxsplit=2)[2] for line in symbols]
    copies = rf"\bfovea::({'|'.join(isa.name for isa in known_isas())})::"
    if not any(name.startswith("fovea::Session::run(") for name in names):
        sys.exit(f"{library} does not export fovea::Session::run")
    foreign = [name for name in names if "nlohmann" in name or re.search(copies, name)]
    if foreign:
        sys.exit(f"{library} exports its insides: {foreign[:3]}")


def write_pictures(folder, name, width, height):
    """The same picture, a bright disc with gradients and noise on dark ground, as PPM and as BMP."""
    noise = random.Random(4)
    def pixel(x, y):
        inside = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (0.45 * min(width, height)) ** 2
        level = [90 + x * 60 // width, 60 + y * 60 // height, 40] if inside else [0, 0, 0]
        return [value + noise.randrange(5) for value in level]
    rows = [[pixel(x, y) for x in range(width)] for y in range(height)]
    ppm = f"P6\n{width} {height}\n255\n".encode() + bytes(v for row in rows for pixel in row for v in pixel)
    (folder / f"{name}.ppm").write_bytes(ppm)
    padding = bytes(-3 * width % 4)
    data = b"".join(bytes(v for pixel in row for v in reversed(pixel)) + padding for row in reversed(rows))
    header = struct.pack("<2sIHHI", b"BM", 54 + len(data), 0, 0, 54)
    header += struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(data), 2835, 2835, 0, 0)
    (folder / f"{name}.bmp").write_bytes(header + data)


def float_bits(words):
    """The bit patterns of the floats nearest to decimal numbers."""
    return [struct.pack("<f", float(word)).hex() for word in words]


def cases(weights, folder):
    """(name of picture and card), written to the folder: the demo model's own card, every step there is, no step."""
    card = json.loads((weights / "demo.json").read_text(encoding="utf-8"))
    size = next(step for step in card["preprocessing"]["steps"] if step["op"] == "resize")
    own = card["preprocessing"]["steps"]
    every = [{"op": "crop_grey", "tolerance": 7}, {"op": "crop_circle"},
             {"op": "gaussian_contrast", "sigma": 7.5, "weight": 4, "blur_weight": -4, "offset": 128},
             dict(size, interpolation="area")]
    for name, steps, side in (("own", own, (431, 389)), ("every", every, (701, 467)),
                              ("none", [], (size["width"], size["height"]))):
        card["preprocessing"]["steps"] = steps
        (folder / f"{name}.json").write_text(json.dumps(card), encoding="utf-8")
        write_pictures(folder, name, *side)
        yield name, len(card["classes"])


def expected_answer(prefix, weights, folder, name, classes):
    """What the installed batch-predict says about the picture: its grade and the bits of the probabilities."""
    labels = folder / f"{name}.csv"
    run(prefix / "bin" / "batch-predict", "--model", weights / "demo.h5", "--card", folder / f"{name}.json",
        "--input", folder / f"{name}.bmp", "--output", labels, "--details")
    with open(labels, newline="", encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    return row["diagnosis"], float_bits(row[f"p{i}"] for i in range(classes))


def check_refusal(program, weights, folder):
    """A model that is not there is said in one line, with exit code 2."""
    missing = folder / "missing.h5"
    done = subprocess.run([program, missing, weights / "demo.json", folder / "own.ppm"], capture_output=True, text=True,
                          check=False)
    if done.returncode != 2 or len(done.stderr.splitlines()) != 1 or str(missing) not in done.stderr:
        sys.exit(f"{program}: exit code {done.returncode} for a missing model: {done.stderr}")


def main():
    work = pathlib.Path(tempfile.mkdtemp(prefix="fovea-install-"))
    try:
        first_prefix, prefix = work / "first", work / "prefix"
        install(first_prefix)
        first_prefix.rename(prefix)  # an installed tree can be moved
        check_exports(prefix)
        programs = []
        for static in (False, True):
            kind = "static" if static else "shared"
            programs.append(build_by_cmake(prefix, work / f"cmake-{kind}", static))
            check_links(programs[-1], static)
            programs.append(build_by_pkg_config(prefix, work / f"pkg-config-{kind}", static))
            check_links(programs[-1], static)
        graders = [program for build in LANGUAGES for program in build(prefix, work)]
        for program in graders:
            check_links(program, False)

        weights = prefix / "share" / "fovea" / "weights"
        if not (weights / "demo.h5").exists():
            print("skipped: weights/demo.h5 is not there; the example was built, not run")
            return SKIPPED
        for name, classes in cases(weights, work):
            grade, expected = expected_answer(prefix, weights, work, name, classes)
            for program in programs:
                got = float_bits(run(program, weights / "demo.h5", work / f"{name}.json", work / f"{name}.ppm").split())
                if got != expected:
                    sys.exit(f"{program}, {name}: {got}, but batch-predict says {expected}")
            for program in graders:
                first, *rest = run(program, weights / "demo.h5", work / f"{name}.json", work / f"{name}.ppm").splitlines()
                if first.split()[:2] != ["grade", grade] or float_bits(rest) != expected:
                    sys.exit(f"{program}, {name}: {first} {rest}, but batch-predict says {grade} {expected}")
            print(f"{len(programs) + len(graders)} programs agree with batch-predict, {name}: {grade} {expected}")
        for program in programs + graders:
            check_refusal(program, weights, work)
        return 0
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
