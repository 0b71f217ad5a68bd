"""examples/camera, built against an installed fovea and OpenCV: every frame of a sequence gets what examples/embed says of
the same picture, and what is no video is an error.
"""

import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

from support import SKIPPED, SOURCE, install, run

MODEL, CARD = SOURCE / "weights/demo.h5", SOURCE / "weights/demo.json"
FRAMES = 3


def build(prefix, work, example):
    folder = work / example
    run("cmake", "-S", SOURCE / "examples" / example, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release",
        "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror")
    run("cmake", "--build", folder)
    return folder / example


def write_frame(path, number, width=240, height=180):
    """A bright disc of another colour in every frame."""
    noise = random.Random(number)
    colour = [90 + 50 * number, 60, 40 + 30 * number]
    def pixel(x, y):
        inside = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (0.45 * height) ** 2
        return [value + noise.randrange(9) for value in (colour if inside else [0, 0, 0])]
    path.write_bytes(f"P6\n{width} {height}\n255\n".encode() + bytes(v for y in range(height) for x in range(width) for v in pixel(x, y)))


def main():
    if not MODEL.exists() or subprocess.run(["pkg-config", "--exists", "opencv4"], check=False).returncode != 0:
        print("skipped: needs weights/demo.h5 and OpenCV's development files")
        return SKIPPED
    work = pathlib.Path(tempfile.mkdtemp(prefix="fovea-camera-"))
    try:
        install(work / "prefix")
        camera, embed = (build(work / "prefix", work, example) for example in ("camera", "embed"))
        for number in range(FRAMES):
            write_frame(work / f"frame{number}.ppm", number)
        lines = run(camera, MODEL, CARD, work / "frame%d.ppm").splitlines()
        if len(lines) != FRAMES:
            sys.exit(f"{FRAMES} frames, and the camera says:\n" + "\n".join(lines))
        for number, line in enumerate(lines):
            said = [float(word) for word in line.split(": grade ")[1].split()[1:]]
            expected = [float(word) for word in run(embed, MODEL, CARD, work / f"frame{number}.ppm").split()]
            if len(said) != len(expected) or any(abs(a - b) > 1e-5 for a, b in zip(said, expected)):
                sys.exit(f"frame {number}: {said}, and embed says {expected}")
        if lines[0].split(":")[1] == lines[1].split(":")[1] or run(camera, MODEL, CARD, work / "frame%d.ppm", 2).count("\n") != 2:
            sys.exit("frames are not told apart, or not counted")
        for source in (work / "nothing.avi", CARD):
            wrong = subprocess.run([camera, MODEL, CARD, source], capture_output=True, text=True, check=False)
            if wrong.returncode != 2 or str(source) not in wrong.stderr.splitlines()[-1]:
                sys.exit(f"{source}: exit code {wrong.returncode}\n{wrong.stderr}")
        print(f"{FRAMES} frames as embed has them")
        return 0
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
