"""The files peer-bench writes for the peers, against real Keras: what runs them must answer as Keras does in float64.

ONNX files need packages that the tests' own environment does not have: that part runs in peer-bench's, where there is
one.
"""
import json
import os
import pathlib
import sys
import tempfile
import unittest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from support import PEERS, ROOT

import environment
import launch
from engines import onednn

sys.path.insert(0, str(ROOT / "tests" / "keras"))

import keras  # noqa: E402  (after the log level and the path)
import keras_to_flat  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

import images  # noqa: E402

TOLERANCE = 2e-6  # of probabilities, in float32


def block(x, filters, stride, shortcut):
    main = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
    main = layers.Activation("relu")(layers.BatchNormalization()(main))
    main = layers.Conv2D(filters, 3, padding="same")(main)
    main = layers.BatchNormalization(scale=False)(main)
    if shortcut:
        x = layers.BatchNormalization(center=False)(layers.Conv2D(filters, 1, strides=stride)(x))
    return layers.ReLU()(layers.Add()([x, main]))


def small_network():
    """All that ResNet50 and its heads have: padding, odd sizes, both kinds of block, two dense layers."""
    inputs = layers.Input((37, 41, 3))
    x = layers.Conv2D(16, 7, strides=2)(layers.ZeroPadding2D(((3, 2), (1, 3)))(inputs))
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.MaxPooling2D(3, strides=2)(layers.ZeroPadding2D(1)(x))
    x = block(block(x, 24, 2, True), 24, 1, False)
    x = layers.Dropout(0.5)(layers.GlobalAveragePooling2D()(x))
    x = layers.Dense(12, activation="relu")(x)
    model = keras.Model(inputs, layers.Dense(5, activation="softmax")(x))
    rng = np.random.default_rng(1)
    for layer in model.layers:
        layer.set_weights([random_weight(w, rng) for w in layer.weights])
    return model


def random_weight(weight, rng):
    if weight.path.endswith(("gamma", "variance")):
        return rng.uniform(0.5, 1.5, weight.shape)
    scale = np.sqrt(2 / np.prod(weight.shape[:-1])) if len(weight.shape) > 1 else 0.2
    return rng.normal(0, scale, weight.shape)


def float64_answers(model, inputs):
    double = keras.models.model_from_json(model.to_json().replace('"float32"', '"float64"'))
    double.set_weights([weight.astype(np.float64) for weight in model.get_weights()])
    return keras.ops.convert_to_numpy(double(inputs.astype(np.float64), training=False))


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.model = small_network()
        cls.inputs = images.make(3, (37, 41, 3), seed=4)
        cls.truth = float64_answers(cls.model, cls.inputs)

    def test_truth_is_lively(self):
        """Images differ, and no class is sure: an error anywhere would show."""
        self.assertGreater(self.truth.std(axis=0).max(), 1e-3)
        self.assertLess(self.truth.max(), 0.99)

    def check(self, answers):
        self.assertEqual(answers.shape, self.truth.shape)
        self.assertLess(np.abs(answers - self.truth).max(), TOLERANCE)

    def test_flat_file_in_onednn(self):
        """Batch 3, one thread and two, and held to AVX2: oneDNN's program runs the flat file."""
        if not onednn.HEADER.exists():
            self.skipTest("Debian's libdnnl-dev is not installed")
        flat, program = self.folder / "model.flat", self.folder / "onednn-graph"
        keras_to_flat.convert(self.model, flat)
        onednn.build(program)
        self.inputs.tofile(self.folder / "images.f32")
        for number, held in enumerate(({}, {"OMP_NUM_THREADS": "2"}, onednn.HELD_TO_AVX2)):
            answer = self.folder / f"{number}.f32"
            printed = json.loads(launch.run([program, flat, self.folder / "images.f32", answer, 3, 1, 2], further=held))
            self.check(np.fromfile(answer, np.float32).reshape(3, -1))
            self.assertEqual(len(printed["ms_per_image"]), 2)
            self.assertNotIn("NOT f32", printed["precision"])
            if held is onednn.HELD_TO_AVX2:
                self.assertNotIn("avx512", printed["precision"])

    def test_flat_file_of_a_wrong_size_is_refused(self):
        if not (self.folder / "onednn-graph").exists():
            self.skipTest("oneDNN's program was not built")
        np.zeros(7, np.float32).tofile(self.folder / "short.f32")
        with self.assertRaisesRegex(launch.Failed, "not of the network's size"):
            launch.run([self.folder / "onednn-graph", self.folder / "model.flat", self.folder / "short.f32",
                        self.folder / "x.f32", 3, 1, 1])

    def refused(self, network, words):
        inputs = layers.Input((8, 8, 4))
        with self.assertRaisesRegex(keras_to_flat.Unsupported, words):
            keras_to_flat.convert(keras.Model(inputs, network(inputs)), self.folder / "refused.flat")

    def test_networks_it_cannot_flatten_are_refused(self):
        self.refused(lambda x: layers.Conv2D(8, 3, groups=2)(x), "groups or dilation")
        self.refused(lambda x: layers.AveragePooling2D(2)(x), "AveragePooling2D")
        self.refused(lambda x: layers.MaxPooling2D(2)(layers.ZeroPadding2D(1)(x)), "can be its maximum")
        self.refused(lambda x: layers.Conv2D(8, 1, activation="tanh")(x), "activation tanh")

        def read_after_the_sum(x):
            y = layers.Conv2D(4, 1)(x)
            total = layers.Add()([y, layers.Conv2D(4, 1)(y)])
            return layers.Add()([layers.Conv2D(4, 1)(total), layers.Conv2D(4, 1)(y)])

        self.refused(read_after_the_sum, "is read again")

    def test_onnx_and_the_other_files_in_their_engines(self):
        """In peer-bench's own environment: each Python peer on the file written for it."""
        python = environment.ready()
        if not python:
            self.skipTest("peer-bench's environment is not there; scripts/peer-bench makes it")
        model, folder = self.folder / "model.keras", self.folder / "prepared"
        folder.mkdir()
        self.model.save(model)
        launch.run([python, PEERS / "prepare.py", model, 2, folder, "onnx", "xml", "tflite", "flat"])
        prepared = json.loads((folder / "prepared.json").read_text(encoding="utf-8"))
        self.assertEqual(prepared, {"shape": [2, 37, 41, 3], "failures": {}})
        truth = np.fromfile(folder / "truth.f64").reshape(2, -1)
        own = float64_answers(self.model, np.fromfile(folder / "images.f32", np.float32).reshape(2, 37, 41, 3))
        self.assertLess(np.abs(truth - own).max(), 1e-12)
        for name, file in (("onnx_runtime", "model.onnx"), ("openvino", "model.xml"), ("tflite", "model.tflite"),
                           ("opencv_dnn", "model.onnx"), ("keras_tensorflow", model)):
            with self.subTest(name):
                job = {"engine": name, "model": str(folder / file), "images": str(folder / "images.f32"), "threads": 1,
                       "shape": prepared["shape"], "warmup": 1, "repetitions": 3, "precision": True,
                       "answer": str(folder / f"{name}.f32"), "result": str(folder / f"{name}.json")}
                (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
                launch.run([python, PEERS / "worker.py", folder / "job.json"])
                result = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
                self.assertEqual(len(result["ms_per_image"]), 3)
                self.assertIn("f", result["precision"])
                answers = np.fromfile(folder / f"{name}.f32", np.float32).reshape(2, -1)
                self.assertLess(np.abs(answers - truth).max(), TOLERANCE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
