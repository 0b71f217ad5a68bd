"""Models that Keras computes in another way than their layers seem to say: the same answers, or a refusal that names the
layer. And models that were trained before they became part of another."""

import pathlib
import subprocess
import tempfile
import unittest

import keras
import numpy as np
from keras import layers, ops

import support

SHAPE = (8, 6, 3)
FIRST = {"data_format": "channels_first"}
TOLERANCE = 1e-5  # of the largest output


def conv(x, filters=4, **options):
    return layers.Conv2D(filters, 3, padding="same", **options)(x)


def trained(model, optimizer, loss="mse", metrics=()):
    rng = np.random.default_rng(3)
    model.compile(optimizer, loss, metrics=list(metrics))
    x = rng.uniform(size=(4, *model.input_shape[1:]))
    model.fit(x, rng.uniform(size=model(x).shape), verbose=0)
    return model


def stack(name, *more):
    return keras.Sequential([keras.Input(SHAPE), layers.Conv2D(4, 3), layers.BatchNormalization(), layers.Dropout(0.3),
                             layers.GlobalAveragePooling2D(), *more], name=name)


class Traps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def run_on(self, model, images, ending):
        path, raw, out = (self.folder / name for name in (f"m.{ending}", "in.f32", "out.f32"))
        if ending == "weights.h5":
            model.save_weights(path)
            (self.folder / "m.weights.json").write_text(model.to_json(), encoding="utf-8")
        else:
            model.save(path)
        images.astype(np.float32).tofile(raw)
        command = [str(support.BIN / "fovea-run"), str(path), str(raw), str(out)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
        return done, np.fromfile(out, np.float32) if done.returncode == 0 else None

    def check(self, what, model, images, refused="", endings=("keras",)):
        """The answers of Keras, or a refusal that says `refused`."""
        expected = np.asarray(model(images, training=False)).astype(np.float32).ravel()
        for ending in endings:
            with self.subTest(what, ending=ending):
                done, got = self.run_on(model, images, ending)
                if refused:
                    self.assertEqual(done.returncode, 2, "it ran")
                    self.assertIn(refused, done.stderr)
                    continue
                self.assertEqual(done.returncode, 0, done.stderr)
                np.testing.assert_allclose(got, expected, rtol=0, atol=TOLERANCE * np.abs(expected).max())

    def test_one_layer_that_is_channels_first(self):
        images = np.random.default_rng(1).uniform(size=(2, *SHAPE)).astype(np.float32)
        for what, layer, refused in (
                ("pooling", layers.MaxPooling2D(2, **FIRST), ""),
                ("convolution", layers.Conv2D(5, 3, **FIRST), ""),
                ("global pooling", layers.GlobalAveragePooling2D(**FIRST), ""),
                ("global pooling, kept", layers.GlobalMaxPooling2D(keepdims=True, **FIRST), ""),
                ("zoom", layers.Resizing(4, 5, **FIRST), ""),
                ("operation", lambda x: ops.average_pool(x, 2, data_format="channels_first"), ""),
                ("softmax", layers.Conv2D(5, 3, activation="softmax", **FIRST), "'trap' (Conv2D)"),
                ("flatten", layers.Flatten(**FIRST), "'trap' (Flatten)")):
            if isinstance(layer, layers.Layer):
                layer.name = "trap"
            inputs = keras.Input(SHAPE)
            self.check(what, keras.Model(inputs, layer(conv(inputs))), images, refused)
        inputs = keras.Input(SHAPE)
        branches = [layers.Flatten()(conv(inputs)), layers.Flatten()(layers.MaxPooling2D(2, **FIRST)(inputs))]
        self.check("a branch", keras.Model(inputs, layers.Concatenate()(branches)), images)
        inputs = keras.Input(SHAPE)
        self.check("Permute", keras.Model(inputs, conv(layers.Permute((3, 1, 2))(inputs), **FIRST)), images)

    def test_whole_numbers(self):
        for dtype in ("uint8", "int32"):
            images = np.random.default_rng(2).integers(0, 256, (2, *SHAPE)).astype(dtype)
            for layer, wraps in ((layers.Rescaling(1 / 255), ""), (layers.MaxPooling2D(2), ""),
                                 (layers.UpSampling2D(2), ""), (layers.ReLU(6.0), ""), (layers.BatchNormalization(), ""),
                                 (layers.GlobalAveragePooling2D(), ""), (lambda x: x * 2.5, ""), (lambda x: x / 255, ""),
                                 (lambda x: ops.cast(x, "float32") * 2, ""), (lambda x: x * 2, "uint8"),
                                 (lambda x: x + 100, "uint8"), (lambda x: layers.Add()([x, x]), "uint8"),
                                 (layers.UpSampling2D(2, interpolation="bilinear"), "uint8 int32"),
                                 (layers.Resizing(5, 5), "uint8 int32"), (layers.LayerNormalization(), "uint8 int32"),
                                 (lambda x: x * x, "uint8 int32")):
                inputs = keras.Input(SHAPE, dtype=dtype)
                refused = f"reads whole numbers ({dtype})" if dtype in wraps.split() else ""
                self.check(f"{getattr(layer, 'name', layer)} of {dtype}", keras.Model(inputs, layer(inputs)), images,
                           refused)

    def test_trained_before(self):
        images = np.random.default_rng(1).uniform(size=(2, *SHAPE)).astype(np.float32)
        inner = trained(stack("inner", layers.Dense(5)), keras.optimizers.Adam(), "mse", ["mae", keras.metrics.AUC()])
        inputs = keras.Input(SHAPE)
        middle = keras.Model(inputs, layers.Dense(4)(inner(inputs)), name="middle")
        middle = trained(middle, keras.optimizers.SGD(momentum=0.9), keras.losses.Huber())
        middle.trainable = False
        outer = keras.Sequential([keras.Input(SHAPE), middle, layers.Dense(2)])
        outer = trained(outer, keras.optimizers.LossScaleOptimizer(keras.optimizers.RMSprop()), "mse", ["mse"])
        endings = ("keras", "weights.h5", "h5")
        self.check("two levels", outer, images, endings=endings)
        inputs = keras.Input(SHAPE)
        members = [trained(stack(f"member{n}", layers.Dense(3)), keras.optimizers.AdamW()) for n in range(2)]
        self.check("ensemble", keras.Model(inputs, layers.Average()([m(inputs) for m in members])), images,
                   endings=endings)


if __name__ == "__main__":
    support.main()
