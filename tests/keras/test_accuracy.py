"""The comparison itself: it lets Keras' own errors pass, and notices what is worse."""

import unittest

import numpy as np

import accuracy


class Accuracy(unittest.TestCase):
    def setUp(self):
        rng = np.random.default_rng(0)
        self.truth = rng.dirichlet(np.ones(5), 12)
        self.error = rng.normal(0, 1e-5, self.truth.shape)
        self.grades = self.truth.argmax(axis=1)

    def answers(self, error):
        truth = self.truth
        return accuracy.check_answers(self, "synthetic", truth, truth + self.error, truth + error)

    def test_as_good_as_keras_passes(self):
        self.assertGreater(self.answers(self.error[::-1]), 0)
        self.assertGreater(self.answers(1.9 * self.error), 0)

    def test_worse_than_keras_fails(self):
        single = np.zeros_like(self.error)
        single[3, 2] = 4.1 * np.abs(self.error).max()
        absent = np.zeros_like(self.error)
        absent[0, 0] = np.nan
        for error in (2.1 * self.error, single, absent):
            with self.assertRaises(AssertionError):
                self.answers(error)

    def test_floor(self):
        """Where Keras makes no error at all, one in the seventh digit is allowed, and no more."""
        for size, passes in ((0.9e-6, True), (1.1e-6, False)):
            got = self.truth + size
            if passes:
                accuracy.check_answers(self, "synthetic", self.truth, self.truth, got)
            else:
                with self.assertRaises(AssertionError):
                    accuracy.check_answers(self, "synthetic", self.truth, self.truth, got)

    def test_grades(self):
        best = np.sort(self.truth, axis=1)
        limit = np.median(best[:, -1] - best[:, -2]) / 3
        accuracy.check_grades(self, "synthetic", self.truth, self.grades, limit)
        clear = best[:, -1] - best[:, -2] > 2 * limit
        for image, doubtful in ((clear.argmin(), True), (clear.argmax(), False)):
            grades = self.grades.copy()
            grades[image] = (grades[image] + 1) % 5
            if doubtful:
                accuracy.check_grades(self, "synthetic", self.truth, grades, limit)
            else:
                with self.assertRaises(AssertionError):
                    accuracy.check_grades(self, "synthetic", self.truth, grades, limit)
        with self.assertRaises(AssertionError):  # most grades are in doubt
            accuracy.check_grades(self, "synthetic", self.truth, self.grades, 1)
        with self.assertRaises(AssertionError):  # one grade for all
            one = np.tile(self.truth[:1], (12, 1))
            accuracy.check_grades(self, "synthetic", one, one.argmax(axis=1), limit)


if __name__ == "__main__":
    unittest.main(verbosity=2)
