"""Runs tests on processors that lack the higher instruction sets: lower_isas.py BUILD_DIR.

qemu ends a program that executes an instruction its processor does not have, so an AVX-512 instruction in the AVX2
copy, or AVX in the portable one or in what is built only once, shows here. All tests of kernels run, and whole
networks of every layer and every method of convolution. Skipped, with a line, where qemu-user is missing, and under
sanitizers, which do not run in it.
"""
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from isas import known_isas

# The kernel's /proc/cpuinfo is the host's, and death tests are about our buffers, not about kernels.
NEVER = ["Cpu.AgreesWithTheKernelsList", "*DeathTest*"]
NETWORKS = ["Session.RunsItsLayersOneByOne", "Session.SeveralAtOnce*", "Portable.IsClose", "BitsNetwork.*"]
SKIPPED = 77


def run_on(processor, tests, names, qemu):
    command = [qemu, "-cpu", processor, str(tests), f"--gtest_filter={names}", "--gtest_brief=1"]
    environment = {k: v for k, v in os.environ.items() if k != "FOVEA_FULL"}  # sweeps over every float take hours here
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    if result.returncode != 0:
        print(f"{processor}, {tests.name}: exit status {result.returncode}")
        print(result.stdout[-4000:], result.stderr[-2000:])
    return result


def passes(processor, expected, build, qemu):
    """True if the kernel tests covered exactly these copies, and everything passed."""
    kernels = run_on(processor, build / "bin" / "kernels_tests", f"-{':'.join(NEVER)}", qemu)
    line = re.search(r"^instruction sets covered:(.*?);", kernels.stdout, re.MULTILINE)
    covered = set(line.group(1).split()) if line else set()
    networks = run_on(processor, build / "bin" / "engine_tests", ":".join(NETWORKS), qemu)
    some = re.search(r"^\[  PASSED  \] [1-9]", networks.stdout, re.MULTILINE)
    passed = kernels.returncode == 0 and networks.returncode == 0 and covered == expected and some is not None
    print(f"{processor}: covered {' '.join(sorted(covered))}: {'passed' if passed else 'FAILED'}")
    if covered != expected:
        print(f"expected {' '.join(sorted(expected))}")
    return passed


def processors():
    """Emulated processors, and the copies that must run on each: its own and those before it."""
    isas = [isa for isa in known_isas() if platform.machine() in isa.processors]
    return {isa.emulated: {lower.name for lower in isas[:i + 1]} for i, isa in enumerate(isas) if isa.emulated}


def setting(build, name):
    match = re.search(rf"^{name}:\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.MULTILINE)
    return match.group(1) if match else ""


def main():
    build = Path(sys.argv[1])
    qemu = shutil.which("qemu-x86_64")
    if setting(build, "FOVEA_SANITIZE"):
        print("skipped: a build with sanitizers does not run under qemu")
        return SKIPPED
    if platform.machine() != "x86_64" or qemu is None:
        print("skipped: needs qemu-x86_64 (Debian: qemu-user) on an x86-64 machine")
        return SKIPPED
    built = set(setting(build, "FOVEA_ISAS").split(";"))
    good = [passes(processor, copies & built, build, qemu) for processor, copies in processors().items()]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
