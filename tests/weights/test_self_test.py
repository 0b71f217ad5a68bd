"""The input of a self-test is the same as in C++, and export_card.py's card is what its options and Keras say."""

import csv
import json
import pathlib
import shutil
import unittest

import numpy as np

import support
from recipe import self_test

KNOWN = support.WEIGHTS.parent / "tests" / "grading" / "self_test_input.tsv"


class Picture(unittest.TestCase):
    def test_known_values(self):
        with open(KNOWN, newline="", encoding="utf-8") as file:
            rows = [row for row in csv.reader(file, delimiter="\t") if not row[0].startswith("#")]
        self.assertGreaterEqual(len(rows), 25)
        for seed, shape, low, high, index, bits in rows:
            shape = [int(number) for number in shape.split("x")]
            picture = self_test.picture(int(seed), shape, (float(low), float(high)))
            self.assertEqual((picture.dtype, list(picture.shape)), (np.float32, shape))
            self.assertEqual(f"{picture.ravel().view(np.uint32)[int(index)]:08x}", bits, (seed, shape, index))

    def test_blocks_and_grain(self):
        """Every scale is there, and nothing is the same everywhere."""
        picture = self_test.picture(1, (96, 96, 3), (0, 1))
        self.assertLess(abs(float(picture.mean()) - 0.5), 0.1)
        for side in (1, 8, 32):
            means = picture.reshape(96 // side, side, 96 // side, side, 3).mean(axis=(1, 3))
            self.assertGreater(float(means.std()), 0.1, side)
        self.assertGreater(float(np.abs(picture[..., 0] - picture[..., 1]).mean()), 0.1)


class ExportCard(unittest.TestCase):
    def setUp(self):
        folder = pathlib.Path(self.enterContext(support.folder()))
        self.model, self.card = folder / "m.h5", folder / "m.json"
        shutil.copy(support.WEIGHTS / "demo.h5", self.model)

    def export(self, *options):
        return support.run("export_card.py", "--model", self.model, *options)

    def refused(self, words, *options):
        result = self.export(*options)
        self.assertEqual(result.returncode, 2, result.stderr)
        lines = [line for line in result.stderr.splitlines() if line.startswith("export_card.py: ")]
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertIn(words, lines[0])

    def test_the_shipped_card(self):
        """The demo's card was made so, and all else in a card stays as it is."""
        shipped = json.loads((support.WEIGHTS / "demo.json").read_text(encoding="utf-8"))
        self.card.write_text(json.dumps({**shipped, "self_test": None}), encoding="utf-8")
        result = self.export()
        self.assertEqual(result.returncode, 0, result.stderr)
        card = json.loads(self.card.read_text(encoding="utf-8"))
        self.assertEqual(list(card), list(shipped))
        made, kept = card.pop("self_test"), shipped.pop("self_test")
        self.assertEqual(card, shipped)
        difference = np.abs(np.subtract(made["outputs"], kept["outputs"])).max()  # TensorFlow's threads may add otherwise
        self.assertLess(difference, kept["tolerance"] / 4)
        for key in ("seed", "input", "range", "model_sha256"):
            self.assertEqual(made[key], kept[key], key)

    def test_refusals(self):
        self.refused("give --preprocess NAME")
        self.card.write_text('{"layers": []}', encoding="utf-8")
        self.refused("is no model card")
        self.card.unlink()
        self.model.write_bytes(b"no model")
        self.refused("m.h5", "--preprocess", "none")
        self.assertFalse(self.card.exists())


if __name__ == "__main__":
    unittest.main()
