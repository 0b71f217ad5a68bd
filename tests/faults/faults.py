"""Runs a program again and again, each time with one call of the system that fails, and looks at what it leaves."""
import itertools
import os
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOURCE = Path(os.environ["FOVEA_SOURCE_DIR"])
TOOLS = Path(os.environ["FOVEA_BIN_DIR"])
LIBRARY = TOOLS / "inject.so"
FULL = os.environ.get("FOVEA_FULL") == "1"

# How each kind of call can fail. A kill stands for a power cut at that moment.
FAULTS = {"write": ["EIO", "ENOSPC", "EINTR", "short", "kill"], "sync": ["EIO", "EINTR", "kill"],
          "rename": ["EIO", "ENOSPC", "kill"], "open": ["EIO", "EMFILE", "EINTR", "kill"],
          "read": ["EIO", "EINTR", "short"], "remove": ["EIO", "kill"], "close": ["EIO", "EINTR"],
          "memory": ["ENOMEM", "kill"]}


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def killed(self):
        return self.code == -signal.SIGKILL

    def complaints(self):
        """The lines of standard error."""
        return [line for line in self.err.splitlines() if line.strip()]


def environment(fault, report=None):
    extra = {"LD_PRELOAD": str(LIBRARY), "FOVEA_FAULT": fault}
    if report is not None:
        extra["FOVEA_FAULT_REPORT"] = str(report)
    return {**os.environ, **extra}


def run(command, fault=None, report=None):
    env = environment(fault, report) if fault else None
    done = subprocess.run([str(word) for word in command], env=env, capture_output=True, timeout=120, check=False)
    return Result(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def counted(report):
    return {kind: int(count) for kind, count in (line.split() for line in report.read_text().splitlines())}


class Scenario:
    """One short run: `prepare(folder)` lays out what is there before, `command(folder)` is what is run, and
    `judge(folder, result, fault)` returns what is wrong with the state left behind, or nothing."""

    most = 60  # faults of one kind and manner in an ordinary run; FOVEA_FULL=1 tries them all

    def prepare(self, folder):
        raise NotImplementedError

    def command(self, folder):
        raise NotImplementedError

    def judge(self, folder, result, fault):
        raise NotImplementedError

    def attempt(self, folder, fault, report=None):
        return run(self.command(folder), fault, report)

    def one(self, fault):
        with tempfile.TemporaryDirectory(prefix="fovea-fault-") as name:
            folder = Path(name)
            self.prepare(folder)
            result = self.attempt(folder, fault)
            wrong = self.judge(folder, result, fault)
            return f"{type(self).__name__} {fault}: {wrong}\n  exit {result.code}: {result.err[-400:]}" if wrong else None

    def counts(self):
        with tempfile.TemporaryDirectory(prefix="fovea-fault-") as name:
            folder = Path(name)
            self.prepare(folder)
            self.attempt(folder, "count", folder / "counts")
            return counted(folder / "counts")

    def faults(self, kinds):
        counts = self.counts()
        for kind in kinds:
            for how in FAULTS[kind]:
                total, most = counts[kind], counts[kind] if FULL else self.most
                chosen = range(1, total + 1) if total <= most else sorted(
                    {1 + i * (total - 1) // (most - 1) for i in range(most)})
                yield from (f"{kind}:{number}:{how}" for number in chosen)

    def failures(self, kinds):
        faults = list(self.faults(kinds))
        assert faults, "a run without calls tests nothing"
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = [wrong for wrong in pool.map(self.one, faults) if wrong]
        print(f"{type(self).__name__}: {len(faults)} faults in {', '.join(kinds)}, {len(found)} not survived", flush=True)
        return found


def clean_end(result, tool, codes=(2,)):
    """What is wrong with how a program ended that reports a failure."""
    if result.code not in codes:
        return f"exit code {result.code}"
    lines = result.complaints()
    if not lines or not any(line.startswith(f"{tool}: ") for line in lines):
        return f"no line of {tool} says why"
    if re.search(r"terminate called|what\(\):|Assertion|basic_string|std::", result.err):
        return "an exception is shown"
    return None


def leftovers(folder):
    return [path.name for path in folder.rglob(".fovea-*")]


def whole(path, *accepted):
    """Whether a file is absent or one of these contents."""
    return not path.exists() or path.read_bytes() in accepted


def whole_png(data):
    """Whether these bytes are a PNG with all its chunks, unharmed, and all its rows of 8-bit RGB."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return False
    at, kinds, packed = 8, [], b""
    while at + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8:at + 8 + size]
        if len(data) < at + 12 + size or zlib.crc32(kind + body) != struct.unpack_from(">I", data, at + 8 + size)[0]:
            return False
        kinds.append(kind)
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    if at != len(data) or kinds[:1] != [b"IHDR"] or kinds[-1] != b"IEND":
        return False
    width, height, depth, colour = struct.unpack_from(">IIBB", data, 16)
    return (depth, colour) == (8, 2) and len(zlib.decompress(packed)) == height * (1 + 3 * width)


def pictures(folder, count=3):
    folder.mkdir()
    for sample in itertools.islice(sorted((SOURCE / "weights/samples").glob("*.jpg")), count):
        shutil.copy(sample, folder)
