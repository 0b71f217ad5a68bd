"""The networks measured when no file is given: default_models.py NAME OUTPUT.h5

Keras' ResNet50 v1 with the ImageNet head at 224, or with the head that grades retinopathy at 700, and other networks of
keras.applications at their default size. Their weights are random but seeded, their batch normalisations set off from
the data's own, and the last layers spread over the images: numbers stay as lively as a trained network's, so that a
wrong answer shows.
"""
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "keras"))

import keras  # noqa: E402  (after TensorFlow's log level)
import networks  # noqa: E402
import numpy as np  # noqa: E402

import cases  # noqa: E402
import images  # noqa: E402

SAMPLES, SEED = 4, 1


def grading_head(features):
    """Global average, dropout, dense 2048, dropout, five grades."""
    x = keras.layers.GlobalAveragePooling2D()(features)
    x = keras.layers.Dropout(0.5)(x)
    x = keras.layers.Dense(2048, activation="relu")(x)
    x = keras.layers.Dropout(0.5)(x)
    return keras.layers.Dense(5, activation="softmax")(x)


def build(name):
    """The model, and the layer whose output is the first dense layer's input."""
    if name == "resnet50-224":
        model = keras.applications.ResNet50(weights=None)
        return model, model.get_layer("avg_pool")
    if name == "resnet50-700-grading":
        backbone = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(700, 700, 3))
        model = keras.Model(backbone.input, grading_head(backbone.output))
        return model, next(x for x in model.layers if isinstance(x, keras.layers.GlobalAveragePooling2D))
    raise ValueError(f"{name}: no such model")


def application(name):
    """Another network of keras.applications, its answers unlike each other."""
    model = getattr(keras.applications, cases.APPLICATIONS[name])(weights=None)
    samples = images.make(SAMPLES, model.input_shape[1:], SEED)
    networks.enliven(model, samples, np.random.default_rng(SEED))
    answer = model.layers[-1]
    features = keras.Model(model.input, answer.input)(samples, training=False)
    networks.spread_grades(keras.ops.convert_to_numpy(features), [answer], seed=SEED + 1, spread=3)
    return model


def main():
    name, output = sys.argv[1:]
    if name in cases.APPLICATIONS:
        application(name).save(output)
        return
    model, pooled = build(name)
    samples = images.make(SAMPLES, model.input_shape[1:], SEED)
    networks.make_lively(model, samples, SEED)
    features = keras.Model(model.input, pooled.output)
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    per_image = [keras.ops.convert_to_numpy(features(x[None], training=False))[0] for x in samples]
    networks.spread_grades(np.stack(per_image), dense, seed=SEED + 1, spread=3)
    model.save(output)


if __name__ == "__main__":
    main()
