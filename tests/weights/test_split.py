"""The stratified split: exact sizes, every grade's share, the same result from the same seed."""

import collections
import pathlib
import tempfile
import unittest

import support
from recipe import labels as lb


def counts(labels):
    return collections.Counter(label.grade for label in labels)


class Split(unittest.TestCase):
    def check_shares(self, labels, training, validation):
        self.assertEqual(sorted(labels, key=str), sorted(training + validation, key=str))
        self.assertFalse({label.id_code for label in training} & {label.id_code for label in validation})
        for grade, count in counts(labels).items():
            self.assertLess(abs(counts(training)[grade] - 0.8 * count), 1)

    def test_sizes_and_shares(self):
        for sizes in ((1805, 370, 999, 193, 295), (8, 8, 8, 8, 8), (1, 2, 3, 4, 6), (0, 0, 5, 1, 0), (3, 3, 3, 3, 3)):
            labels = [lb.Label(f"{g}-{i}", g) for g, size in enumerate(sizes) for i in range(size)]
            training, validation = lb.split(labels, seed=0)
            self.assertEqual(len(training), round(0.8 * len(labels)))
            self.check_shares(labels, training, validation)

    def test_seed_decides(self):
        labels = [lb.Label(str(i), i % 5) for i in range(100)]
        self.assertEqual(lb.split(labels, seed=1), lb.split(labels, seed=1))
        self.assertNotEqual(lb.split(labels, seed=1), lb.split(labels, seed=2))

    def test_row_order_does_not_matter(self):
        labels = [lb.Label(str(i), i % 5) for i in range(100)]
        first, second = lb.split(labels, seed=1)[0], lb.split(labels[::-1], seed=1)[0]
        self.assertEqual(set(first), set(second))

    def test_aptos(self):
        aptos = support.SHARED_DATA / "labels" / "train.csv"
        if not aptos.is_file():
            self.skipTest(f"{aptos} is absent: set FOVEA_SHARED_DATA")
        with tempfile.TemporaryDirectory() as folder:
            result = support.run("train.py", "--labels", aptos, "--split-only", folder)
            self.assertEqual(result.returncode, 0, result.stderr)
            training = lb.read_labels(pathlib.Path(folder) / "train.csv")
            validation = lb.read_labels(pathlib.Path(folder) / "valid.csv")
        self.assertEqual((len(training), len(validation)), (2930, 732))
        self.check_shares(lb.read_labels(aptos), training, validation)


class BadLabels(unittest.TestCase):
    def test_one_line_names_file_and_reason(self):
        cases = {
            "id,diagnosis\na,1\n": "no column id_code",
            "id_code,diagnosis\na,5\n": "line 2",
            "id_code,diagnosis\na\n": "line 2",
            "id_code,diagnosis\na,1\na,2\n": "twice",
            "id_code,diagnosis\n": "no rows",
            "": "no column",
        }
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "bad.csv"
            for text, reason in cases.items():
                path.write_text(text, encoding="utf-8")
                with self.assertRaisesRegex(lb.RecipeError, f"bad.csv: .*{reason}"):
                    lb.read_labels(path)

    def test_train_reports_missing_image(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "labels.csv"
            path.write_text("id_code,diagnosis\nnowhere,1\n", encoding="utf-8")
            with self.assertRaisesRegex(lb.RecipeError, "no image for 1 of 1 ids, first 'nowhere'"):
                lb.find_images(folder, lb.read_labels(path))


if __name__ == "__main__":
    unittest.main()
