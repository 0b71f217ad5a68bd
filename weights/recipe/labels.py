"""Label files (`id_code,diagnosis`), the images they name, and the stratified split into training and validation."""

import csv
import pathlib
import random
from dataclasses import dataclass

CLASSES = ("No DR", "Mild", "Moderate", "Severe", "Proliferative DR")
SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")


class RecipeError(Exception):
    """A mistake in what the user gave; the message is one line that names it."""


@dataclass(frozen=True)
class Label:
    id_code: str
    grade: int


def read_labels(path):
    """The rows of a label file, in its order."""
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = {"id_code", "diagnosis"} - set(reader.fieldnames or ())
            if missing:
                raise RecipeError(f"{path}: no column {' and '.join(sorted(missing))}")
            labels = [_label(path, reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RecipeError(f"{path}: {error}") from error
    if len({label.id_code for label in labels}) != len(labels):
        raise RecipeError(f"{path}: an id_code occurs twice")
    if not labels:
        raise RecipeError(f"{path}: no rows")
    return labels


def _label(path, line, row):
    id_code, diagnosis = (row["id_code"] or "").strip(), (row["diagnosis"] or "").strip()
    if not id_code or diagnosis not in ("0", "1", "2", "3", "4"):
        raise RecipeError(f"{path}: line {line}: needs an id and a grade from 0 to 4, has '{id_code},{diagnosis}'")
    return Label(id_code, int(diagnosis))


def write_labels(path, labels):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id_code", "diagnosis"))
        writer.writerows((label.id_code, label.grade) for label in labels)


def find_images(folder, labels):
    """The image file of every label. An id may be a file's name with or without its extension."""
    try:
        files = sorted(f for f in pathlib.Path(folder).iterdir() if f.suffix.lower() in SUFFIXES)
    except OSError as error:
        raise RecipeError(f"{folder}: {error.strerror}") from error
    known = {}
    for file in files:
        known.setdefault(file.stem, file)
    known.update((file.name, file) for file in files)
    missing = [label.id_code for label in labels if label.id_code not in known]
    if missing:
        raise RecipeError(f"{folder}: no image for {len(missing)} of {len(labels)} ids, first '{missing[0]}'")
    return [known[label.id_code] for label in labels]


def split(labels, seed, share=0.8):
    """Training and validation labels. Every grade gives `share` of its images, the total too: what rounding leaves goes
    to the grades with the largest remainders. Both lists keep the file's order."""
    by_grade = {}
    for label in labels:
        by_grade.setdefault(label.grade, []).append(label)
    exact = {grade: share * len(members) for grade, members in by_grade.items()}
    quota = {grade: int(value) for grade, value in exact.items()}
    left = round(share * len(labels)) - sum(quota.values())
    for grade in sorted(exact, key=lambda g: (quota[g] - exact[g], g))[:left]:
        quota[grade] += 1

    chosen = set()
    for grade in sorted(by_grade):
        members = sorted(label.id_code for label in by_grade[grade])
        random.Random(f"{seed}/{grade}").shuffle(members)
        chosen.update(members[: quota[grade]])
    training = [label for label in labels if label.id_code in chosen]
    return training, [label for label in labels if label.id_code not in chosen]
