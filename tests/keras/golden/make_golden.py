#!/usr/bin/env python3
"""Makes the golden files: tiny Keras models, inputs, and the outputs of Keras in float64, for tests without Keras.

    make_golden.py FOLDER      (the files in the repository: this script's own folder)

For each model: NAME.h5, NAME.input.f32 (images one after another), NAME.output.f64. *_weights.h5 hold weights only,
with their architecture in NAME.json; *_keras2.h5 are written as Keras 2.4 did.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import keras  # noqa: E402  (after the path of the modules beside it)
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

import old_files  # noqa: E402
import support  # noqa: E402

IMAGES = 2


def sequential():
    return keras.Sequential([
        layers.Input((23, 18, 3)), layers.Conv2D(12, 3, strides=2, activation="relu", padding="same"),
        layers.Conv2D(20, (2, 3), activation="relu"), layers.MaxPooling2D(2), layers.Dropout(0.3), layers.Flatten(),
        layers.Dense(24, activation="relu"), layers.Dropout(0.5), layers.Dense(5, activation="softmax")])


def residual():
    """A small ResNet: padding, 7x7/2, pooling, a block with a projected shortcut and one without."""
    def convolve(x, filters, kernel, stride=1):
        x = layers.Conv2D(filters, kernel, strides=stride, padding="same" if kernel > 1 else "valid")(x)
        return layers.BatchNormalization(epsilon=1.001e-5)(x)

    inputs = layers.Input((37, 41, 3))
    x = layers.Conv2D(16, 7, strides=2)(layers.ZeroPadding2D(3)(inputs))
    x = layers.Activation("relu")(layers.BatchNormalization(epsilon=1.001e-5)(x))
    x = layers.MaxPooling2D(3, strides=2)(layers.ZeroPadding2D(1)(x))
    for stride, project in ((2, True), (1, False)):
        shortcut = convolve(x, 40, 1, stride) if project else x
        main = layers.Activation("relu")(convolve(x, 10, 1, stride))
        main = layers.Activation("relu")(convolve(main, 10, 3))
        x = layers.Activation("relu")(layers.Add()([shortcut, convolve(main, 40, 1)]))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(5, activation="softmax")(x))


def windows():
    """Every way of placing a window; the output is a map."""
    inputs = layers.Input((19, 22, 17))
    x = layers.ZeroPadding2D(((1, 2), (0, 3)))(inputs)
    x = layers.Conv2D(18, 3, padding="same", dilation_rate=2, activation="sigmoid")(x)
    x = layers.AveragePooling2D(3, strides=2, padding="same")(x)
    x = layers.Conv2D(7, (1, 4), padding="valid", dilation_rate=1)(x)
    x = layers.MaxPooling2D((2, 3), strides=1, padding="same")(x)
    x = layers.AveragePooling2D((3, 2), strides=(1, 2))(x)
    return keras.Model(inputs, layers.Conv2D(4, 3, strides=3, padding="same", activation="softmax")(x))


def odd_channels():
    inputs = layers.Input((15, 14, 1))
    x = layers.Conv2D(17, 5, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization(center=False)(x)
    x = layers.ReLU(max_value=2)(x)
    x = layers.Conv2D(33, 3, activation="relu")(x)
    x = layers.BatchNormalization(scale=False, epsilon=0.01)(x)
    x = layers.Dense(3)(layers.GlobalMaxPooling2D()(x))
    return keras.Model(inputs, layers.Softmax()(x))


def nested():
    """Freezing changes the order in which a nested model's weights are stored."""
    inputs = layers.Input((16, 16, 3))
    x = inputs
    for filters in (9, 16):
        x = layers.Conv2D(filters, 3)(x)
        x = layers.Activation("relu")(layers.BatchNormalization()(x))
    backbone = keras.Model(inputs, x)
    backbone.layers[1].trainable = False
    backbone.layers[5].trainable = False
    return keras.Sequential([layers.Input((16, 16, 3)), backbone, layers.GlobalAveragePooling2D(),
                             layers.Dense(1, activation="sigmoid")])


def fill(model, rng):
    for weight in model.weights:
        kind = weight.path.rsplit("/", 1)[-1]
        if kind == "kernel":
            value = rng.normal(0, np.sqrt(2 / np.prod(weight.shape[:-1])), weight.shape)
        elif kind in ("gamma", "moving_variance"):
            value = rng.uniform(0.5, 1.5, weight.shape)
        else:
            value = rng.normal(0, 0.3, weight.shape)
        weight.assign(value)


def write(folder, name, model, images, save):
    save(folder / f"{name}.h5")
    images.tofile(folder / f"{name}.input.f32")
    support.truth(model, images).astype(np.float64).tofile(folder / f"{name}.output.f64")


def make(folder):
    for number, build in enumerate((sequential, residual, windows, odd_channels, nested)):
        keras.backend.clear_session()
        rng = np.random.default_rng(number)
        model, name = build(), build.__name__
        fill(model, rng)
        images = rng.normal(0, 1, (IMAGES, *model.input_shape[1:])).astype(np.float32)
        write(folder, name, model, images, model.save)
        if build in (residual, sequential):
            write(folder, f"{name}_keras2", model, images,
                  lambda path: old_files.rewrite_as_keras_2(folder / f"{name}.h5", path))
        if build is residual:
            write(folder, f"{name}_weights", model, images, lambda path: old_files.write_weights_file(model, path))
            (folder / f"{name}_weights.json").write_text(model.to_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    make(pathlib.Path(sys.argv[1]))
