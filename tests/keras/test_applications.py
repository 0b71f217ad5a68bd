"""Networks of keras.applications with random lively weights, saved by Keras as .h5, against Keras in float64. One of each
family at a small size; FOVEA_FULL=1 runs all that are listed here, at two sizes."""

import os
import pathlib
import tempfile
import unittest

import keras
import numpy as np

import accuracy
import networks
import support

# Builder and small side. The first of each family runs always.
FAMILIES = (
    (("MobileNet", 64),),
    (("MobileNetV2", 64),),
    (("DenseNet121", 64), ("DenseNet169", 64)),
    (("VGG16", 32), ("VGG19", 32)),
    (("Xception", 71),),
    (("InceptionV3", 75),),
    (("ResNet50", 64), ("ResNet101", 64)),
)
FULL = bool(os.environ.get("FOVEA_FULL"))
FACTORS = {"direct": 2, "fast": 10}
FLOOR = 1e-6  # of the output's range
IMAGES = 3
CLASSES = 20


def build(name, side, seed):
    """(model, images): activations keep their size from layer to layer, and the logits differ between images."""
    keras.backend.clear_session()
    model = getattr(keras.applications, name)(
        weights=None, input_shape=(side, side, 3), classes=CLASSES, classifier_activation=None)
    rng = np.random.default_rng(seed)
    images = rng.uniform(0, 255, (IMAGES, side, side, 3)).astype(np.float32)
    images = images / 127.5 - 1
    networks.enliven(model, images, rng)
    return model, images


class Applications(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def check(self, name, side):
        model, images = build(name, side, seed=side)
        truth = support.answers(support.in_float64(model), images)
        keras32 = support.answers(model, images)
        span = np.ptp(truth)
        self.assertGreater(np.ptp(truth, axis=0).max(), 1e-2 * span, f"{name}: its images' answers hardly differ")
        path = self.folder / f"{name}.h5"
        model.save(path)
        of_keras = accuracy.rms(keras32 - truth)
        for arithmetic, factor in FACTORS.items():
            (got,) = support.fovea_run([path], [images], self.folder, "--arithmetic", arithmetic, "--threads", 2)
            error = accuracy.rms(got - truth)
            allowed = max(factor * of_keras, FLOOR * span)
            print(f"\n{name} {side}x{side} {arithmetic}: rms error {error / span:.1e} of the range, "
                  f"{accuracy.ratio(error, of_keras)} times Keras' own", end="", flush=True)
            self.assertTrue(np.isfinite(got).all())
            self.assertLessEqual(error, allowed, f"{name}, {arithmetic}")
            self.assertGreater(accuracy.rms(got[::-1] - truth), allowed, f"{name}: any answer would pass")
            best = np.sort(truth, axis=1)[:, ::-1]
            clear = best[:, 0] - best[:, 1] > 2 * np.abs(got - truth).max()
            self.assertEqual(got.argmax(axis=1)[clear].tolist(), truth.argmax(axis=1)[clear].tolist(), name)
        path.unlink()

    def test_as_keras(self):
        for family in FAMILIES:
            for name, side in family if FULL else family[:1]:
                for size in (side, side + 45) if FULL else (side,):
                    with self.subTest(name=name, side=size):
                        self.check(name, size)


if __name__ == "__main__":
    support.main()
