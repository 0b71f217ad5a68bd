"""Checks that debian/ tells the same as the rest of the tree, so that packages still build when something is added.

Build-Depends lists what scripts/lib/packages.txt lists for the build; debian/libfovea0.symbols the functions of the C
interface; every program has a line for its manual page and is completed; libfovea-dev brings what linking libfovea
statically needs. Before the real files are read, the check proves on made-up ones that it notices each difference.
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What only packaging needs, and what Debian's build-essential holds.
PACKAGING = {"debhelper-compat", "dh-sequence-bash-completion", "dh-python", "help2man", "python3-dev"}
ESSENTIAL = {"g++", "make"}


def field(control, package, name):
    """Names of packages in a field of one paragraph of debian/control."""
    paragraph = next((p for p in control.split("\n\n") if re.search(rf"^(Source|Package): {package}$", p, re.MULTILINE)), "")
    found = re.search(rf"^{name}:((?:.*\n)(?: .*\n)*)", paragraph + "\n", re.MULTILINE)
    entries = found[1].split(",") if found else []
    return {re.split(r"[\s(|]", entry.strip())[0] for entry in entries if entry.strip()}


def section(packages, name):
    lines = packages.split(f"[{name}]\n", 1)[1].split("\n[", 1)[0].splitlines()
    return {line for line in lines if re.match(r"[a-z0-9]", line)}


def without_comments(header):
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", header, flags=re.DOTALL)


def difference(what, here, expected):
    return [f"{what}: {name} is too much" for name in sorted(here - expected)] + [
        f"{what}: {name} is missing" for name in sorted(expected - here)]


def complaints(files):
    control, packages = files["debian/control"], files["scripts/lib/packages.txt"]
    needed = (section(packages, "build") | section(packages, "tools")) - ESSENTIAL
    found = difference("debian/control, Build-Depends", field(control, "fovea", "Build-Depends") - PACKAGING, needed)
    functions = set(re.findall(r"\b(fovea_\w+)\(", without_comments(files["include/fovea/fovea_c.h"])))
    listed = set(re.findall(r"^ (fovea_\w+)@", files["debian/libfovea0.symbols"], re.MULTILINE))
    found += difference("debian/libfovea0.symbols", listed, functions)
    programs = set(re.findall(r"^fovea_tool\((\S+)", files["tools/CMakeLists.txt"], re.MULTILINE))
    found += difference("debian/man", set(files["debian/man"].split()), programs)
    completed = set(re.findall(r" (\S+)$", files["debian/fovea-tools.bash-completion"], re.MULTILINE))
    found += difference("debian/fovea-tools.bash-completion", completed, programs)
    line = re.search(r"^complete -F _longopt (.*)$", files["debian/completion"], re.MULTILINE)
    found += difference("debian/completion", set(line[1].split()), programs)
    static = re.search(r"set\(FOVEA_PC_REQUIRES (.*)\)", files["cmake/install.cmake"])
    behind = {f"{name}-dev" for name in (static[1].split() if static else [])}
    dev = {name for name in field(control, "libfovea-dev", "Depends") if name.endswith("-dev")}
    return found + difference("debian/control, Depends of libfovea-dev", dev, behind)


GOOD = {
    "debian/control": "Source: fovea\nBuild-Depends: debhelper-compat (= 13), cmake (>= 3),\n liba-dev\n\n"
                      "Package: libfovea-dev\nDepends: libfovea0 (= 1), liba-dev, ${misc:Depends}\n",
    "scripts/lib/packages.txt": "[build]\ncmake\ng++\n\n[tools]\n# why\nliba-dev\n\n[tests]\nother\n",
    "include/fovea/fovea_c.h": "/* not fovea_gone(). */\nint fovea_one(int);\n",
    "debian/libfovea0.symbols": "libfovea.so.0 libfovea0 #MINVER#\n fovea_one@FOVEA_1 0.2.0\n",
    "tools/CMakeLists.txt": "fovea_tool(tell tell)\n",
    "debian/man": "tell",
    "debian/fovea-tools.bash-completion": "debian/completion tell\n",
    "debian/completion": "complete -F _longopt tell\n",
    "cmake/install.cmake": "  set(FOVEA_PC_REQUIRES liba)\n",
}
PLANTED = [
    ("scripts/lib/packages.txt", "liba-dev\n", "liba-dev\nlibb-dev\n"), ("debian/control", "cmake (>= 3),", "cmake, libzip-dev,"),
    ("include/fovea/fovea_c.h", "int", "int fovea_two(void);\nint"), ("debian/libfovea0.symbols", " fovea", " fovea_old@F 1\n fovea"),
    ("tools/CMakeLists.txt", "fovea_tool", "fovea_tool(new new)\nfovea_tool"), ("debian/man", "tell", "tell old"),
    ("debian/fovea-tools.bash-completion", "tell", "told"), ("debian/completion", "tell", "told"),
    ("cmake/install.cmake", "liba", "liba libb"),
]


def main():
    if complaints(GOOD):
        sys.exit(f"the check complains of nothing: {complaints(GOOD)}")
    for name, before, after in PLANTED:
        if not complaints(dict(GOOD, **{name: GOOD[name].replace(before, after)})):
            sys.exit(f"the check does not notice '{after}' in {name}")
    files = {name: (ROOT / name).read_text(encoding="utf-8") for name in GOOD if name != "debian/man"}
    files["debian/man"] = " ".join(path.stem for path in (ROOT / "debian" / "man").glob("*.h2m"))
    found = complaints(files)
    print("\n".join(found) or "debian/ agrees with the tree")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
