#!/usr/bin/env python3
"""Draws fundus-like pictures of every grade of diabetic retinopathy, in the layout of the APTOS 2019 data set.

The pictures are drawings, not photographs: they exist so that the software can be tried, trained and tested without
anyone's medical data. The same seed gives the same pictures, and picture number i does not depend on how many are made.
"""

import argparse
import csv
import multiprocessing
import pathlib

import cv2
import numpy as np

from drawing import camera, eye, lesions, vessels

GRADES = 5
JPEG_QUALITY = 92


def draw(seed, index, size):
    """Picture number `index` of `seed`: (8-bit blue green red picture, grade). Grades take turns: 0, 1, 2, 3, 4, 0, ..."""
    rng = np.random.default_rng([seed, index])
    grade = index % GRADES
    canvas = camera.choose_canvas(rng, size)
    anatomy = eye.draw_anatomy(rng)
    image = eye.paint_background(rng, canvas, anatomy)
    eye.paint_disc(rng, canvas, image, anatomy)
    tree = vessels.grow_vessels(rng, anatomy)
    lesions.change_vessels(rng, grade, tree)
    vessel_mask = vessels.paint_vessels(rng, canvas, image, tree)
    lesions.paint_lesions(lesions.Painter(rng, canvas, image, anatomy, tree, vessel_mask), grade)
    return camera.photograph(rng, canvas, image), grade


def name_of(seed, index):
    return f"drawn{seed}_{index:05d}"


def _write(task):
    seed, index, size, path = task
    cv2.setNumThreads(1)  # the pictures are spread over processes instead
    image, grade = draw(seed, index, size)
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if path.suffix == ".jpg" else []
    if not cv2.imwrite(str(path), image, options):
        raise OSError(f"{path}: cannot be written")
    return path.stem, grade


def synthesize(output, count, seed, size, suffix, workers):
    """Writes the pictures to output/train_images and their grades to output/train.csv."""
    folder = pathlib.Path(output) / "train_images"
    folder.mkdir(parents=True, exist_ok=True)
    tasks = [(seed, index, size, folder / f"{name_of(seed, index)}.{suffix}") for index in range(count)]
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        rows = pool.map(_write, tasks, chunksize=8)
    with open(pathlib.Path(output) / "train.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("id_code", "diagnosis"))
        writer.writerows(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", required=True, metavar="DIR", help="gets train_images/ and train.csv")
    parser.add_argument("--count", type=int, default=100, help="number of pictures, a fifth of each grade (default 100)")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other pictures (default 0)")
    parser.add_argument("--size", type=int, default=640, help="width in pixels, at least 128 (default 640)")
    parser.add_argument("--format", choices=("png", "jpg"), default="png", help="png as APTOS has it, or smaller JPEG")
    parser.add_argument("--workers", type=int, default=None, help="processes (default: one per processor)")
    options = parser.parse_args()
    if options.count < 1 or options.size < 128 or options.seed < 0:
        parser.error("--count must be at least 1, --size at least 128, --seed not negative")
    synthesize(options.output, options.count, options.seed, options.size, options.format, options.workers)
    print(f"{options.count} drawings in {options.output}/train_images, grades in {options.output}/train.csv")


if __name__ == "__main__":
    main()
