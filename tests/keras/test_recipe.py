"""What weights/train.py saves goes unchanged into batch-predict, which then grades as Keras does. Full width, small
pictures; needs no network and no real photographs."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import cv2
import keras
import numpy as np

import accuracy
import photos
import support

SIDE = 64


class Recipe(unittest.TestCase):
    def script(self, name, *arguments):
        command = [sys.executable, str(support.ROOT / "weights" / name), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=1200, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_trained_saved_graded(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            self.script("synthesize.py", "--output", folder, "--count", 40, "--seed", 8, "--size", 160)
            model_path = folder / "own.h5"
            printed = self.script(
                "train.py", "--images", folder / "train_images", "--labels", folder / "train.csv",
                "--cache", folder / "cache", "--size", SIDE, "--imagenet", "none",
                "--epochs-head", 1, "--epochs-all", 1, "--output", model_path)
            self.assertIn("27,794,309 parameters", printed)

            images = sorted((folder / "train_images").iterdir())
            inputs = photos.prepare(images, lambda image: photos.rgb(
                photos.resize(photos.gaussian(image, 40), SIDE, cv2.INTER_CUBIC)) * (1 / 255))
            model = keras.models.load_model(model_path, compile=False)
            truth = support.truth(model, inputs)
            keras32 = support.answers(model, [x.astype(np.float32) for x in inputs])

            def grade(*arithmetic):
                return support.batch_predict(model_path, images, folder / "labels.csv", *arithmetic)  # by its card

            # After two epochs the grades need not differ much.
            accuracy.check_rows(self, "a model trained by train.py", images, grade, truth, keras32, different=1)


if __name__ == "__main__":
    support.main()
