"""Keras' answer in a model card, as weights/export_card.py puts it there, is fovea's; a changed model is refused."""

import json
import pathlib
import tempfile
import unittest

import h5py
import keras
import numpy as np

import support
import export_card


def network(classes, activation):
    """Each kind of step that fovea fuses, folds or computes by another algorithm than Keras, with lively statistics."""
    keras.utils.set_random_seed(11)
    x = inputs = keras.Input((64, 48, 3))
    for filters, stride in ((16, 1), (32, 2), (32, 1)):
        x = keras.layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
        x = keras.layers.BatchNormalization(moving_mean_initializer="random_normal")(x)
        x = keras.layers.Activation("relu")(x)
    x = keras.layers.Add()([x, keras.layers.DepthwiseConv2D(3, padding="same", activation="swish")(x)])
    x = keras.layers.Flatten()(keras.layers.AveragePooling2D(8)(x))
    return keras.Model(inputs, keras.layers.Dense(classes, activation, bias_initializer="random_normal")(x))


class SelfTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def export(self, model, *options):
        export_card.export(export_card.parse(["--model", str(model), *options]))
        return json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))

    def test_keras_answer_passes_in_fovea(self):
        for preset in ("gaussian-700", "imagenet-caffe", "imagenet-torch"):
            for name, classes, activation in (("a.h5", 5, "softmax"), ("b.keras", 1, "linear")):
                path = self.folder / f"{preset}-{name}"
                network(classes, activation).save(path)
                test = self.export(path, "--preprocess", preset)["self_test"]
                self.assertEqual(test["computed_by"], f"keras {keras.__version__}")
                self.assertEqual((len(test["outputs"]), test["input"]), (classes, [64, 48, 3]))
                for options in ((), ("--arithmetic", "direct"), ("--isa", "portable")):
                    said = support.run_tool("model-info", path, "--self-test", *options)
                    print(f"\n{preset} {said.split(': ', 1)[1].strip()}", flush=True)

    def test_fovea_makes_the_same_test(self):
        """Seed, range and answer of model-info are those of export_card.py."""
        path = self.folder / "m.h5"
        network(5, "softmax").save(path)
        for preset in ("gaussian-700", "ben-graham-320", "imagenet-caffe", "imagenet-tf", "imagenet-torch",
                       "rescale-700", "none"):
            card = self.folder / "m.json"
            card.unlink(missing_ok=True)
            by_keras = self.export(path, "--preprocess", preset)
            card.write_text(json.dumps({key: value for key, value in by_keras.items() if key != "self_test"}))
            support.run_tool("model-info", path, "--write-self-test")
            made, test = json.loads(card.read_text())["self_test"], by_keras["self_test"]
            for key in ("seed", "input", "range", "tolerance_reason", "model_sha256"):
                self.assertEqual(made[key], test[key], (preset, key))
            self.assertLess(np.abs(np.subtract(made["outputs"], test["outputs"])).max(), test["tolerance"], preset)

    def test_one_changed_weight_is_refused(self):
        path = self.folder / "m.h5"
        network(5, "softmax").save(path)
        self.export(path, "--preprocess", "gaussian-700")
        support.run_tool("model-info", path, "--self-test")
        with h5py.File(path, "r+") as file:
            kernels = []
            file.visititems(lambda name, item: kernels.append(name) if name.endswith("kernel") else None)
            file[sorted(kernels)[0]][1, 1, 0, 0] += 0.5
        with self.assertRaisesRegex(AssertionError, "m.json: self-test: output .* is .*, expected .* from keras .*m.h5 is "
                                                    "not the file that the test was made with"):
            support.run_tool("model-info", path, "--self-test")


if __name__ == "__main__":
    support.main()
