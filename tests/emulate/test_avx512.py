"""Runs the AVX-512 copy of the kernels where the processor lacks AVX-512: test_avx512.py BUILD_DIR.

The kernels' tests run on an emulated processor (processor.py): a chosen part of them, with FOVEA_FULL=1 all. Skipped where
the processor has AVX-512, as the tests then run as they are; FOVEA_EMULATE=1 has them emulated all the same.
"""
import importlib.util
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
FULL = os.environ.get("FOVEA_FULL") == "1"
NEEDED = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}
COPY = ["*/avx512", "SameBits.*"]
FEWEST_SUITES = 15
# What takes longest there: every other test of the same kernels runs.
SLOW = ["Gaussian.SmallPicturesOfEverySizeMatchReference/avx512"]
NEVER = ["*DeathTest*"]  # they start further processes
SKIPPED = 77


def setting(build, name):
    match = re.search(rf"^{name}:\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.MULTILINE)
    return match.group(1) if match else ""


def reason_to_skip(build):
    flags = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    if "avx512" not in setting(build, "FOVEA_ISAS").split(";") or setting(build, "FOVEA_SANITIZE"):
        return "this build has no AVX-512 copy, or sanitizers, which are not emulated"
    if flags and NEEDED <= set(flags.group(1).split()) and os.environ.get("FOVEA_EMULATE") != "1":
        return "this processor has AVX-512 and runs its copy in the other tests (FOVEA_EMULATE=1 emulates it all the same)"
    if importlib.util.find_spec("bochscpu") is None:
        return "needs the package of tests/emulate/requirements.txt"
    return ""


def emulate(program, *arguments):
    command = [sys.executable, HERE / "processor.py", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def suites(program):
    """{suite: its tests}; the program lists the AVX-512 copy's only where the processor has it."""
    listed = emulate(program, "--gtest_list_tests", f"--gtest_filter={':'.join(COPY)}-{':'.join(NEVER)}").stdout
    found, suite = {}, ""
    for line in listed.splitlines():
        name = line.split("#")[0].rstrip()
        if name.startswith("  ") and (FULL or suite + name.strip() not in SLOW):
            found.setdefault(suite, []).append(suite + name.strip())
        elif name.endswith("."):
            suite = name
    return found


def passed(program, names):
    """How many of the tests passed; prints what they said if not all did."""
    done = emulate(program, "--gtest_brief=1", f"--gtest_filter={':'.join(names)}")
    count = re.search(r"^\[  PASSED  \] (\d+) test", done.stdout, re.MULTILINE)
    good = int(count.group(1)) if count and "FAILED" not in done.stdout else 0
    if done.returncode != 0 or good != len(names):
        print(f"{names[0]} and others: exit status {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-2000:]}", flush=True)
        return 0
    return good


def main():
    build = Path(sys.argv[1])
    reason = reason_to_skip(build)
    if reason:
        print(f"skipped: {reason}")
        return SKIPPED
    subprocess.run(["cmake", "--build", build, "--target", "kernels_alone"], check=True, stdout=subprocess.DEVNULL)
    program = build / "bin" / "kernels_alone"
    found = suites(program)
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        good = sum(pool.map(lambda names: passed(program, names), found.values()))
    wanted = sum(map(len, found.values()))
    print(f"{good} of {wanted} tests of the AVX-512 copy, in {len(found)} suites, passed on the emulated processor")
    return 0 if good == wanted and len(found) >= FEWEST_SUITES else 1


if __name__ == "__main__":
    sys.exit(main())
