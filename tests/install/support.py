"""What the tests of the installed tree share."""
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["FOVEA_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["FOVEA_BIN_DIR"]).parent
SKIPPED = 77


def run(*command, **options):
    """What the command prints; where it fails the test ends with all that it said."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}\nexit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def cached(name):
    """A variable of the build's CMake cache, "" where it has none."""
    found = re.search(rf"^{name}:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else ""


def install(prefix):
    """Installs the build there; returns the folder of the libraries."""
    run("cmake", "--install", BUILD, "--prefix", prefix)
    return next(prefix.rglob("fovea.pc")).parent.parent
