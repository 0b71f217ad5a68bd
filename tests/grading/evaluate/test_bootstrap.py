"""Resamples against scikit-learn one by one, and intervals against NumPy's own bootstrap."""

import unittest

import numpy as np
from oracle import Sample, expected, fovea_evaluate, number, random_sample
from sklearn import metrics as sk

RESAMPLES = 20_000


def values_of(answer):
    """[resample, metric], in the order of answer["keys"]."""
    return np.array([[number(value) for value in draw["values"]] for draw in answer["draws"]])


def weights_of(answer, sample):
    """[resample, row]: how often each row was drawn, in the rows' own order."""
    weights = np.zeros((len(answer["draws"]), len(sample.truth)), int)
    weights[:, sample.in_fovea_order()] = [draw["counts"] for draw in answer["draws"]]
    return weights


class Resamples(unittest.TestCase):
    def test_each_is_what_scikit_learn_says(self):
        rng = np.random.default_rng(10)
        samples = [random_sample(rng, 60), random_sample(rng, 200, digits=1), random_sample(rng, 7),
                   Sample(rng.integers(0, 5, 90), rng.integers(0, 5, 90)), Sample([2], [1], [[0.1, 0.5, 0.4, 0, 0]]),
                   Sample(np.zeros(9, int), rng.integers(0, 2, 9), np.full((9, 5), 0.2))]
        compared = 0
        for sample, answer in zip(samples, fovea_evaluate([s.case(draws=25, resamples=25) for s in samples])):
            weights = weights_of(answer, sample)
            for grade in range(5):
                of_grade = sample.truth == grade
                self.assertTrue(np.all(weights[:, of_grade].sum(axis=1) == of_grade.sum()))
            for row_weights, got in zip(weights, values_of(answer)):
                values = expected(sample, row_weights)
                want = np.array([values[key] for key in answer["keys"]])
                np.testing.assert_allclose(got, want, rtol=0, atol=1e-12, err_msg=str(answer["keys"]))
                compared += np.isfinite(got).sum()
        self.assertGreater(compared, 3000)

    def test_intervals_are_percentiles(self):
        rng = np.random.default_rng(11)
        # In some resamples of the second no row is predicted but one grade: there kappa is undefined.
        rare = Sample(np.zeros(6, int), [0, 0, 0, 0, 0, 1])
        samples = [random_sample(rng, 80), rare]
        undefined, known = 0, set()
        for sample, answer in zip(samples, fovea_evaluate([s.case(draws=333, resamples=333) for s in samples])):
            for key, values in zip(answer["keys"], values_of(answer).T):
                metric = answer["metrics"][key]
                self.assertEqual(metric["undefined"], np.isnan(values).sum(), key)
                undefined += metric["undefined"]
                defined = values[~np.isnan(values)]
                want = np.percentile(defined, [2.5, 97.5]) if len(defined) >= 0.95 * len(values) else [np.nan, np.nan]
                known.update([metric["spread"]])
                if want[1] - want[0] < 1e-12:
                    want = [np.nan, np.nan]  # no spread is no interval
                got = [number(end) for end in metric["bootstrap"]]
                np.testing.assert_allclose(got, want, rtol=0, atol=1e-12, err_msg=key)
        self.assertGreater(undefined, 0)
        self.assertEqual(known, {0, 2, 3})  # known, none, often undefined: each occurs

    def test_threads_change_no_bit(self):
        rng = np.random.default_rng(12)
        sample, second = random_sample(rng, 500), random_sample(rng, 500).predicted.tolist()
        cases = [sample.case(resamples=300, threads=threads, seed=seed, second=second)
                 for seed in (9, 2**64 - 1) for threads in (1, 2, 5)]
        one, two, five, *other = fovea_evaluate(cases)
        self.assertEqual(one, two)
        self.assertEqual(one, five)
        self.assertEqual(other[0], other[2])
        self.assertNotEqual(one["metrics"]["accuracy"]["bootstrap"], other[0]["metrics"]["accuracy"]["bootstrap"])
        self.assertNotEqual(one["comparison"]["interval"], other[0]["comparison"]["interval"])


def drawn_by_numpy(rng, truth):
    """[resample, row]: how often NumPy drew each row, as many of each true grade as there are."""
    weights = np.zeros((RESAMPLES, len(truth)))
    for grade in np.unique(truth):
        rows = np.flatnonzero(truth == grade)
        picked = rows[rng.integers(0, len(rows), (RESAMPLES, len(rows)))]
        np.add.at(weights, (np.arange(RESAMPLES)[:, None], picked), 1)
    return weights


