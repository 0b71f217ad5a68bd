"""Kappa and accuracy against cases worked out by hand."""

import unittest

import support  # noqa: F401  (puts weights/ on the path)
from recipe import scores


class Scores(unittest.TestCase):
    def test_perfect(self):
        matrix = scores.confusion_matrix([0, 1, 2, 3, 4], [0, 1, 2, 3, 4])
        self.assertEqual((scores.accuracy(matrix), scores.quadratic_weighted_kappa(matrix)), (1, 1))

    def test_worked_by_hand(self):
        # Squared distances seen: 0 + 1 + 4 = 5. By chance, each truth 0, 1, 4 against each answer 0, 2, 2:
        # (0 + 4 + 4 + 1 + 1 + 1 + 16 + 4 + 4) / 3 = 35 / 3. Kappa = 1 - 15 / 35.
        matrix = scores.confusion_matrix([0, 1, 4], [0, 2, 2])
        self.assertAlmostEqual(scores.accuracy(matrix), 1 / 3)
        self.assertAlmostEqual(scores.quadratic_weighted_kappa(matrix), 1 - 15 / 35)

    def test_one_grade_for_all_is_no_skill(self):
        matrix = scores.confusion_matrix([0, 1, 2, 3, 4], [2, 2, 2, 2, 2])
        self.assertAlmostEqual(scores.quadratic_weighted_kappa(matrix), 0)
        self.assertEqual(scores.quadratic_weighted_kappa(scores.confusion_matrix([2, 2], [2, 2])), 0)

    def test_orientation(self):
        self.assertEqual(scores.confusion_matrix([1], [3])[1, 3], 1)


if __name__ == "__main__":
    unittest.main()
