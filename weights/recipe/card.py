"""The model card: the JSON beside the weights that tells fovea how to prepare an image and read the answer."""

import json
import pathlib

from . import preprocess
from .labels import CLASSES, RecipeError


def make_card(size, origin, version, demo):
    return {
        "fovea_card": 1,
        "preprocessing": {
            "steps": [
                {"op": "gaussian_contrast", "sigma": preprocess.SIGMA, "weight": preprocess.WEIGHT,
                 "blur_weight": preprocess.BLUR_WEIGHT, "offset": preprocess.OFFSET},
                {"op": "resize", "width": size, "height": size, "interpolation": "cubic"},
            ],
            "channel_order": "rgb",
            "scale": "1/255",
            "mean": [0, 0, 0],
            "std": [1, 1, 1],
        },
        "classes": list(CLASSES),
        "decision": {"rule": "argmax"},
        "referable": 2,
        "demo": demo,
        "version": version,
        "origin": origin,
    }


def card_path(model_path):
    return pathlib.Path(model_path).with_suffix(".json")


def write_card(model_path, card):
    card_path(model_path).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def check_card(model_path):
    """Refuses a model whose card asks for other preprocessing or another decision than this recipe's."""
    path = card_path(model_path)
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        size = card["preprocessing"]["steps"][-1]["width"]
        expected = make_card(size, "", "", False)
        same = all(card[key] == expected[key] for key in ("preprocessing", "decision"))
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise RecipeError(f"{path}: not a card written by train.py ({error})") from error
    if not same:
        raise RecipeError(f"{path}: its preprocessing or decision is not that of train.py")
    return size
