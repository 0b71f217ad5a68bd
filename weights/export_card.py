#!/usr/bin/env python3
"""Writes the model card of a Keras model, with Keras' own answer as its self-test.

    export_card.py --model mine.h5 --preprocess gaussian-700 --classes "No DR,Mild,Moderate,Severe,Proliferative DR"
    export_card.py --model mine.h5

The first makes the card mine.json, the second gives the card that is there a self-test and leaves all else in it as it
is. fovea's tools run the self-test before the first picture, and refuse the model where they answer something else.
docs/model-card.md describes cards.
"""

import argparse
import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from recipe import self_test  # noqa: E402  (TensorFlow's log level has to be set before Keras is imported)

# How fovea's presets make numbers of pixels.
UNIT = {"scale": "1/255"}
PRESETS = {
    "gaussian-700": UNIT,
    "ben-graham-320": UNIT,
    "imagenet-caffe": {"scale": 1, "mean": [103.939, 116.779, 123.68]},
    "imagenet-tf": {"scale": "1/127.5", "mean": [1, 1, 1]},
    "imagenet-torch": {"scale": "1/255", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]},
    "rescale-700": UNIT,
    "none": {"scale": 1},
}


def first_card(options, path):
    """The card that is there with the options' changes, or a new one."""
    if path.exists():
        card = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(card, dict) or "fovea_card" not in card:
            raise ValueError(f"{path}: is no model card; --card FILE names another")
    elif options.preprocess:
        card = {"fovea_card": 1}
    else:
        raise ValueError(f"{path}: no card there yet, and nothing about pictures is guessed: give --preprocess NAME")
    if options.preprocess:
        card["preprocessing"] = {"preset": options.preprocess}
    if options.classes:
        card["classes"] = [name.strip() for name in options.classes.split(",")]
    if options.origin:
        card["origin"] = options.origin
    return card


def normalisation(card):
    """The card's `preprocessing` with its preset spelled out."""
    preprocessing = card["preprocessing"]
    return {**PRESETS[preprocessing["preset"]], **preprocessing} if "preset" in preprocessing else preprocessing


def write(path, card):
    """Written aside and renamed: a card is always whole."""
    part = path.with_suffix(".json.part")
    part.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(part, path)


def export(options):
    import keras  # pylint: disable=import-outside-toplevel  (takes seconds; --help does not need it)

    path = pathlib.Path(options.card or pathlib.Path(options.model).with_suffix(".json"))
    card = first_card(options, path)
    try:
        model = keras.models.load_model(options.model, compile=False)
    except (KeyError, OSError, TypeError, ValueError) as error:
        raise ValueError(f"{options.model}: {error}") from error
    card["self_test"] = self_test.make(model, options.model, self_test.value_range(normalisation(card)))
    write(path, card)
    test = card["self_test"]
    print(f"{path}: self-test of seed {test['seed']}, {len(test['outputs'])} outputs by {test['computed_by']}")


def parse(words=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", metavar="FILE", required=True, help="a whole model as Keras saved it: .h5, .keras")
    parser.add_argument("--card", metavar="FILE", help="the card (default: the model's name with .json)")
    parser.add_argument("--preprocess", choices=PRESETS, help="how pictures are prepared; needed for a new card")
    parser.add_argument("--classes", metavar="A,B,...", help="names of the classes")
    parser.add_argument("--origin", metavar="TEXT", help="where the weights come from, on what they were measured")
    return parser.parse_args(words)


def main():
    options = parse()
    try:
        export(options)
    except (ImportError, KeyError, OSError, TypeError, ValueError) as error:
        print("export_card.py:", " ".join(str(error).split()), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