def kappas(weights, truth, predicted):
    cells = weights @ np.eye(25)[5 * truth + predicted]
    matrix = cells.reshape(-1, 5, 5)
    distance = (np.arange(5)[:, None] - np.arange(5)) ** 2
    by_chance = matrix.sum(axis=2)[:, :, None] * matrix.sum(axis=1)[:, None, :] / len(truth)
    return 1 - (matrix * distance).sum(axis=(1, 2)) / (by_chance * distance).sum(axis=(1, 2))


def aucs(weights, positive, score):
    """Share of pairs in order, ties by half."""
    beats = (score[:, None] > score) + 0.5 * (score[:, None] == score)
    pairs = np.einsum("ri,ij,rj->r", weights[:, positive], beats[np.ix_(positive, ~positive)], weights[:, ~positive],
                      optimize=True)
    return pairs / positive.sum() / (~positive).sum()


class Intervals(unittest.TestCase):
    def assert_same_percentiles(self, name, interval, values):
        """The ends have as many of NumPy's values below them as percentiles should, within 4 standard errors of both
        bootstraps together."""
        error = 4 * np.sqrt(0.025 * 0.975 * 2 / RESAMPLES)
        for end, share in zip(interval, (0.025, 0.975)):
            self.assertLess(np.mean(values < end - 1e-12), share + error, name)
            self.assertGreater(np.mean(values <= end + 1e-12), share - error, name)

    def setUp(self):
        rng = np.random.default_rng(13)
        self.sample = random_sample(rng, 150)
        self.other = random_sample(rng, 150).predicted
        self.weights = drawn_by_numpy(rng, self.sample.truth)
        case = self.sample.case(resamples=RESAMPLES, threads=2, second=self.other.tolist())
        self.answer = fovea_evaluate([case])[0]

    def by_numpy(self):
        s, w, n = self.sample, self.weights, len(self.sample.truth)
        positive, called, score = s.truth >= 2, s.predicted >= 2, s.tail(2)
        return {
            "accuracy": w @ (s.truth == s.predicted) / n,
            "quadratic_kappa": kappas(w, s.truth, s.predicted),
            "mean_absolute_error": w @ np.abs(s.truth - s.predicted) / n,
            "referable_sensitivity": w @ (positive & called) / positive.sum(),
            "referable_ppv": w @ (positive & called) / (w @ called),
            "referable_roc_auc": aucs(w, positive, score),
            "referable_brier": w @ (score - positive) ** 2 / n,
            "log_loss": w @ -np.log(s.probabilities[np.arange(n), s.truth]) / n,
        }

    def test_as_numpy(self):
        for key, values in self.by_numpy().items():
            self.assert_same_percentiles(key, self.answer["metrics"][key]["bootstrap"], values)

    def test_the_numpy_side_is_right(self):
        """On the rows as they are, its formulas give scikit-learn's values."""
        self.weights = np.ones((1, len(self.sample.truth)))
        want = expected(self.sample)
        for key, values in self.by_numpy().items():
            self.assertAlmostEqual(values[0], want[key], 12, key)

    def test_paired_difference(self):
        truth = self.sample.truth
        difference = kappas(self.weights, truth, self.sample.predicted) - kappas(self.weights, truth, self.other)
        comparison = self.answer["comparison"]
        self.assert_same_percentiles("difference", comparison["interval"], difference)
        self.assertEqual(comparison["undefined"], 0)
        second = sk.cohen_kappa_score(truth, self.other, labels=range(5), weights="quadratic")
        self.assertAlmostEqual(comparison["kappas"][1], second, 12)

    def test_a_wrong_bootstrap_is_noticed(self):
        """Intervals that are too narrow, and those of draws that pay no heed to the true grades, fail."""
        rng, truth = np.random.default_rng(14), self.sample.truth
        not_stratified = rng.multinomial(len(truth), np.full(len(truth), 1 / len(truth)), RESAMPLES).astype(float)
        interval = np.percentile(kappas(not_stratified, truth, self.sample.predicted), [2.5, 97.5])
        values = kappas(self.weights, truth, self.sample.predicted)
        with self.assertRaises(AssertionError):
            self.assert_same_percentiles("not stratified", interval, values)
        with self.assertRaises(AssertionError):
            self.assert_same_percentiles("too narrow", np.percentile(values, [4, 96]), values)


if __name__ == "__main__":
    unittest.main(verbosity=2)
