"""The drawings: the same from the same seed, different from another, in the APTOS layout."""

import pathlib
import tempfile
import unittest

import cv2
import numpy as np

import support
import synthesize


class Draw(unittest.TestCase):
    def test_same_seed_same_picture(self):
        first, grade = synthesize.draw(7, 3, 256)
        again, _ = synthesize.draw(7, 3, 256)
        self.assertEqual(grade, 3)
        self.assertTrue(np.array_equal(first, again))

    def test_another_seed_another_picture(self):
        first, other = synthesize.draw(7, 3, 256)[0], synthesize.draw(8, 3, 256)[0]
        self.assertFalse(first.shape == other.shape and np.array_equal(first, other))

    def test_looks_like_a_fundus(self):
        for index in range(10):
            image, _ = synthesize.draw(11, index, 256)
            middle = image[image.shape[0] // 4 : -image.shape[0] // 4, 64:-64].reshape(-1, 3).mean(axis=0)
            self.assertGreater(middle[2], middle[1])  # red over green over blue
            self.assertGreater(middle[1], middle[0])
            corners = np.concatenate([image[:4, :4].ravel(), image[-4:, -4:].ravel()])
            self.assertLess(corners.mean(), 12)


class CommandLine(unittest.TestCase):
    def test_layout_and_repeatability(self):
        with tempfile.TemporaryDirectory() as folder:
            sums = []
            for name in ("one", "two"):
                output = pathlib.Path(folder) / name
                result = support.run("synthesize.py", "--output", output, "--count", 10, "--seed", 4, "--size", 192)
                self.assertEqual(result.returncode, 0, result.stderr)
                rows = support.read_rows(output / "train.csv")
                self.assertEqual([row["diagnosis"] for row in rows], list("0123401234"))
                files = [output / "train_images" / f"{row['id_code']}.png" for row in rows]
                self.assertEqual(sorted(files), sorted((output / "train_images").iterdir()))
                sums.append([support.sha256(file) for file in files])
            self.assertEqual(*sums)
            self.assertEqual(len(set(sums[0])), 10)

    def test_wrong_usage(self):
        result = support.run("synthesize.py", "--output", "unused", "--count", 0)
        self.assertEqual(result.returncode, 2)
        self.assertIn("--count", result.stderr)


class Samples(unittest.TestCase):
    def test_are_drawings_of_seed_3(self):
        rows = support.read_rows(support.WEIGHTS / "samples" / "labels.csv")
        self.assertEqual(len(rows), 20)
        for index in (0, 9, 18):
            drawn, grade = synthesize.draw(3, index, 640)
            self.assertEqual(rows[index], {"id_code": synthesize.name_of(3, index), "diagnosis": str(grade)})
            saved = cv2.imread(str(support.WEIGHTS / "samples" / f"{rows[index]['id_code']}.jpg"))
            self.assertEqual(saved.shape, drawn.shape)
            self.assertLess(np.abs(saved.astype(int) - drawn).mean(), 3)  # what JPEG loses


if __name__ == "__main__":
    unittest.main()
