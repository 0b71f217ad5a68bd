"""What the tests of weights/ share: where things are, and how to run a script of it."""

import csv
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "weights"
SHARED_DATA = pathlib.Path(os.environ.get("FOVEA_SHARED_DATA", ROOT.parent / "shared" / "data"))

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(WEIGHTS))


def run(script, *arguments, cwd=None):
    """Runs a script of weights/ and returns what it printed; its exit status is checked by the caller."""
    command = [sys.executable, str(WEIGHTS / script), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600, check=False)


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def folder():
    """A temporary folder, gone when its context ends."""
    return tempfile.TemporaryDirectory()
