"""The C interface stays what it is: libabigail compares it with tests/abi/fovea_c.abi, and nothing else is exported.

Any difference fails, an added function too: then `tests/abi/test_abi.py --write` (with FOVEA_SOURCE_DIR and FOVEA_BIN_DIR as
CTest sets them) writes the reference anew, and its difference goes with the change. Before that the test proves on changed
copies of the reference that it sees an added struct field, a removed function, a changed enum and their like.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SOURCE = pathlib.Path(os.environ["FOVEA_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["FOVEA_BIN_DIR"]).parent
REFERENCE = SOURCE / "tests/abi/fovea_c.abi"
HEADER = SOURCE / "include/fovea/fovea_c.h"
SKIPPED = 77


def abidw(library, output):
    subprocess.run(["abidw", "--headers-dir", HEADER.parent, "--drop-private-types", "--no-corpus-path",
                    "--no-comp-dir-path", "--no-show-locs", "--type-id-style", "hash", "--out-file", output, library],
                   check=True)
    tree = ElementTree.parse(output)
    keep_interface(tree.getroot())
    ElementTree.indent(tree)
    tree.write(output)


def keep_interface(root):
    """Takes out what the functions of the interface do not reach, most of it the standard library's, and names of files."""
    root.attrib.pop("soname", None)  # that of the library that is read here is not the one that users see
    for symbols in root.findall("elf-function-symbols") + root.findall("elf-variable-symbols"):
        for symbol in [symbol for symbol in symbols if symbol.get("version") != "FOVEA_1"]:
            symbols.remove(symbol)
    for unit in root.findall("abi-instr"):
        unit.attrib.pop("path", None)
        unit.set("language", "LANG_C99")
        for namespace in unit.findall("namespace-decl"):
            unit.remove(namespace)
        known = {kind.get("id"): kind for kind in unit if kind.get("id")}
        reached, todo = set(), [function for function in unit if function.get("elf-symbol-id")]
        while todo:
            for part in todo.pop().iter():
                wanted = part.get("type-id") or part.get("naming-typedef-id")
                if wanted in known and wanted not in reached:
                    reached.add(wanted)
                    todo.append(known[wanted])
        for kind in list(unit):
            if not kind.get("elf-symbol-id") and kind.get("id") not in reached:
                unit.remove(kind)


def differs(first, second):
    """What abidiff says against the second, "" for nothing."""
    done = subprocess.run(["abidiff", "--harmless", first, second], capture_output=True, text=True, check=False)
    return f"exit code {done.returncode}\n{done.stdout}{done.stderr}" if done.returncode != 0 else ""


def element(root, tag, name):
    return next(found for found in root.iter(tag) if found.get("name") == name and len(found) > 0)


def remove_function(root):
    for parent in root.iter():
        for child in list(parent):
            if child.get("name") == "fovea_model_free" and child.tag in ("elf-symbol", "function-decl"):
                parent.remove(child)


def remove_field(root):
    options = element(root, "class-decl", "fovea_model_options")
    options.remove(list(options)[-1])
    options.set("size-in-bits", str(int(options.get("size-in-bits")) - 32))


def swap_fields(root):
    options = element(root, "class-decl", "fovea_session_options")
    first, second = (member.find("var-decl") for member in list(options)[1:3])
    first_name, second_name = first.get("name"), second.get("name")
    first.set("name", second_name)
    second.set("name", first_name)


def change_enumerator(root):
    status = element(root, "enum-decl", "fovea_status")
    next(value for value in status.iter("enumerator") if value.get("name") == "FOVEA_OUT_OF_MEMORY").set("value", "15")


def remove_enumerator(root):
    status = element(root, "enum-decl", "fovea_status")
    status.remove(list(status)[-1])


def remove_parameter(root):
    function = element(root, "function-decl", "fovea_session_run")
    function.remove(function.findall("parameter")[-1])


def remove_version(root):
    for symbol in root.iter("elf-symbol"):
        symbol.set("version", "FOVEA_2")


# A reference that lacks what the library has is what the library looks like to it with that thing added.
FAULTS = {"a removed function": (remove_function, True), "an added function": (remove_function, False),
          "an added struct field": (remove_field, False), "a removed struct field": (remove_field, True),
          "two struct fields that changed places": (swap_fields, True), "a changed enum": (change_enumerator, True),
          "an added enumerator": (remove_enumerator, False), "a changed parameter": (remove_parameter, True),
          "another symbol version": (remove_version, True)}


def prove(current, work):
    for name, (change, is_new) in FAULTS.items():
        tree = ElementTree.parse(current)
        change(tree.getroot())
        changed = work / "changed.abi"
        tree.write(changed)
        before, after = (current, changed) if is_new else (changed, current)
        if not differs(before, after):
            sys.exit(f"abidiff sees no difference where there is {name}")


def check_exports():
    """The built library exports the functions of the header under FOVEA_1, C++ of fovea's own, and nothing else."""
    listed = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", BUILD / "libfovea.so"],
                            capture_output=True, text=True, check=True).stdout.split("\n")
    symbols = [line.split()[-1] for line in listed if line and " A " not in line]
    ours = {symbol.split("@")[0] for symbol in symbols if symbol.endswith("@@FOVEA_1")}
    declared = set(re.findall(r"\b(fovea_\w+)\(", HEADER.read_text(encoding="utf-8")))
    if ours != declared:
        sys.exit(f"declared and exported differ: {sorted(ours ^ declared)}")
    foreign = [symbol for symbol in symbols
               if symbol.split("@")[0] not in ours and not re.match(r"_ZN?(TI|TS|TV)?N?K?5fovea\w*@@FOVEA_CXX_", symbol)]
    if foreign:
        sys.exit(f"libfovea.so exports what is not its own: {foreign[:5]}")
    return len(ours), len(symbols) - len(ours)


def main():
    if not shutil.which("abidw"):
        print("skipped: abidw is not there, install abigail-tools")
        return SKIPPED
    library = next(BUILD.glob("tests/abi/libfovea_abi.so"))
    work = pathlib.Path(tempfile.mkdtemp(prefix="fovea-abi-"))
    try:
        current = work / "current.abi"
        abidw(library, current)
        if sys.argv[1:] == ["--write"]:
            shutil.copy(current, REFERENCE)
            return 0
        prove(current, work)
        found = differs(REFERENCE, current)
        if found:
            sys.exit(f"the C interface is not that of {REFERENCE.relative_to(SOURCE)}:\n{found}"
                     "If that is meant, tests/abi/test_abi.py says how to renew it.")
        functions, others = check_exports()
        print(f"{functions} functions as in the reference, {others} symbols of C++, {len(FAULTS)} kinds of faults seen")
        return 0
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
