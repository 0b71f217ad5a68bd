"""Runs what was cross-built for 64-bit ARM under qemu: arm64.py NATIVE_BUILD ARM_BUILD [--full].

The bits must be those of this machine's own programs: of every kernel, of the golden networks, of a drawing that
batch-predict grades, what it was prepared to and the plot. Kernels are held against their references as well: each with
some of its tests, with --full those and the tests of layers and engine whole. scripts/test-arm builds and calls this.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from isas import known_isas

ISA = next(isa for isa in known_isas() if "aarch64" in isa.processors)
GOLDEN = ROOT / "tests" / "keras" / "golden"
DRAWING = ROOT / "weights" / "samples" / "drawn3_00001.jpg"
# What takes longest there: other tests try the same kernels.
SLOW = ["Gaussian.SmallPicturesOfEverySizeMatchReference/neon"]
# The kernel's /proc/cpuinfo is the host's; death tests start further processes.
NEVER = ["Cpu.AgreesWithTheKernelsList", "*DeathTest*"]
FEWEST_SUITES = 15
WHOLE = ["kernels_tests", "layers_tests", "engine_tests", "base_tests"]


class Arm:
    """The cross-built programs."""

    def __init__(self, build):
        self.build = build
        sysroot = re.search(r"^FOVEA_ARM64_SYSROOT:\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.MULTILINE)
        self.emulator = ["qemu-aarch64", "-cpu", ISA.emulated, "-L", sysroot.group(1)]

    def run(self, program, *arguments, **environment):
        return run([*self.emulator, self.build / "bin" / program, *arguments], **environment)


def run(command, **environment):
    known = {k: v for k, v in os.environ.items() if not k.startswith("FOVEA_")}
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False,
                          env={**known, **environment})


def say(good, what, result=None):
    print(f"{'passed' if good else 'FAILED'}: {what}", flush=True)
    if not good and result is not None:
        print(f"exit status {result.returncode}\n{result.stdout[-3000:]}{result.stderr[-2000:]}", flush=True)
    return good


def tests_passed(result):
    count = re.search(r"^\[  PASSED  \] (\d+) test", result.stdout, re.MULTILINE)
    return int(count.group(1)) if count and result.returncode == 0 else 0


def kernel_suites(arm):
    """{suite: its tests} of what is run."""
    listed = arm.run("kernels_alone", "--gtest_list_tests", f"--gtest_filter=-{':'.join(NEVER + SLOW)}").stdout
    found, suite = {}, ""
    for line in listed.splitlines():
        name = line.split("#")[0].rstrip()
        if name.startswith("  "):
            found.setdefault(suite, []).append(suite + name.strip())
        elif name.endswith("."):
            suite = name
    return found


def kernels_agree(native, arm, folder):
    """Every kernel against its reference, and bit by bit against this machine's."""
    bits = folder / "bits"
    recorded = run([native / "bin" / "kernels_tests", "--gtest_filter=SameBits.*"], FOVEA_TEST_BITS=str(bits))
    if not tests_passed(recorded):
        return say(False, "bits of this machine's kernels", recorded)
    lines = bits.read_text().splitlines()
    suites = kernel_suites(arm)

    def passes(suite):
        begin = time.monotonic()
        names = suites[suite]
        result = arm.run("kernels_alone", "--gtest_brief=1", f"--gtest_filter={':'.join(names)}", FOVEA_TEST_BITS=str(bits))
        done = tests_passed(result)
        # What does not hold on one instruction set alone is skipped.
        skipped = len(re.findall(r"^\[  SKIPPED \] \S+ \(", result.stdout, re.MULTILINE))
        return say(done > 0 and done + skipped == len(names),
                   f"{suite[:-1]} ({done} tests, {time.monotonic() - begin:.0f} s)", result)

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        good = all(list(pool.map(passes, suites)))
    same = bits.read_text().splitlines() == lines
    return all([good, say(same, f"{len(lines)} results of kernels have this machine's bits"),
                say(len(suites) >= FEWEST_SUITES, f"{len(suites)} suites")])


def networks_agree(native, arm, folder):
    good = True
    for model in sorted(GOLDEN.glob("*.h5")):
        if "weights" in model.name:
            continue
        image = model.with_suffix(".input.f32")
        for arithmetic, threads in (("fast", 2), ("direct", 1)):
            outputs = folder / "native.f32", folder / "arm.f32"
            words = ["--arithmetic", arithmetic, "--threads", threads]
            run([native / "bin" / "fovea-run", model, image, outputs[0], *words])
            result = arm.run("fovea-run", model, image, outputs[1], *map(str, words))
            same = result.returncode == 0 and outputs[0].read_bytes() == outputs[1].read_bytes() != b""
            good = say(same, f"{model.name}, {arithmetic}, {threads} threads: this machine's bits", result) and good
    return good


def grade(program, folder, inputs):
    """Runs batch-predict into the folder; its result."""
    return program("batch-predict", "--demo", "--input", *inputs, "--output", folder / "labels.csv", "--details", "--plot",
                   folder / "plot.png", "--save-preprocessed", folder / "prepared", "--quiet")


def drawing_agrees(native, arm, folder):
    """A picture's way through batch-predict: decoded, prepared, graded, and what is drawn of it. As JPEG and as PNG."""
    def own(program, *arguments):
        return run([native / "bin" / program, *arguments])

    first, ours, theirs = folder / "first", folder / "native", folder / "arm"
    made = grade(own, first, [DRAWING])
    png = first / "prepared" / f"{DRAWING.stem}.png"
    if made.returncode != 0 or not png.exists():
        return say(False, "this machine's batch-predict", made)
    inputs = [DRAWING, png.rename(folder / "drawing.png")]
    results = [grade(own, ours, inputs), grade(arm.run, theirs, inputs)]
    names = ["labels.csv", "plot.png", f"prepared/{DRAWING.stem}.png", "prepared/drawing.png"]
    good = all(result.returncode == 0 for result in results)
    return say(good and all((ours / n).read_bytes() == (theirs / n).read_bytes() for n in names),
               f"{DRAWING.name}, and as PNG: grades, prepared pictures and plot, byte by byte", results[1])


def whole_programs_pass(arm):
    good = True
    for program in WHOLE:
        result = arm.run(program, "--gtest_brief=1", f"--gtest_filter=-{':'.join(NEVER)}")
        good = say(tests_passed(result) > 0, f"{program}: {tests_passed(result)} tests", result) and good
    return good


def main():
    native, arm = Path(sys.argv[1]), Arm(Path(sys.argv[2]))
    if shutil.which(arm.emulator[0]) is None:
        print("skipped: needs qemu-aarch64 (Debian: qemu-user)")
        return 77
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        good = [drawing_agrees(native, arm, folder), networks_agree(native, arm, folder), kernels_agree(native, arm, folder)]
    checks = run([sys.executable, ROOT / "tests" / "checks" / "symbols.py", arm.build])
    good.append(say(checks.returncode == 0, "the copy shares no symbol", checks))
    if "--full" in sys.argv[3:]:
        good.append(whole_programs_pass(arm))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
