"""The files that weights/ ships are those of the manifest; the demo's card says what the demo is."""

import csv
import json
import unittest

import support

COLUMNS = ["name", "sha256", "licence", "source", "measured accuracy"]


class Manifest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(support.WEIGHTS / "MANIFEST.tsv", newline="", encoding="utf-8") as file:
            cls.header, *cls.rows = csv.reader(file, delimiter="\t")

    def test_every_file_is_listed_and_unchanged(self):
        self.assertEqual(self.header, COLUMNS)
        shipped = [support.WEIGHTS / name for name in ("demo.h5", "demo.json")]
        shipped += (support.WEIGHTS / "samples").iterdir()
        names = sorted(str(path.relative_to(support.WEIGHTS)) for path in shipped)
        self.assertEqual(sorted(row[0] for row in self.rows), names)
        for row in self.rows:
            self.assertEqual(len(row), len(COLUMNS), row[0])
            self.assertEqual(support.sha256(support.WEIGHTS / row[0]), row[1], row[0])
            self.assertTrue(all(row[:4]), row[0])

    def test_demo_is_marked_and_small(self):
        card = json.loads((support.WEIGHTS / "demo.json").read_text(encoding="utf-8"))
        self.assertIs(card["demo"], True)
        for words in ("no medical device", "not for patients", "drawn", "held-out"):
            self.assertIn(words, card["origin"])
        self.assertLessEqual((support.WEIGHTS / "demo.h5").stat().st_size, 10_000_000)

    def test_figures_agree(self):
        origin = json.loads((support.WEIGHTS / "demo.json").read_text(encoding="utf-8"))["origin"]
        kappa = origin.rsplit("kappa ", 1)[1].rstrip(".")
        row = next(row for row in self.rows if row[0] == "demo.h5")
        self.assertIn(kappa, row[4])
        self.assertIn(kappa, (support.WEIGHTS / "README.md").read_text(encoding="utf-8"))


class Samples(unittest.TestCase):
    def test_four_of_each_grade(self):
        rows = support.read_rows(support.WEIGHTS / "samples" / "labels.csv")
        self.assertEqual(sorted(row["diagnosis"] for row in rows), sorted("01234" * 4))
        for row in rows:
            self.assertTrue((support.WEIGHTS / "samples" / f"{row['id_code']}.jpg").is_file(), row["id_code"])


class Demo(unittest.TestCase):
    def test_grades_the_samples(self):
        """The demo model does on the samples, fresh from the files, about what its card says."""
        result = support.run(
            "train.py", "--evaluate", support.WEIGHTS / "demo.h5", "--images", support.WEIGHTS / "samples",
            "--labels", support.WEIGHTS / "samples" / "labels.csv", "--cache", self.enterContext(support.folder()))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGreaterEqual(float(result.stdout.split("kappa ", 1)[1].split()[0]), 0.8, result.stdout)


if __name__ == "__main__":
    unittest.main()
