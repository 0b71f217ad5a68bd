"""The self-test in a model card: a picture that a seed makes, and Keras' answer to it.

fovea makes the same picture, to the bit (include/fovea/self_test.h), and refuses to grade where its answer differs.
"""

import hashlib

import numpy as np

SEEDS = range(1, 9)
TOLERANCE = 1e-4  # of the largest output; docs/model-card.md gives the reasons
TOLERANCE_REASON = ("1e-4 of the largest output: room for float32 sums in another order and for Winograd's "
                    "convolutions")


def mixed(x):
    """MurmurHash3's last step on uint32: every bit of the result depends on every bit of x."""
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    x = (x ^ (x >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return x ^ (x >> np.uint32(16))


def cells(seed, shape, shift):
    """16 bits for each channel of each cell of 2^shift x 2^shift pixels."""
    y, x, channel = np.meshgrid(*(np.arange(n, dtype=np.uint32) for n in shape), indexing="ij", sparse=True)
    start = mixed(np.full((1, 1, 1), seed + shift, np.uint32))
    return mixed(mixed(mixed(start + (y >> np.uint32(shift))) + (x >> np.uint32(shift))) + channel) >> np.uint32(16)


def picture(seed, shape, value_range):
    """The input of this seed, float32: blocks of 32 and of 8 pixels and grain, values within the range."""
    full = (1,) * (3 - len(shape)) + tuple(shape)
    level = (2 * cells(seed, full, 5) + cells(seed, full, 3) + cells(seed, full, 0)) >> np.uint32(2)
    low, high = (float(np.float32(value)) for value in value_range)
    level = level.astype(np.float64)
    return ((low * (65536 - level) + high * level) / 65536).astype(np.float32).reshape(shape)


def number_as_written(text):
    """A number of a card, which may be a quotient such as 1/255."""
    if not isinstance(text, str):
        return float(text)
    above, _, below = text.partition("/")
    return float(above) / float(below or 1)


def value_range(normalisation):
    """Smallest and largest value of a normalised picture: of a card's `preprocessing` with its preset spelled out."""
    scale = number_as_written(normalisation["scale"])
    values = [(level * scale - mean) / std for level in (0.0, 255.0)
              for mean, std in zip(normalisation.get("mean", [0, 0, 0]), normalisation.get("std", [1, 1, 1]))]
    return shortest([min(values), max(values)])


def shortest(values):
    """float32 numbers with the digits that give them back, and no more."""
    return [float(str(value)) for value in np.asarray(values, np.float32)]


def one_sidedness(outputs):
    """How much of all the answer is its largest part: 1 where one class has everything."""
    size = np.abs(outputs.astype(np.float64))
    return size.max() / size.sum() if size.sum() > 0 else 1.0


def make(model, path, limits):
    """The card's `self_test` for a Keras model that stands in the file `path`; `limits` as value_range gives them."""
    import keras  # pylint: disable=import-outside-toplevel  (not needed by those who want the picture alone)

    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise ValueError("a self-test needs one input and one output")
    shape = tuple(model.inputs[0].shape[1:])
    if None in shape or not 1 <= len(shape) <= 3:
        raise ValueError(f"a self-test needs a network with an input of fixed size, this one takes {shape}")
    if any(getattr(layer, "data_format", None) == "channels_first" for layer in model._flatten_layers()):
        raise ValueError("a self-test needs a network with its channels last")
    with keras.device("cpu"):  # graphics processors may round to fewer bits than float32 has
        answers = {seed: np.ravel(keras.ops.convert_to_numpy(model(picture(seed, shape, limits)[None], training=False)))
                   for seed in SEEDS}
    seed = min(SEEDS, key=lambda seed: one_sidedness(answers[seed]))
    largest = np.abs(answers[seed]).max()
    if not all(np.isfinite(answer).all() for answer in answers.values()) or largest == 0:
        raise ValueError("the network's answers are not finite numbers, or all 0: nothing to test with")
    with open(path, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "seed": seed,
        "input": list(shape),
        "range": limits,
        "outputs": shortest(answers[seed]),
        "tolerance": shortest([np.float32(TOLERANCE) * largest])[0],
        "tolerance_reason": TOLERANCE_REASON,
        "computed_by": f"keras {keras.__version__}",
        "model_sha256": sha256,
    }
