"""Checks that includes follow kernels <- layers <- engine <- loaders <- tools, and are written from the root.

A folder may include itself and what stands left of it; tests, bench and examples may include everything.
Before the real files are read, the check proves on made-up ones that it notices a wrong arrow.
"""
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ORDER = ["kernels", "layers", "engine", "loaders", "tools"]
FREE = ["tests", "bench", "examples"]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def problems_of(path, text, exists):
    """Wrong includes of one file. `path` is relative to the root, `exists` says whether a path there is a file."""
    folder = path.split("/")[0]
    found = []
    for bracket, target in INCLUDE.findall(text):
        target_folder = target.split("/")[0]
        if bracket == "<":
            if target_folder in ORDER + FREE and exists(target):
                found.append(f"{path}: write \"{target}\" in quotes, it is the project's own")
            continue
        if not exists(target):
            found.append(f'{path}: "{target}" is not a path from the root')
        elif folder in FREE:
            continue
        elif target_folder not in ORDER:
            found.append(f'{path}: {folder} may not include "{target}"')
        elif ORDER.index(target_folder) > ORDER.index(folder):
            found.append(f'{path}: {folder} may not include "{target}": {target_folder} stands to the right of it')
    return found


def self_test():
    exists = {"kernels/table.h", "layers/shape.h", "engine/fovea.h", "tools/common/csv.h", "tests/support/close.h"}

    def count(path, text):
        return len(problems_of(path, text, exists.__contains__))

    assert count("layers/a.cpp", '#include "kernels/table.h"\n#include "layers/shape.h"\n#include <vector>\n') == 0
    assert count("tests/layers/a_test.cpp", '#include "tools/common/csv.h"\n') == 0
    assert count("kernels/a.cpp", '#include "layers/shape.h"\n') == 1
    assert count("layers/a.h", '#  include "engine/fovea.h"\n') == 1
    assert count("engine/a.cpp", '  #include "tools/common/csv.h"\n') == 1
    assert count("engine/a.cpp", '#include "tests/support/close.h"\n') == 1
    assert count("layers/a.cpp", '#include "shape.h"\n') == 1
    assert count("layers/a.cpp", '#include "../kernels/table.h"\n') == 1
    assert count("layers/a.cpp", "#include <kernels/table.h>\n") == 1


def sources():
    for folder in ORDER + FREE:
        for directory, subfolders, files in os.walk(ROOT / folder):
            subfolders[:] = [s for s in subfolders if not s.startswith((".", "build"))]
            for name in files:
                if name.endswith((".h", ".cpp", ".c", ".def")):
                    yield Path(directory) / name


def main():
    self_test()
    found, count = [], 0
    for source in sources():
        count += 1
        path = source.relative_to(ROOT).as_posix()
        # These stand alone against an installed tree: their includes are not paths of this one.
        if path.startswith(("examples/", "tests/install/programs/")):
            continue
        found += problems_of(path, source.read_text(encoding="utf-8"), lambda target: (ROOT / target).is_file())
    for line in found:
        print(line)
    print(f"{count} files read, {len(found)} wrong includes")
    return 1 if found or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
