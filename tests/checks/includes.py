"""Checks that every folder includes only what docs/ARCHITECTURE.md says it may know, that folders do not include each
other in circles, that no folder is overfull, and that includes are written in one way.

ROOMS is the table of that document. Public headers are included as <fovea/NAME.h>, everything else from the root in
quotes. Tests, bench and examples may include everything. Before the real files are read, the check proves on made-up
ones that it notices each kind of mistake.
"""
import collections
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What a folder and those below it may include besides themselves and the public headers of their own level.
ROOMS = {
    "base": [],
    "kernels": [],
    "layers": ["base", "kernels"],
    "engine": ["base", "kernels", "layers"],
    "loaders": ["base", "layers", "engine"],
    "pictures/prepare": ["base", "kernels", "engine"],
    "pictures/decode": ["base", "pictures/prepare"],
    "pictures": ["base", "pictures/prepare", "pictures/decode"],
    "grading/card": ["base"],
    "info": ["base"],
    "bindings/c": ["base"],
    "text": ["base", "pictures"],
    "grading/evaluate": ["base"],
    "grading/pipeline": ["base", "pictures", "text", "grading/card"],
    "tools/common": ["base", "pictures", "text", "grading/pipeline"],
    "tools/predict": ["base", "pictures", "text", "grading/pipeline", "tools/common"],
    "tools/compare": ["base", "pictures", "text", "grading/pipeline", "grading/evaluate", "tools/common"],
    "tools/serve": ["base", "pictures", "text", "grading/pipeline", "tools/common"],
    "bindings/python": ["base", "pictures", "text", "grading/pipeline"],
    "tools/model_info": ["base", "text", "grading/pipeline", "tools/common"],
    "tools/model_pack": ["base", "text", "grading/pipeline", "tools/common"],
}
# Public headers by the room that implements them: a room may include those of the rooms it may include.
PUBLIC = {
    "base": ["cancel", "error", "executor", "export", "load_options", "version"],
    "layers": ["arithmetic", "layer_config", "shape"],
    "engine": ["grad_cam", "model", "model_desc", "session"],
    "loaders": ["keras", "pack"],
    "grading/card": ["card", "decision", "self_test"],
    "pictures/prepare": ["opencv", "prepare"],
    "info": ["model_info"],
    "bindings/c": ["fovea_c"],
}
# Headers for those who have another library, which fovea itself does not need.
FOREIGN = {"include/fovea/opencv.h": ["opencv2/core.hpp"]}
# Who knows public headers of rooms whose inside it may not know.
PUBLIC_OF = {
    "layers": ["base"],
    "engine": ["base", "layers"],
    "loaders": ["base", "layers", "engine"],
    "grading/card": ["base", "layers", "engine"],
    "info": ["base", "layers", "engine"],
    "pictures/prepare": ["base", "layers", "engine", "grading/card"],
}
FREE = ["tests", "bench", "examples"]
MOST_SOURCES = 30
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def room_of(path):
    """The longest entry of ROOMS that `path` lies in, or None."""
    inside = [room for room in ROOMS if path.startswith(room + "/")]
    return max(inside, key=len, default=None)


def may_include(room, other):
    return any(other == known or other.startswith(known + "/") for known in [room, *ROOMS[room]])


def may_know_public(room, name):
    owner = next((owner for owner, names in PUBLIC.items() if name in names), None)
    if owner is None:
        return False
    known = PUBLIC_OF.get(room, ["base"] if room in ("base", "kernels") else list(PUBLIC))
    return owner in [room, *known]


def problems_of(path, text, exists):
    """Wrong includes of one file. `path` is relative to the root, `exists` says whether a path there is a file."""
    free = path.split("/")[0] in FREE
    if path.startswith("include/fovea/"):
        return public_problems(path, text)
    room = room_of(path)
    if room is None and not free:
        return [f"{path}: no room of the project's table holds it"]
    found = []
    for bracket, target in INCLUDE.findall(text):
        if bracket == "<":
            name = re.fullmatch(r"fovea/(\w+)\.h", target)
            if name and not free and not may_know_public(room, name[1]):
                found.append(f"{path}: {room} may not include <{target}>")
            elif not name and target.startswith("fovea/") or exists(target):
                found.append(f"{path}: <{target}> is not how the project's own are included")
        elif target.startswith(("fovea/", "include/")):
            found.append(f"{path}: write <fovea/...> for {target}")
        elif not exists(target):
            found.append(f'{path}: "{target}" is not a path from the root')
        elif not free and (room_of(target) is None or not may_include(room, room_of(target))):
            found.append(f'{path}: {room} may not include "{target}"')
    return found


