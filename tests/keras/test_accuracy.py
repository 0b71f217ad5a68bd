"""The comparison itself: it lets Keras' own errors pass, and notices what is worse."""

import pathlib
import unittest

import numpy as np

import accuracy


class Accuracy(unittest.TestCase):
    def setUp(self):
        rng = np.random.default_rng(0)
        self.truth = rng.dirichlet(np.ones(5), 12)
        self.error = rng.normal(0, 1e-5, self.truth.shape)
        self.grades = self.truth.argmax(axis=1)

    def answers(self, error, arithmetic):
        truth = self.truth
        return accuracy.check_answers(self, "synthetic", truth, truth + self.error, truth + error, arithmetic)

    def test_what_is_allowed_passes(self):
        for arithmetic, factor in (("direct", 1.9), ("fast", 9.9)):
            self.assertGreater(self.answers(self.error[::-1], arithmetic), 0)
            self.assertGreater(self.answers(factor * self.error, arithmetic), 0)

    def test_what_is_worse_fails(self):
        for arithmetic, factor, largest_factor in (("direct", 2.1, 4.1), ("fast", 10.1, 20.1)):
            single = np.zeros_like(self.error)
            single[3, 2] = largest_factor * np.abs(self.error).max()
            absent = np.zeros_like(self.error)
            absent[0, 0] = np.nan
            for error in (factor * self.error, single, absent):
                with self.assertRaises(AssertionError):
                    self.answers(error, arithmetic)

    def test_both_arithmetics_are_checked(self):
        """Rows that are good enough for one arithmetic alone fail in the other."""
        images = [pathlib.Path(str(i)) for i in range(len(self.truth))]
        asked = []

        def grade(*options):
            asked.append(options)
            error = self.error * (self.factor if options[1] == self.spoilt else 1)
            return {path.stem: (grade_of, row) for path, grade_of, row in zip(images, self.grades, self.truth + error)}

        for self.spoilt, self.factor in (("direct", 2.1), ("fast", 10.1)):
            with self.assertRaises(AssertionError):
                accuracy.check_rows(self, "synthetic", images, grade, self.truth, self.truth + self.error)
        asked.clear()
        self.spoilt = ""
        accuracy.check_rows(self, "synthetic", images, grade, self.truth, self.truth + self.error)
        self.assertEqual(asked, [("--arithmetic", "direct"), ("--arithmetic", "fast")])

    def test_floor(self):
        """Where Keras makes no error at all, one in the seventh digit is allowed, and no more."""
        for size, passes in ((0.9e-7, True), (1.1e-7, False)):
            got = self.truth + size
            if passes:
                accuracy.check_answers(self, "synthetic", self.truth, self.truth, got, "direct")
            else:
                with self.assertRaises(AssertionError):
                    accuracy.check_answers(self, "synthetic", self.truth, self.truth, got, "direct")

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
