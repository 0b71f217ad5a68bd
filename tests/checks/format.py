"""Checks that every C++ file is formatted as .clang-format says. Skipped, with a line, without clang-format."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ["kernels", "layers", "engine", "loaders", "tools", "bench", "tests", "examples", "cmake"]
SKIPPED = 77


def sources():
    for folder in FOLDERS:
        for directory, subfolders, files in os.walk(ROOT / folder):
            subfolders[:] = [s for s in subfolders if not s.startswith((".", "build"))]
            yield from (os.path.join(directory, name) for name in sorted(files) if name.endswith((".h", ".cpp", ".c")))


def formatted(arguments, text=None):
    command = ["clang-format", "--dry-run", "-Werror", f"--style=file:{ROOT / '.clang-format'}", *arguments]
    return subprocess.run(command, input=text, text=True, capture_output=True)


def main():
    if shutil.which("clang-format") is None:
        print("skipped: clang-format is not installed")
        return SKIPPED
    # The check itself must notice a badly formatted file.
    assert formatted(["--assume-filename=a.cpp"], "int  a( ){return 1 ;}\n").returncode != 0
    files = list(sources())
    result = formatted(files)
    lines = [line for line in result.stderr.splitlines() if "error:" in line or "warning:" in line]
    print("\n".join(line.replace(str(ROOT) + "/", "") for line in lines))
    print(f"{len(files)} files read, {len(lines)} places to format")
    return 1 if result.returncode != 0 or not files else 0


if __name__ == "__main__":
    sys.exit(main())
