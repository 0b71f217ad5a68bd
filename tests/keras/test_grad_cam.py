"""Grad-CAM of real Keras models against GradientTape in float64, and Keras' own float32 as the measure."""

import pathlib
import tempfile
import unittest

import keras
import numpy as np
import tensorflow as tf
from keras import layers

import networks
import oracle_cache
import photos
import support

FACTOR, FLOOR = 2, 1e-4


def heat_maps(model, layer, images, class_index):
    """As Keras' tutorial has it, on the model's own output: [image, height, width] in [0, 1]."""
    return oracle_cache.answers(model, images, f"heat maps of {layer}, {class_index}",
                                lambda: computed_maps(model, layer, images, class_index))


def computed_maps(model, layer, images, class_index):
    both = keras.Model(model.input, [model.get_layer(layer).output, model.output])
    maps = []
    for image in images:
        with tf.GradientTape() as tape:
            features, scores = both(image[None], training=False)
            score = scores[:, class_index]
        weights = tf.reduce_mean(tape.gradient(score, features), axis=(1, 2))
        heat = np.maximum(0, tf.einsum("nhwc,nc->nhw", features, weights)[0].numpy())
        maps.append(heat / heat.max() if heat.max() > 0 else heat)
    return np.stack(maps)


def small_network(end):
    """Two convolutions of 40 channels, then `end`."""
    inputs = layers.Input((37, 41, 3))
    x = layers.Conv2D(24, 5, strides=2, activation="relu")(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Conv2D(40, 3, padding="same", activation="relu", name="last")(x)
    return keras.Model(inputs, end(x))


def pooled_head(x):
    x = layers.GlobalAveragePooling2D()(x)
    return layers.Dense(5, activation="softmax")(layers.Dropout(0.3)(x))


def deep_head(x):
    x = layers.Flatten()(layers.MaxPooling2D()(x))
    x = layers.BatchNormalization()(layers.Dense(70, activation="elu")(x))
    return layers.Dense(5, activation="sigmoid")(layers.ReLU()(x))


def two_poolings(x):
    x = layers.Concatenate()([layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)])
    return layers.Dense(5, activation="softmax")(layers.Dense(33, activation="swish")(x))


def pixel_head(x):
    """As MobileNet has it."""
    x = layers.Conv2D(40, 1, activation="hard_swish")(layers.GlobalAveragePooling2D(keepdims=True)(x))
    return layers.Softmax()(layers.Flatten()(layers.Conv2D(5, 1)(x)))


class GradCam(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def check(self, what, model, layer, inputs, classes):
        """`inputs` are in float64. Every class' maps in direct arithmetic, threads and batches alike."""
        path = self.folder / "model.keras"
        model.save(path)
        double, inputs32 = support.in_float64(model), np.stack(inputs).astype(np.float32)
        for class_index in classes:
            truth = heat_maps(double, layer, inputs, class_index)
            own = np.abs(heat_maps(model, layer, inputs32, class_index) - truth).max()
            self.assertGreater(np.mean((truth > 0.01) & (truth < 0.99)), 0.05, "hardly any heat: nothing is shown")
            options = ("--arithmetic", "direct", "--heat-map", class_index)
            (maps,) = support.fovea_run([path], [inputs32], self.folder, *options, "--threads", 1)
            (other,) = support.fovea_run([path], [inputs32], self.folder, *options, "--threads", 2, "--batch", 2)
            self.assertEqual(maps.tobytes(), other.tobytes())
            error, allowed = np.abs(maps.reshape(truth.shape) - truth).max(), max(FACTOR * own, FLOOR)
            print(f"\n{what}, class {class_index}: {len(truth)} maps of {truth.shape[1]}x{truth.shape[2]}, "
                  f"largest error {error:.2e}, Keras float32 {own:.2e}, allowed {allowed:.2e}", flush=True)
            self.assertLessEqual(error, allowed)
            # Four tolerances more would be noticed, and so would another class' maps.
            self.assertGreater(np.abs(maps.reshape(truth.shape) + 4 * allowed - truth).max(), allowed)
            another = heat_maps(double, layer, inputs, (class_index + 1) % model.output_shape[-1])
            self.assertGreater(np.abs(another - truth).max(), 10 * allowed)

    def test_small_networks(self):
        for seed, end in enumerate((pooled_head, deep_head, two_poolings, pixel_head)):
            rng = np.random.default_rng(seed)
            keras.utils.set_random_seed(seed)
            model = small_network(end)
            inputs = rng.normal(0, 1, (4, 37, 41, 3)).astype(np.float32).astype(np.float64)
            networks.enliven(model, inputs.astype(np.float32), rng)
            self.check(end.__name__, model, "last", inputs, (0, 3))

    def test_resnet50(self):
        """The original's network: ResNet50, average pooling, dense layers, softmax; on photographs where there are."""
        try:
            support.need_shared_data()
            inputs = photos.prepare(photos.photographs(raw=2, quality=1), "imagenet-torch")
        except unittest.SkipTest as reason:
            print(f"\n{reason}: noise instead", flush=True)
            inputs = list(np.random.default_rng(3).normal(0, 1, (3, 224, 224, 3)))
        inputs = [x.astype(np.float32).astype(np.float64) for x in inputs]
        keras.utils.set_random_seed(5)
        backbone = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(224, 224, 3))
        x = layers.Dropout(0.5)(layers.GlobalAveragePooling2D()(backbone.output))
        x = layers.Dropout(0.5)(layers.Dense(256, activation="relu")(x))
        model = keras.Model(backbone.input, layers.Dense(5, activation="softmax")(x))
        inputs32 = [x.astype(np.float32) for x in inputs]
        networks.make_lively(model, inputs32, seed=1)
        likely = support.answers(model, inputs32).mean(axis=0).argsort()[-2:]
        self.check("ResNet50, 224", model, "conv5_block3_out", inputs, [int(index) for index in likely])


if __name__ == "__main__":
    support.main()
