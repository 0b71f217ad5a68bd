"""Every model in the shared folder of models found in the wild: those marked positive load and give Keras' answers, the
others are refused, the layers named. Keras 1's are computed by a Keras model of the same layers."""

import csv
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

import h5py
import keras
import numpy as np
from keras import layers
from keras.src.legacy.saving import saving_utils

import accuracy
import support

MODELS = support.SHARED_DATA / "models"
FLOOR = 1e-6  # of the output's range
OPEN_SIZE = (30, 41, 3)  # where a model leaves it open
# What is refused, and why: layers that no CNN has, and files cut off.
REFUSED = {
    "dl4j_model_lambda.h5": "(Lambda)",
    "fml_qkeras-v3_3layer.keras": "(qkeras>QDense)",
    "keras2c_lstm_example.h5": "(LSTM)",
    "truncated_best_model.h5": "truncated",
    "truncated_resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5": "truncated",
}


def squeezenet(side):
    """The convolutions of SqueezeNet v1.1, with the names of the file but for the '/', which Keras 3 does not allow."""
    inputs = keras.Input((side, side, 3))
    x = layers.Conv2D(64, 3, strides=2, activation="relu", name="conv1")(inputs)
    x = layers.MaxPooling2D(3, strides=2)(x)
    for number, (squeeze, expand) in enumerate(((16, 64), (16, 64), (32, 128), (32, 128), (48, 192), (48, 192),
                                                (64, 256), (64, 256)), start=2):
        name = f"fire{number}_"
        x = layers.Conv2D(squeeze, 1, activation="relu", name=name + "squeeze1x1")(x)
        x = layers.Concatenate()([layers.Conv2D(expand, 1, activation="relu", name=name + "expand1x1")(x),
                                  layers.Conv2D(expand, 3, padding="same", activation="relu",
                                                name=name + "expand3x3")(x)])
        if number in (3, 5):
            x = layers.MaxPooling2D(3, strides=2)(x)
    return keras.Model(inputs, layers.GlobalAveragePooling2D()(x))


def listed_weights(path):
    """{layer: its tensors in the order of weight_names}"""
    with h5py.File(path) as file:
        group = file["model_weights"] if "model_weights" in file else file
        return {name if isinstance(name, str) else name.decode(): [group[name][weight][()] for weight in group[name].attrs["weight_names"]]
                for name in group.attrs["layer_names"]}


def from_keras_1(path):
    """A Sequential model of Keras 1 in today's words."""
    with h5py.File(path) as file:
        config = json.loads(file.attrs["model_config"])["config"]
        groups = (file["model_weights"] if "model_weights" in file else file).values()
        of_theano = not any(b":" in name for group in groups for name in list(group.attrs["weight_names"]))
    stack = [layers.Input(config[0]["config"]["batch_input_shape"][1:])]
    for layer in config:
        old = layer["config"]
        stack.append({
            "Convolution2D": lambda: layers.Conv2D(old["nb_filter"], (old["nb_row"], old["nb_col"]),
                                                   strides=old["subsample"], padding=old["border_mode"],
                                                   activation=old["activation"]),
            "Activation": lambda: layers.Activation(old["activation"]),
            "MaxPooling2D": lambda: layers.MaxPooling2D(old["pool_size"], old["strides"], old["border_mode"]),
            "Dropout": lambda: layers.Dropout(old["p"]),
            "Flatten": layers.Flatten,
            "Dense": lambda: layers.Dense(old["output_dim"], activation=old["activation"]),
        }[layer["class_name"]]())
    model = keras.Sequential(stack)
    weights = [tensor for tensors in listed_weights(path).values() for tensor in tensors]
    if of_theano:
        weights = [tensor[::-1, ::-1] if tensor.ndim == 4 else tensor for tensor in weights]
    model.set_weights(weights)
    return model


def from_bare_list(config, path):
    """A Sequential model whose configuration is a bare list, which Keras 3 does not load."""
    shape = config["config"][0]["config"].pop("batch_input_shape")
    model = keras.Sequential([layers.Input(shape[1:]), *map(saving_utils.model_from_config, config["config"])])
    model.set_weights([tensor for tensors in listed_weights(path).values() for tensor in tensors])
    return model


