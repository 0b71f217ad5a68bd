"""What the tests of the Python module share: small networks as Keras makes and computes them, and the same in fovea."""

import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402  (after TensorFlow's log level)
import numpy as np  # noqa: E402
import pytest  # noqa: E402

import fovea  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("FOVEA_BIN_DIR", ROOT / "build" / "bin"))
DEMO = ROOT / "weights" / "demo.h5"
SAMPLES = sorted((ROOT / "weights" / "samples").glob("drawn*"))[:6]


def convolutions(size=64):
    """A picture to five probabilities."""
    layers = keras.layers
    return keras.Sequential([
        keras.Input((size, size, 3), name="picture"), layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(), layers.Conv2D(32, 3, activation="relu"), layers.GlobalAveragePooling2D(),
        layers.Dense(5, activation="softmax")], name="convolutions")


def two_ends():
    """Two inputs and two outputs."""
    layers = keras.layers
    picture, age = keras.Input((8, 8, 3), name="picture"), keras.Input((2,), name="age")
    seen = layers.Flatten()(layers.Conv2D(4, 3, activation="relu", name="seen")(picture))
    joined = layers.Concatenate(name="joined")([seen, age])
    return keras.Model([picture, age], [layers.Dense(3, name="grade")(joined), layers.Dense(1, name="risk")(joined)])


def dense():
    """So small that a call is what it costs to call."""
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])


def save(model, folder):
    keras.utils.set_random_seed(3)
    for layer in model.layers:
        layer.set_weights([np.random.default_rng(i).normal(0, 0.3, w.shape) for i, w in enumerate(layer.get_weights())])
    path = folder / f"{model.name}.keras"
    model.save(path)
    return path


class Pair:
    """A network in Keras, its file, and what fovea loads of it."""

    def __init__(self, keras_model, folder):
        self.keras = keras_model
        self.path = save(keras_model, folder)
        self.fovea = fovea.load(self.path)

    def images(self, count, seed=0):
        random = np.random.default_rng(seed)
        arrays = [random.normal(0, 1, (count, *x.shape[1:])).astype(np.float32) for x in self.keras.inputs]
        return arrays if len(arrays) > 1 else arrays[0]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def picture(folder):
    return Pair(convolutions(), folder)


@pytest.fixture(scope="session")
def ends(folder):
    return Pair(two_ends(), folder)


@pytest.fixture(scope="session")
def tiny(folder):
    return Pair(dense(), folder)


@pytest.fixture(scope="session")
def demo():
    return fovea.load(DEMO)


def assert_as_keras(got, expected):
    """Within what tests/keras allows of the largest answer; an error of ten times that is far outside."""
    expected = np.asarray(expected)
    assert got.shape == expected.shape and got.dtype == np.float32
    assert np.ptp(expected) > 1e-3 * np.abs(expected).max(), "all answers alike"
    assert np.abs(got - expected).max() <= 1e-5 * np.abs(expected).max()


sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
