"""Writes docs/keras-applications.md: every network of keras.applications against Keras. applications_table.py
[--small | --default] [NAME...] measures these (all) at the small or the default sizes (both), keeps what is measured in
a TSV beside the table, and writes the table out of all that the TSV holds."""

import argparse
import csv
import pathlib
import subprocess
import tempfile

import keras

import applications
import support

TABLE = support.ROOT / "docs" / "keras-applications.md"
MEASURED = support.ROOT / "docs" / "keras-applications.tsv"
FIELDS = ("name", "side", "arithmetic", "error", "of_keras", "ratio", "verdict", "machine")
DEFAULT_SIDES = {"Xception": 299, "InceptionV3": 299, "InceptionResNetV2": 299, "NASNetLarge": 331,
                 "EfficientNetB1": 240, "EfficientNetB2": 260, "EfficientNetB3": 300, "EfficientNetB4": 380,
                 "EfficientNetB5": 456, "EfficientNetB6": 528, "EfficientNetB7": 600, "EfficientNetV2B1": 240,
                 "EfficientNetV2B2": 260, "EfficientNetV2B3": 300, "EfficientNetV2S": 384, "EfficientNetV2M": 480,
                 "EfficientNetV2L": 480}
HEAD = """# keras.applications

Every network of `keras.applications`, with random weights under which activations keep their size, saved by Keras as
`.h5`, `.keras` and `.weights.h5`; the three files give the same bits. The error is the root mean square over three images
and {classes} outputs against Keras in float64, as a part of the outputs' range; beside it stands the error of Keras itself
in float32. Allowed are {direct} times Keras' own for `direct` and {fast} times for `fast`, or {floor:.0e} of the range.

Measured by `tests/keras/applications_table.py` with Keras {keras} on TensorFlow; the [TSV](keras-applications.tsv) says
on which machine each line was: {machines}.

| network | input | arithmetic | error | Keras' own | ratio | |
|---|--:|---|--:|--:|--:|---|
"""


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown")
    return f"{model} ({support.available_isas()[0]})"


def measured():
    if not MEASURED.is_file():
        return {}
    with open(MEASURED, newline="", encoding="utf-8") as file:
        return {(row["name"], int(row["side"]), row["arithmetic"]): row
                for row in csv.DictReader(file, delimiter="\t")}


def write(rows):
    order = [name for family in applications.FAMILIES for name, _ in family]
    ordered = sorted(rows.values(), key=lambda row: (order.index(row["name"]), int(row["side"]), row["arithmetic"]))
    with open(MEASURED, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)
    text = HEAD.format(classes=applications.CLASSES, floor=applications.FLOOR, keras=keras.__version__,
                       machines=" and ".join(sorted({row["machine"] for row in ordered})), **applications.FACTORS)
    for row in ordered:
        numbers = [f"{float(row[key]):.1e}" if row[key] else "" for key in ("error", "of_keras")]
        text += (f"| {row['name']} | {row['side']} | {row['arithmetic']} | {numbers[0]} | {numbers[1]} | {row['ratio']} |"
                 f" {row['verdict']} |\n")
    TABLE.write_text(text, encoding="utf-8")


def measure(name, side, rows):
    with tempfile.TemporaryDirectory() as folder:
        try:
            results = applications.measure(name, side, pathlib.Path(folder))
        except (AssertionError, subprocess.TimeoutExpired, MemoryError) as failure:
            reason = str(failure).strip().splitlines()[-1]
            refused = "unsupported" in reason
            print(name, side, reason[:300], flush=True)
            if refused:
                verdict = "refused: " + reason.split("unsupported: ", 1)[1].split(";")[0].split("): ", 1)[1]
                rows[name, side, ""] = dict(zip(FIELDS, (name, side, "", "", "", "", verdict, machine())))
            return
    for result in results:
        rows[name, side, result.arithmetic] = dict(zip(FIELDS, (
            name, side, result.arithmetic, result.error, result.of_keras, result.ratio, result.complaint or "ok",
            machine())))
        print(name, side, result.arithmetic, result.ratio, result.complaint, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--default", action="store_true")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    both = arguments.small == arguments.default
    for family in applications.FAMILIES:
        for name, small in family:
            if arguments.names and name not in arguments.names:
                continue
            sides = [small] if both or arguments.small else []
            sides += [DEFAULT_SIDES.get(name, 224)] if both or arguments.default else []
            for side in sides:
                rows = measured()
                measure(name, side, rows)
                write(rows)


if __name__ == "__main__":
    main()
