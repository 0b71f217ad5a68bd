"""Users' classes that bear the name of one of Keras': refused by their full name, in every form in which Keras saves it,
while Keras' own of the same name run."""

import pathlib
import subprocess
import tempfile
import types
import unittest

import keras
import numpy as np
from keras import layers, saving

import support

SHAPE = (6, 6, 4)
# How each is made; the others take no arguments.
ARGUMENTS = {
    "Activation": ("relu",), "AveragePooling2D": (2,), "CenterCrop": (4, 4), "Conv2D": (4, 3), "Conv2DTranspose": (4, 3), "Dense": (4,),
    "DepthwiseConv2D": (3,), "Dropout": (0.5,), "GaussianDropout": (0.5,), "GaussianNoise": (0.5,),
    "GroupNormalization": (2,), "RandomContrast": (0.2,), "RandomRotation": (0.2,),
    "RandomTranslation": (0.2, 0.2), "RandomZoom": (0.2,), "Rescaling": (0.5,), "Reshape": ((12, 12),),
    "Resizing": (3, 3), "SeparableConv2D": (4, 3), "SpatialDropout2D": (0.5,), "Permute": ((2, 1, 3),),
}
NAMES = sorted({"BatchNormalization", "Cropping2D", "ELU", "Flatten", "GlobalAveragePooling2D",
                "GlobalMaxPooling2D", "Identity", "LayerNormalization", "LeakyReLU", "MaxPooling2D", "PReLU", "ReLU",
                "RMSNormalization", "Softmax", "UnitNormalization", "UpSampling2D", "ZeroPadding2D", "Add", "Average",
                "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract", *ARGUMENTS})
MERGES = (type(layers.Add()).__base__, layers.Concatenate)
MODULE = "__main__" if __name__ == "__main__" else __name__


def subclass(name, base, package=None):
    """A class of this name that gives twice what Keras' own gives; registered if it has a package."""
    made = type(name, (base,), {"call": lambda self, inputs, **options: 2 * base.call(self, inputs, **options)})
    return saving.register_keras_serializable(package)(made) if package else made


def around(*all_layers):
    """One model with each of the layers, which stand beside one another."""
    inputs = keras.Input(SHAPE)
    x = layers.Conv2D(4, 1)(inputs)
    return keras.Model(inputs, [layer([x, inputs] if isinstance(layer, MERGES) else x) for layer in all_layers])


class OwnClasses(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.raw = cls.folder / "in.f32"
        np.random.default_rng(1).uniform(-1, 1, (2, *SHAPE)).astype(np.float32).tofile(cls.raw)

    def run_on(self, path):
        command = [str(support.BIN / "fovea-run"), str(path), str(self.raw), str(self.folder / "out")]
        return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)

    def check_refused(self, model, full_names, endings=("keras", "h5", "weights.h5")):
        (self.folder / "own.weights.json").write_text(model.to_json(), encoding="utf-8")
        for ending in endings:
            path = self.folder / f"own.{ending}"
            (model.save_weights if ending == "weights.h5" else model.save)(path)
            done = self.run_on(path)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1)
            for name in full_names:
                self.assertIn(name, done.stderr, ending)

    def test_layers(self):
        bases = {name: getattr(layers, name) for name in NAMES}
        registered = [subclass(name, base, f"My{name}")(*ARGUMENTS.get(name, ())) for name, base in bases.items()]
        self.check_refused(around(*registered), [f"(My{name}>{name})" for name in NAMES])
        own = [subclass(name, base)(*ARGUMENTS.get(name, ())) for name, base in bases.items()]
        # An .h5 has the name alone, and Keras itself loads its own for it.
        self.check_refused(around(*own), [f"({MODULE}.{name})" for name in NAMES], ("keras", "weights.h5"))
        around(*(base(*ARGUMENTS.get(name, ())) for name, base in bases.items())).save(self.folder / "keras.keras")
        done = self.run_on(self.folder / "keras.keras")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_classes_of_no_base(self):
        for config in ({}, {"rate": 0.5}):
            own = type("Dropout", (layers.Layer,), {"call": lambda self, x: 3 * x,
                                                    "get_config": lambda self, own=config: dict(own)})
            own = saving.register_keras_serializable("Mine")(own)
            self.check_refused(around(own()), ["(Mine>Dropout)"], ("keras", "h5"))

    def test_activations(self):
        def own(x):
            return 2 * x
        used, refused = [], []
        for name in ("square", "hard_swish", "absolute", "gelu_tanh"):
            named = types.FunctionType(own.__code__, globals(), name)
            used.append(layers.Activation(named))
            refused.append(f"activation '{name}, a function of the model's author'")
        registered = saving.register_keras_serializable("Own")(types.FunctionType(own.__code__, globals(), "mish"))
        leaky = subclass("LeakyReLU", layers.LeakyReLU, "OwnActivation")()
        self.check_refused(around(*used, layers.Conv2D(3, 1, activation=registered),
                                  layers.Conv2D(3, 1, activation=leaky)),
                           [*refused, "'Own>mish'", "OwnActivation>LeakyReLU"], ("keras", "h5"))


if __name__ == "__main__":
    support.main()
