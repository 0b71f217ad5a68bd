"""Runs clang-tidy over the sources of a build directory, those that changed since they were last found clean.

tidy.py ROOT [SOURCE...]: all sources that ROOT/build-tidy compiles, or those given. What clang-tidy sees of a source is
what the preprocessor makes of it and the checks in .clang-tidy; build-tidy/clean/ keeps a mark for each that was clean.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1])
BUILD = ROOT / "build-tidy"
MARKS = BUILD / "clean"


def entries():
    """Of the compile commands: the unity sources in place of what they hold, and no source that the build writes."""
    all_entries = json.loads((BUILD / "compile_commands.json").read_text())
    # The kernels are compiled for several instruction sets: once is enough.
    isas = re.findall(r"^FOVEA_ISA\((\w+)", (ROOT / "kernels/isa.def").read_text(), re.MULTILINE)
    built = [isa for isa in isas if any(f"_kernels_{isa}.dir" in entry["command"] for entry in all_entries)]
    kept = [entry for entry in all_entries if not any(f"_{isa}.dir" in entry["command"] for isa in built[:-1])]
    own = {entry["file"]: entry for entry in kept if not entry["file"].startswith(f"{BUILD}/")}
    whole = {entry["file"]: entry for entry in kept if "/Unity/" in entry["file"]}
    return own | whole


def preprocessed(entry):
    """A source with all that it includes, comments too: some of them are for clang-tidy. Nothing if it has errors."""
    command = shlex.split(entry["command"])
    command = ["clang++", *command[command.index(next(word for word in command if word.startswith("-"))):]]
    at = command.index("-o")
    return subprocess.run([*command[:at], *command[at + 2:], "-Wno-unknown-warning-option", "-E", "-C", "-o", "-"],
                          cwd=entry["directory"], capture_output=True, check=False).stdout


def mark_of(entry, rules):
    text = preprocessed(entry)
    return hashlib.sha256(rules + entry["command"].encode() + text).hexdigest() if text else None


def check(entry, database, rules):
    """None if a source is clean, or else what clang-tidy says."""
    mark = mark_of(entry, rules)
    if mark and (MARKS / mark).exists():
        return None
    done = subprocess.run(["clang-tidy", "-quiet", "-p", database, entry["file"]], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0 or re.search(r": (?:warning|error): ", done.stdout):
        return done.stdout + done.stderr
    if mark:
        (MARKS / mark).touch()
    return None


def main():
    known = entries()
    chosen = [str((pathlib.Path.cwd() / name).resolve()) for name in sys.argv[2:]] or list(known)
    for name in chosen:
        if name not in known:
            sys.exit(f"tidy: {name}: the build does not compile it")
    MARKS.mkdir(exist_ok=True)
    database = BUILD / "database"
    database.mkdir(exist_ok=True)
    (database / "compile_commands.json").write_text(json.dumps(list(known.values())))
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    rules = version + (ROOT / ".clang-tidy").read_bytes()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [text for text in pool.map(lambda name: check(known[name], database, rules), chosen) if text]
    (database / "log").write_text("\n".join(found))
    lines = sorted({line for text in found for line in text.splitlines() if re.search(r": (?:warning|error): ", line)})
    if found:
        print("\n".join(lines), file=sys.stderr)
        sys.exit(f"tidy: clang-tidy found something; all of it is in {database}/log")
    print("clang-tidy: clean")


main()
