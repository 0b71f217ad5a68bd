"""Runs the kernel tests on processors that lack the higher instruction sets: lower_isas.py BUILD_DIR.

qemu ends a program that executes an instruction its processor does not have, so an AVX-512 instruction in the AVX2
copy, or AVX in the portable one, shows here. Skipped, with a line, where qemu-user
is missing, and under sanitizers, which do not run in it.
"""
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

# Processor, and the copies that must run on it.
PROCESSORS = {"Nehalem": {"portable"}, "Haswell": {"portable", "avx2"}}
# The kernel's /proc/cpuinfo is the host's, and death tests are about our buffers, not about kernels.
NEVER = ["Cpu.AgreesWithTheKernelsList", "*DeathTest*"]
SKIPPED = 77


def run_on(processor, tests, qemu):
    command = [qemu, "-cpu", processor, str(tests), f"--gtest_filter=-{':'.join(NEVER)}", "--gtest_brief=1"]
    environment = {k: v for k, v in os.environ.items() if k != "FOVEA_FULL"}  # sweeps over every float take hours here
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    covered = re.search(r"^instruction sets covered:(.*?);", result.stdout, re.MULTILINE)
    return result, set(covered.group(1).split()) if covered else set()


def setting(build, name):
    match = re.search(rf"^{name}:\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.MULTILINE)
    return match.group(1) if match else ""


def main():
    build = Path(sys.argv[1])
    qemu, tests = shutil.which("qemu-x86_64"), build / "bin" / "kernels_tests"
    if setting(build, "FOVEA_SANITIZE"):
        print("skipped: a build with sanitizers does not run under qemu")
        return SKIPPED
    if platform.machine() != "x86_64" or qemu is None:
        print("skipped: needs qemu-x86_64 (Debian: qemu-user) on an x86-64 machine")
        return SKIPPED
    good, built = True, set(setting(build, "FOVEA_ISAS").split(";"))
    for processor, copies in PROCESSORS.items():
        expected = copies & built
        result, covered = run_on(processor, tests, qemu)
        passed = result.returncode == 0 and covered == expected
        good = good and passed
        print(f"{processor}: covered {' '.join(sorted(covered))}: {'passed' if passed else 'FAILED'}")
        if not passed:
            print(f"exit status {result.returncode}, expected {' '.join(sorted(expected))}")
            print(result.stdout[-4000:], result.stderr[-2000:])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
