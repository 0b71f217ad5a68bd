"""train.py from images to a model and its card, on 40 drawings; and its preprocessing."""

import json
import os
import pathlib
import tempfile
import unittest

import cv2
import numpy as np

import support
import keras
from recipe import preprocess


class Train(unittest.TestCase):
    def test_two_stages_on_40_drawings(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            made = support.run("synthesize.py", "--output", folder, "--count", 40, "--seed", 6, "--size", 160)
            self.assertEqual(made.returncode, 0, made.stderr)
            images, model_path = folder / "train_images", folder / "out" / "own.h5"
            trained = support.run(
                "train.py", "--images", images, "--labels", folder / "train.csv", "--cache", folder / "cache",
                "--size", 64, "--width", 0.25, "--imagenet", "none", "--epochs-head", 1, "--epochs-all", 1,
                "--output", model_path)
            self.assertEqual(trained.returncode, 0, trained.stderr)
            self.assertIn("32 images for training, 8 for validation", trained.stdout)
            self.assertIn("validation: 8 images, accuracy", trained.stdout)
            self.check_model(model_path, images)
            self.check_card(model_path.with_suffix(".json"))

            measured = [line for line in trained.stdout.splitlines() if line.startswith("validation: ")]
            split = support.run("train.py", "--labels", folder / "train.csv", "--split-only", folder / "split")
            self.assertEqual(split.returncode, 0, split.stderr)
            again = support.run(
                "train.py", "--evaluate", model_path, "--images", images, "--labels", folder / "split" / "valid.csv",
                "--cache", folder / "cache")
            self.assertEqual(again.returncode, 0, again.stderr)
            self.assertIn(measured[0].split(": ", 1)[1], again.stdout)  # the saved file scores as the trained network

            onward = support.run(
                "train.py", "--images", images, "--labels", folder / "train.csv", "--cache", folder / "cache",
                "--size", 64, "--width", 0.25, "--start", model_path, "--epochs-head", 0, "--epochs-all", 0,
                "--output", folder / "onward.h5")
            self.assertEqual(onward.returncode, 0, onward.stderr)
            self.assertIn(measured[0], onward.stdout)  # going on starts from the weights that were saved

    def check_model(self, path, images):
        model = keras.saving.load_model(path, compile=False)
        self.assertEqual(model.input_shape, (None, 64, 64, 3))
        image = preprocess.preprocess(preprocess.load(sorted(images.iterdir())[0]), 64)
        answer = model.predict_on_batch(cv2.cvtColor(image, cv2.COLOR_BGR2RGB)[None].astype(np.float32) / 255)
        self.assertEqual(answer.shape, (1, 5))
        self.assertAlmostEqual(float(answer.sum()), 1, places=4)
        self.assertTrue(all(layer.trainable for layer in model.layers))

    def check_card(self, path):
        card = json.loads(path.read_text(encoding="utf-8"))
        self.assertEqual(card["fovea_card"], 1)
        self.assertEqual([step["op"] for step in card["preprocessing"]["steps"]], ["gaussian_contrast", "resize"])
        self.assertEqual(card["preprocessing"]["steps"][1]["width"], 64)
        self.assertEqual(len(card["classes"]), 5)
        self.assertEqual(card["self_test"]["model_sha256"], support.sha256(path.with_suffix(".h5")))
        self.assertEqual(card["self_test"]["input"], [64, 64, 3])
        self.assertIs(card["demo"], False)
        self.assertIn("8 validation images", card["origin"])

    def test_wrong_usage(self):
        for arguments, reason in (
            (("--labels", "a.csv", "--output", "m.h5"), "--images is missing"),
            (("--labels", "a.csv", "--images", ".", "--output", "m.keras"), "does not end in .h5"),
            (("--labels", "a.csv", "--images", ".", "--output", "m.h5", "--width", "0.5"), "--imagenet none"),
            (("--labels", "a.csv", "--images", ".", "--output", "m.h5", "--start", "absent.h5"), "absent.h5"),
            (("--labels", "absent.csv", "--split-only", "unused"), "absent.csv"),
        ):
            result = support.run("train.py", *arguments)
            self.assertEqual(result.returncode, 2)
            self.assertIn(reason, result.stderr)


class Preprocess(unittest.TestCase):
    def test_formula(self):
        """The blur written out in doubles: OpenCV's 8-bit result may differ by one level, times the weight of 4."""
        image = np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)
        turn = np.arange(-120, 121)
        kernel = np.exp(-(turn**2) / (2 * 40.0**2))
        kernel /= kernel.sum()
        blurred = image.astype(float)
        for axis in (0, 1):
            padding = [(0, 0)] * 3
            padding[axis] = (120, 120)
            padded = np.pad(blurred, padding, "reflect")
            blurred = np.apply_along_axis(lambda line: np.convolve(line, kernel, "valid"), axis, padded)
        expected = np.clip(4 * (image - blurred) + 128, 0, 255)
        expected = cv2.resize(expected, (64, 64), interpolation=cv2.INTER_CUBIC)
        got = preprocess.preprocess(image, 64)
        self.assertLess(np.abs(np.clip(expected, 0, 255) - got).max(), 6)

    def test_cache_is_used_and_renewed(self):
        with tempfile.TemporaryDirectory() as folder:
            image = pathlib.Path(folder) / "a.png"
            cv2.imwrite(str(image), np.full((50, 60, 3), 80, np.uint8))
            cached = preprocess.fill_cache([image], pathlib.Path(folder) / "cache", 32, 1)[0]
            first = cached.stat().st_mtime_ns
            preprocess.fill_cache([image], pathlib.Path(folder) / "cache", 32, 1)
            self.assertEqual(cached.stat().st_mtime_ns, first)
            later = cached.stat().st_mtime + 10
            os.utime(image, (later, later))
            preprocess.fill_cache([image], pathlib.Path(folder) / "cache", 32, 1)
            self.assertNotEqual(cached.stat().st_mtime_ns, first)


if __name__ == "__main__":
    unittest.main()
