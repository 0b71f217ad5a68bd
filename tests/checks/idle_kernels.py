"""Checks that every kernel has a test of its own: idle_kernels.py BUILD_DIR.

Makes one kernel of the table after the other do nothing (tests/support/idle_kernel.h) and runs the kernels' tests, which
must fail each time, and pass where none idles. The tests named like the kernel's family run first, then all of them.
Skipped under sanitizers, where the same would take minutes and say no more.
"""
import os
import re
import subprocess
import sys
from pathlib import Path

ENTRIES = Path(__file__).resolve().parents[1] / "support" / "kernel_entries.h"
SKIPPED = 77


def kernels():
    """Names of all kernels, as `family.name`."""
    text = ENTRIES.read_text()
    families = re.findall(r"^  FOVEA_FAMILY\((\w+), ([^)]*)\)", text, re.MULTILINE)
    names = [f"{family}.{name}" for family, names in families for name in re.split(r",\s*", names)]
    return [name for name in names if name not in ("conv.pixels", "conv.channels")]


def passes(tests, idle, names):
    command = [str(tests), f"--gtest_filter={names}", "--gtest_brief=1", "--gtest_fail_fast"]
    environment = {k: v for k, v in os.environ.items() if k != "FOVEA_FULL"}
    if idle:
        environment["FOVEA_TEST_IDLE_KERNEL"] = idle
    return subprocess.run(command, capture_output=True, env=environment).returncode == 0


def main():
    build = Path(sys.argv[1])
    if re.search(r"^FOVEA_SANITIZE:\w+=.+$", (build / "CMakeCache.txt").read_text(), re.MULTILINE):
        print("skipped: a build with sanitizers")
        return SKIPPED
    tests = build / "bin" / "kernels_tests"
    found = kernels()
    if not passes(tests, "", "*Lanes*"):
        print("the tests fail as they are")
        return 1
    untested = [name for name in found
                if passes(tests, name, f"*{name.split('.')[0].capitalize()}*") and passes(tests, name, "*")]
    for name in untested:
        print(f"{name}: no test of kernels notices that it does nothing")
    print(f"{len(found)} kernels, {len(untested)} without a test")
    return 1 if untested or not found else 0


if __name__ == "__main__":
    sys.exit(main())
