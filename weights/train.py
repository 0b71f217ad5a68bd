#!/usr/bin/env python3
"""Trains ResNet50 to grade diabetic retinopathy from your own fundus photographs.

Needs a folder of images and a CSV with the columns id_code,diagnosis (grades 0 to 4), as in the APTOS 2019 data set:

    train.py --images aptos/train_images --labels aptos/train.csv --output my-model.h5

Four fifths of the images train, one fifth validates, every grade in its share. Each image is blurred, its local
contrast raised, and resized (the preprocessing gaussian-700); the results are kept in --cache. First the new head is
trained on a fixed backbone, then the whole network at a lower rate. The epoch with the best validation kappa is saved
as one Keras .h5 file, with its model card beside it (my-model.json): the two are all that batch-predict needs. They are
written whenever an epoch is the best so far, so a training that is stopped early is not lost.

A full training wants a GPU: on a CPU one epoch over APTOS at 700 pixels takes hours.
"""

import argparse
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from recipe import labels as lb  # noqa: E402  (TensorFlow's log level has to be set before Keras is imported)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument_group("data").add_argument
    add("--images", metavar="DIR", help="folder with the images; ids may have their extension or not")
    add("--labels", metavar="CSV", required=True, help="columns id_code,diagnosis")
    add("--test-images", metavar="DIR", help="a third set, never trained on, graded at the end and noted in the card")
    add("--test-labels", metavar="CSV", help="its labels")
    add("--cache", metavar="DIR", default="preprocessed", help="keeps preprocessed images (default ./preprocessed)")
    add("--split-only", metavar="DIR", help="only write train.csv and valid.csv there; needs no images and no Keras")
    add = parser.add_argument_group("network").add_argument
    add("--size", type=int, default=700, help="side of the square the network sees (default 700)")
    add("--width", type=float, default=1.0, help="share of ResNet50's channels, 1 is all of them (default 1)")
    add("--imagenet", metavar="FILE|none|download", default="download",
        help="start from ImageNet weights: a ResNet50 file without top, none, or Keras' own download (default)")
    add("--start", metavar="H5", help="go on from a model of this --width that train.py saved, instead of --imagenet")
    add = parser.add_argument_group("training").add_argument
    add("--epochs-head", type=int, default=3, help="epochs of the head alone, the backbone fixed (default 3)")
    add("--epochs-all", type=int, default=20, help="epochs of the whole network (default 20)")
    add("--rate-head", type=float, default=1e-3, help="learning rate of the first stage (default 0.001)")
    add("--rate-all", type=float, default=1e-4, help="highest learning rate of the second stage (default 0.0001)")
    add("--batch-size", type=int, default=8, help="images a step (default 8)")
    add("--class-weights", choices=("none", "balanced"), default="none",
        help="balanced: rare grades count more, in inverse proportion to their number")
    add("--no-augment", action="store_true", help="no flips, turns, rotation and zoom of training images")
    add("--seed", type=int, default=0, help="decides split, order and starting weights (default 0)")
    add("--workers", type=int, default=2, help="processes that preprocess, threads that read (default 2)")
    add = parser.add_argument_group("result").add_argument
    add("--output", metavar="H5", help="the model; its card goes beside it as .json")
    add("--keep-optimizer", action="store_true", help="save the optimizer's state too (three times the size)")
    add("--model-version", default="1", help="version written into the card (default 1)")
    add("--about", default="", help="a sentence for the card on what the images are")
    add("--demo", action="store_true", help="mark the model as a demonstration, not for patients")
    add("--evaluate", metavar="H5", help="train nothing: grade --images with this model and compare with --labels")
    options = parser.parse_args()
    check(parser, options)
    return options


def check(parser, o):
    if not o.split_only and not o.images:
        parser.error("--images is missing")
    if not (o.split_only or o.evaluate) and not (o.output or "").endswith(".h5"):
        parser.error("--output is missing or does not end in .h5")
    if bool(o.test_images) != bool(o.test_labels):
        parser.error("--test-images and --test-labels belong together")
    if o.size < 32 or not 0 < o.width <= 1 or o.batch_size < 1 or o.workers < 1 or min(o.epochs_head, o.epochs_all) < 0:
        parser.error("--size starts at 32, --width lies above 0 and up to 1, --batch-size and --workers are positive")
    if o.start and not pathlib.Path(o.start).is_file():
        parser.error(f"--start {o.start}: no such file")
    if o.width != 1 and o.imagenet != "none" and not o.start and not (o.split_only or o.evaluate):
        parser.error("ImageNet weights exist for --width 1 only: give --imagenet none")
    if o.imagenet not in ("none", "download") and not pathlib.Path(o.imagenet).is_file():
        parser.error(f"--imagenet {o.imagenet}: no such file")


def write_split(options):
    training, validation = lb.split(lb.read_labels(options.labels), options.seed)
    folder = pathlib.Path(options.split_only)
    folder.mkdir(parents=True, exist_ok=True)
    lb.write_labels(folder / "train.csv", training)
    lb.write_labels(folder / "valid.csv", validation)
    print(f"{len(training)} for training, {len(validation)} for validation: {folder}/train.csv, {folder}/valid.csv")


def main():
    options = parse()
    try:
        if options.split_only:
            write_split(options)
        else:
            from recipe import training  # imports Keras, which takes seconds

            training.evaluate(options) if options.evaluate else training.train(options)
    except (lb.RecipeError, OSError) as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
