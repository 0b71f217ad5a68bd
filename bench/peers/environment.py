"""peer-bench's own Python environment: the packages of requirements.txt, kept between runs."""
import dataclasses
import hashlib
import os
import pathlib
import shutil
import sys

import launch
from launch import Failed

REQUIREMENTS = pathlib.Path(__file__).resolve().parent / "requirements.txt"


@dataclasses.dataclass
class Environment:
    python: pathlib.Path
    failures: dict  # package -> why it could not be installed


def cache_folder():
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "fovea"


def requirements(text):
    """The lines of requirements.txt: those everything needs, and one for each peer."""
    base, _, peers = text.partition("\n# Peers")
    return [[line for line in part.splitlines() if "==" in line and line[0] != "#"] for part in (base, peers)]


def folder():
    return cache_folder() / f"peers-{hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]}"


def ready():
    """The interpreter, if the environment is there and complete; None otherwise."""
    python = folder() / "bin" / "python"
    return python if (folder() / "complete").exists() and python.exists() else None


def ensure(say):
    """The environment, made where it is missing; Failed if even what everything needs cannot be installed."""
    where = folder()
    python = where / "bin" / "python"
    if ready():
        return Environment(python, {})
    say(f"installing the peers into {where}")
    shutil.rmtree(where, ignore_errors=True)
    pip = [python, "-m", "pip", "install", "-q", "--no-input", "--disable-pip-version-check"]
    launch.run([sys.executable, "-m", "venv", where])
    try:
        launch.run([*pip, "-r", REQUIREMENTS])
        (where / "complete").touch()
        return Environment(python, {})
    except Failed:
        pass  # one package stands in the way of all: find out which, and go on without it
    base, peers = requirements(REQUIREMENTS.read_text(encoding="utf-8"))
    launch.run([*pip, *base])
    failures = {}
    for line in peers:
        try:
            launch.run([*pip, line])
        except Failed as error:
            failures[line.partition("==")[0]] = f"pip cannot install {line}: {error}"
    return Environment(python, failures)
