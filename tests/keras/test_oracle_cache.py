"""The kept answers: found again where nothing changed, and never where anything did."""

import os
import pathlib
import tempfile
import unittest
from unittest import mock

import keras
import numpy as np

import oracle_cache
import support


def network(activation="tanh"):
    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    inputs = keras.Input((3,), name="input")
    return keras.Model(inputs, keras.layers.Dense(2, activation=activation, name="dense")(inputs))


class OracleCache(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(mock.patch.object(oracle_cache, "FOLDER", str(self.folder)))
        self.enterContext(mock.patch.dict(os.environ))
        os.environ.pop("FOVEA_FULL", None)
        self.images = np.arange(6, dtype=np.float32).reshape(2, 3)
        self.computed = 0

    def ask(self, model=None, images=None, how="as it is", several=False):
        def compute():
            self.computed += 1
            outputs = np.full((2, 2), self.computed, np.float64)
            return (outputs, outputs[:, :1]) if several else outputs
        return oracle_cache.answers(model or network(), self.images if images is None else images, how, compute)

    def kept(self):
        return list(self.folder.glob("*.npz"))

    def test_the_same_is_found_again(self):
        for several in (False, True):
            first, again = (self.ask(how=f"several {several}", several=several) for _ in range(2))
            self.assertEqual(isinstance(first, tuple), several)
            self.assertEqual(isinstance(again, tuple), several)
            for a, b in zip(first, again):
                np.testing.assert_array_equal(a, b, strict=True)
        self.assertEqual(self.computed, 2)

    def test_whatever_changes_is_computed(self):
        self.ask()
        other_weight = network()
        other_weight.layers[-1].bias.assign([0.0, 1e-30])
        changed = [{"model": network("relu")}, {"model": other_weight}, {"how": "float64"},
                   {"images": self.images.astype(np.float64)}, {"images": (self.images,)},
                   {"images": np.nextafter(self.images, np.float32(9))}]
        for number, asked in enumerate(changed):
            self.ask(**asked)
            self.assertEqual(self.computed, number + 2, asked)
        for function, value in (("circumstances", b"another Keras"), ("file_hash", b"another source")):
            with mock.patch.object(oracle_cache, function, lambda *_, value=value: value):
                before = self.computed
                self.ask()
                self.assertEqual(self.computed, before + 1, function)
        before = self.computed
        self.ask()
        self.assertEqual(self.computed, before)

    def test_this_file_is_one_of_the_sources(self):
        self.assertIn(str(pathlib.Path(__file__).resolve()), oracle_cache.sources())
        self.assertIn(str(pathlib.Path(support.__file__).resolve()), oracle_cache.sources())

    def test_damaged_answers_are_computed_again(self):
        self.ask()
        (path,) = self.kept()
        whole = path.read_bytes()
        for damaged in (whole[:-30], b"", whole[:100] + bytes([whole[100] ^ 1]) + whole[101:200]):
            path.write_bytes(damaged)
            before = self.computed
            self.ask()
            self.assertEqual(self.computed, before + 1)

    def test_a_full_run_computes_everything(self):
        self.ask()
        os.environ["FOVEA_FULL"] = "1"
        self.assertEqual(self.ask()[0, 0], 2)
        os.environ.pop("FOVEA_FULL")
        self.assertEqual(self.ask()[0, 0], 2)

    def test_the_oldest_go_where_there_are_too_many(self):
        with mock.patch.object(oracle_cache, "MOST_BYTES", 3000):
            for number in range(6):
                self.ask(how=str(number))
        self.assertLessEqual(sum(path.stat().st_size for path in self.kept()), 3000)
        self.assertTrue(self.kept())

    def test_truth_is_in_float64(self):
        model = network()
        exact = np.tanh(self.images.astype(np.float64) @ model.layers[-1].kernel.numpy().astype(np.float64))
        for _ in range(2):
            np.testing.assert_allclose(support.truth(model, self.images), exact, rtol=1e-14)
        self.assertEqual(len(self.kept()), 1)


if __name__ == "__main__":
    support.main()