def load(path, folder):
    """(model, options of fovea-run)"""
    if path.name == "imagenet_squeezenet_tf_notop.h5":
        model = squeezenet(67)
        stored = listed_weights(path)
        for layer in model.layers:
            if layer.weights:
                layer.set_weights(stored[layer.name.replace("_", "/")])
        config = folder / "squeezenet.json"
        config.write_text(re.sub(r"(fire\d)_", r"\1/", model.to_json()), encoding="utf-8")
        return model, ("--config", config)
    if path.name == "fml_KERAS_conv2d_model_weights.h5":
        return from_bare_list(json.loads(path.with_suffix(".json").read_text(encoding="utf-8")), path), ()
    with h5py.File(path) as file:
        version, config = file.attrs["keras_version"], json.loads(file.attrs["model_config"])
    version = version.decode() if isinstance(version, bytes) else version
    if version.startswith("1."):
        return from_keras_1(path), ()
    if isinstance(config["config"], list):
        return from_bare_list(config, path), ()
    if '"groups": 1' not in json.dumps(config):
        return keras.models.load_model(path, compile=False), ()
    for layer in config["config"]["layers"]:  # Keras 2.4 writes what Keras 3 does not know
        if layer["class_name"] == "DepthwiseConv2D":
            del layer["config"]["groups"]
    model = saving_utils.model_from_config(config)
    stored = listed_weights(path)
    for layer in model.layers:
        layer.set_weights(stored[layer.name])
    return model, ()


class WildFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not (MODELS / "MANIFEST.tsv").is_file():
            raise unittest.SkipTest(f"{MODELS}: no models there (FOVEA_SHARED_DATA names the folder above it)")
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        with open(MODELS / "MANIFEST.tsv", newline="", encoding="utf-8") as file:
            cls.rows = list(csv.DictReader(file, delimiter="\t"))

    def test_every_file(self):
        for row in self.rows:
            path = MODELS / row["file"]
            with self.subTest(path.name):
                if path.name in REFUSED:
                    self.check_refused(path, REFUSED[path.name])
                else:
                    self.assertEqual(row["role"].split()[0], "positive")
                    self.check_answers(path)

    def check_refused(self, path, reason):
        command = [str(support.BIN / "fovea-run"), "--height", "12", "--width", "12", str(path), str(path),
                   str(self.folder / "out")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(reason, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def check_answers(self, path):
        keras.utils.clear_session()
        model, options = load(path, self.folder)
        size = [side or open_side for side, open_side in zip(model.input_shape[1:], OPEN_SIZE)]
        if size != list(model.input_shape[1:]):
            options = ("--height", size[0], "--width", size[1], *options)
        images = np.random.default_rng(3).uniform(-1, 1, (3, *size)).astype(np.float32)
        truth = support.truth(model, images)
        keras32 = support.in_rows(support.answers(model, images))
        (got,) = support.fovea_run([path], [images], self.folder, "--arithmetic", "direct", *options)
        self.assertEqual(got.shape, keras32.shape)
        truths = truth if isinstance(truth, tuple) else (truth,)
        print(f"\n{path.name}:", end="", flush=True)
        first = 0
        for truth in map(support.in_rows, truths):
            columns = slice(first, first := first + truth.shape[1])
            self.check_output(got[:, columns], truth, keras32[:, columns])

    def check_output(self, got, truth, keras32):
        error, span = accuracy.rms(got - truth), np.ptp(truth)
        print(f" rms error {error / max(span, 1e-30):.1e} of the range,"
              f" {accuracy.ratio(error, accuracy.rms(keras32 - truth))} times Keras' own;", end="", flush=True)
        self.assertTrue(np.isfinite(got).all())
        self.assertLessEqual(error, max(2 * accuracy.rms(keras32 - truth), FLOOR * span))


if __name__ == "__main__":
    support.main()
