"""The golden files are what golden/make_golden.py makes with today's Keras."""

import pathlib
import sys
import tempfile
import unittest

import numpy as np

import support

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden"
sys.path.insert(0, str(GOLDEN))

import make_golden  # noqa: E402


class Golden(unittest.TestCase):
    def test_made_again(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            make_golden.make(folder)
            stored = {path.name for path in GOLDEN.iterdir() if path.is_file() and path.suffix != ".py"}
            self.assertEqual({path.name for path in folder.iterdir()}, stored)
            for path in folder.glob("*.input.f32"):
                self.assertEqual(path.read_bytes(), (GOLDEN / path.name).read_bytes(), path.name)
            for path in folder.glob("*.output.f64"):
                again, before = np.fromfile(path), np.fromfile(GOLDEN / path.name)
                np.testing.assert_allclose(again, before, rtol=1e-10, atol=1e-12, err_msg=path.name)


if __name__ == "__main__":
    support.main()