def public_problems(path, text):
    """A public header stands alone: it includes the standard library and public headers only."""
    return [f'{path}: a public header may not include {bracket}{target}' for bracket, target in INCLUDE.findall(text)
            if bracket == '"' or ("/" in target and not target.startswith("fovea/")
                                  and target not in FOREIGN.get(path, []))]


def circles(includes):
    """Groups of folders that include each other, given {path: [included paths]}."""
    folder = os.path.dirname
    arrows = collections.defaultdict(set)
    for path, targets in includes.items():
        arrows[folder(path)] |= {folder(target) for target in targets} - {folder(path)}

    def reached(start):
        seen, todo = set(), [start]
        while todo:
            for target in arrows.get(todo.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        return seen

    reach = {start: reached(start) for start in list(arrows)}
    return sorted({tuple(sorted({a, *(b for b in reach[a] if a in reach.get(b, ()))})) for a in reach if a in reach[a]})


def overfull(paths):
    count = collections.Counter(os.path.dirname(path) for path in paths)
    return [f"{folder}/ has {n} sources, more than {MOST_SOURCES}" for folder, n in count.items() if n > MOST_SOURCES]


def self_test():
    exists = {"kernels/table.h", "layers/layer.h", "engine/graph/graph.h", "text/csv.h", "tests/support/close.h",
              "pictures/decode/image.h", "loaders/hdf5/file.h"}

    def count(path, text):
        return len(problems_of(path, text, exists.__contains__))

    assert count("layers/a.cpp", '#include <fovea/error.h>\n#include "kernels/table.h"\n#include <vector>\n') == 0
    assert count("tests/layers/a_test.cpp", '#include "text/csv.h"\n#include <fovea/keras.h>\n') == 0
    assert count("tools/predict/a.cpp", '#include "pictures/decode/image.h"\n#include <fovea/keras.h>\n') == 0
    assert count("kernels/a.cpp", '#include "layers/layer.h"\n') == 1
    assert count("layers/a.h", '#  include "engine/graph/graph.h"\n') == 1
    assert count("loaders/keras/a.cpp", '#include "pictures/decode/image.h"\n') == 1
    assert count("tools/predict/a.cpp", '#include "loaders/hdf5/file.h"\n') == 1
    assert count("engine/a.cpp", '#include <fovea/keras.h>\n') == 1
    assert count("engine/a.cpp", '#include "tests/support/close.h"\n') == 1
    assert count("layers/a.cpp", '#include "layer.h"\n') == 1
    assert count("layers/a.cpp", '#include "../kernels/table.h"\n') == 1
    assert count("layers/a.cpp", "#include <kernels/table.h>\n") == 1
    assert count("tools/serve/a.cpp", "#include <fovea/layers/error.h>\n") == 1
    assert count("elsewhere/a.cpp", "#include <vector>\n") == 1
    assert count("include/fovea/a.h", '#include "kernels/table.h"\n') == 1
    assert count("include/fovea/a.h", "#include <opencv2/core.hpp>\n") == 1
    assert count("include/fovea/opencv.h", "#include <opencv2/core.hpp>\n") == 0
    assert circles({"a/x.h": ["b/x.h"], "b/x.h": ["c/x.h"], "c/x.h": []}) == []
    assert circles({"a/x.h": ["b/x.h"], "b/y.h": ["c/x.h"], "c/x.h": ["a/y.h"], "d/x.h": ["a/x.h"]}) == [("a", "b", "c")]
    assert len(overfull([f"a/{i}.h" for i in range(31)])) == 1 and not overfull([f"a/{i}.h" for i in range(30)])


def sources():
    for folder in ["include", *{room.split("/")[0] for room in ROOMS}, *FREE]:
        for directory, subfolders, files in os.walk(ROOT / folder):
            subfolders[:] = [s for s in subfolders if not s.startswith((".", "build"))]
            for name in files:
                if name.endswith((".h", ".cpp", ".c", ".def")):
                    yield Path(directory) / name


def main():
    self_test()
    found, paths, includes = [], [], {}
    for source in sources():
        path = source.relative_to(ROOT).as_posix()
        paths.append(path)
        text = source.read_text(encoding="utf-8")
        # These stand alone against an installed tree: their includes are not paths of this one.
        if path.startswith(("examples/", "tests/install/programs/")):
            continue
        found += problems_of(path, text, lambda target: (ROOT / target).is_file())
        if not path.startswith("tests/"):
            includes[path] = [target for bracket, target in INCLUDE.findall(text) if bracket == '"']
    found += ["a circle: " + ", ".join(circle) for circle in circles(includes)] + overfull(paths)
    for line in found:
        print(line)
    print(f"{len(paths)} files read, {len(found)} found")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
