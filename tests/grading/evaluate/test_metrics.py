"""Every metric, curve and interval of proportions against scikit-learn, SciPy and statsmodels, as installed."""

import csv
import unittest

import numpy as np
import oracle
from oracle import Sample, expected, fovea_evaluate, number, random_sample
from scipy import stats
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve
from statsmodels.stats.contingency_tables import mcnemar

TOLERANCE = 1e-12


def close(got, want):
    got, want = number(got), number(want)
    return (np.isnan(got) and np.isnan(want)) or abs(got - want) <= TOLERANCE


def benchmark_grades():
    """The true grades of the real benchmark; skips the test that asks where there are none."""
    path = oracle.SHARED_DATA / "labels" / "Benchmark.csv"
    if not path.is_file():
        raise unittest.SkipTest(f"{path}: not there (FOVEA_SHARED_DATA names the folder of the real data)")
    with open(path, newline="", encoding="utf-8-sig") as file:
        return np.array([int(row["Actual"]) for row in csv.DictReader(file)])


def degenerate_samples(rng):
    """Named samples in which something is undefined, tied or missing."""
    usual = random_sample(rng, 40)
    uniform = np.full((30, 5), 0.2)
    for grade in range(5):
        p = random_sample(rng, 12).probabilities
        yield f"all truly {grade}", Sample(np.full(12, grade), p.argmax(axis=1), p)
        yield f"all predicted {grade}", Sample(usual.truth, np.full(40, grade), usual.probabilities)
        yield f"all {grade}, and found", Sample(np.full(12, grade), np.full(12, grade), p)
        yield f"one row of {grade}", Sample([grade], [3], [[0.1, 0.2, 0.05, 0.6, 0.05]])
    yield "tied", Sample(rng.integers(0, 5, 30), np.zeros(30, int), uniform)
    yield "tied, one class", Sample(np.zeros(30, int), np.zeros(30, int), uniform)
    yield "certain", Sample(usual.truth, usual.predicted, np.eye(5)[usual.predicted])
    yield "certain and right", Sample(usual.truth, usual.truth, np.eye(5)[usual.truth])
    yield "certain and wrong", Sample(usual.truth, (usual.truth + 1) % 5, np.eye(5)[(usual.truth + 1) % 5])
    yield "grades 0, 2, 4 only", Sample(2 * rng.integers(0, 3, 50), 2 * rng.integers(0, 3, 50))
    yield "predicted grades that do not occur", Sample(rng.integers(0, 2, 50), rng.integers(2, 5, 50))
    yield "two rows", Sample([0, 4], [4, 0], [[0, 0, 0, 0, 1], [1, 0, 0, 0, 0]])
    yield "on the edges of bins", random_sample(rng, 200, digits=1)
    yield "rounded to two digits", random_sample(rng, 300, digits=2)


def random_samples(rng):
    for rows in (2, 3, 5, 17, 100, 1000, 5000):
        yield f"{rows} rows", random_sample(rng, rows)
        yield f"{rows} rows, no skill", random_sample(rng, rows, skill=0)
    yield "without probabilities", Sample(rng.integers(0, 5, 500), rng.integers(0, 5, 500))
    yield "two grades", random_sample(rng, 200, classes=2, referable=1)
    yield "three grades", random_sample(rng, 200, classes=3, referable=2, bins=7)
    yield "eleven grades", random_sample(rng, 900, classes=11, skill=0.3, referable=6, bins=15)
    for target in (0.01, 0.5, 0.999, 1.0):
        yield f"target {target}", random_sample(rng, 300, target=target)
    for bins in (1, 2, 100):
        yield f"{bins} bins", random_sample(rng, 300, bins=bins)
    for referable in (1, 3, 4):
        yield f"referable from {referable}", random_sample(rng, 300, referable=referable)


class Metrics(unittest.TestCase):
    def check(self, name, sample, answer):
        with self.subTest(name):
            want = expected(sample)
            self.assertEqual(set(answer["metrics"]), set(want))
            wrong = {key: (answer["metrics"][key]["value"], value) for key, value in want.items()
                     if not close(answer["metrics"][key]["value"], value)}
            self.assertEqual(wrong, {})
            matrix = sk.confusion_matrix(sample.truth, sample.predicted, labels=range(sample.classes))
            self.assertEqual(answer["confusion"], matrix.ravel().tolist())

    def check_all(self, samples):
        samples = list(samples)
        for (name, sample), answer in zip(samples, fovea_evaluate([s.case() for _, s in samples])):
            self.check(name, sample, answer)

    def test_random(self):
        self.check_all(random_samples(np.random.default_rng(1)))

    def test_degenerate(self):
        self.check_all(degenerate_samples(np.random.default_rng(2)))

    def test_benchmark(self):
        """The real benchmark's grades, with predictions made here: good, coarse, constant and without probabilities."""
        truth, rng = benchmark_grades(), np.random.default_rng(3)
        good = random_sample(rng, len(truth), skill=0)
        logits = np.log(good.probabilities) - np.abs(np.arange(5) - truth[:, None])
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        single = p.astype(np.float32).astype(float)  # as a network gives them
        self.check_all([("good", Sample(truth, p.argmax(axis=1), p)),
                        ("single precision", Sample(truth, p.argmax(axis=1), single)),
                        ("constant", Sample(truth, np.zeros_like(truth), np.full((len(truth), 5), 0.2))),
                        ("grades alone", Sample(truth, p.argmax(axis=1)))])

    def test_the_comparison_notices(self):
        """A value that is off by four tolerances, or undefined on one side alone, is found."""
        self.assertTrue(close(0.5, 0.5 + 0.9 * TOLERANCE))
        self.assertFalse(close(0.5, 0.5 + 4 * TOLERANCE))
        self.assertFalse(close(None, 0.0))
        self.assertFalse(close(0.0, np.nan))
        self.assertTrue(close(None, np.nan))


class Curves(unittest.TestCase):
    def test_curves_and_bins(self):
        rng = np.random.default_rng(4)
        samples = [random_sample(rng, 400), random_sample(rng, 400, digits=1), random_sample(rng, 400, digits=2)]
        for sample, answer in zip(samples, fovea_evaluate([s.case() for s in samples])):
            for group in ("referable", "any"):
                target = answer[group]
                score, positive = sample.tail(target["grade"]), sample.truth >= target["grade"]
                self.check_roc(target["curve"], *sk.roc_curve(positive, score, drop_intermediate=False))
                self.check_precision_recall(target["curve"], *sk.precision_recall_curve(positive, score))
                self.check_bins(target["reliability"], *calibration_curve(positive, score, n_bins=10), score)

    def check_roc(self, curve, false_rate, true_rate, thresholds):
        t, tp, fp = np.array(curve["points"][1:], float).T
        np.testing.assert_array_equal(t, thresholds[1:])
        self.assertEqual(curve["points"][0], [None, 0, 0])  # infinity
        np.testing.assert_allclose(tp / curve["positives"], true_rate[1:], rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose(fp / curve["negatives"], false_rate[1:], rtol=0, atol=TOLERANCE)

    def check_precision_recall(self, curve, precision, recall, thresholds):
        t, tp, fp = np.array(curve["points"][1:], float).T[:, ::-1]
        np.testing.assert_array_equal(t, thresholds)
        np.testing.assert_allclose(tp / (tp + fp), precision[:-1], rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose(tp / curve["positives"], recall[:-1], rtol=0, atol=TOLERANCE)

    def check_bins(self, bins, observed, mean, score):
        used = np.array([b for b in bins if b[2] > 0], float)
        np.testing.assert_allclose(used[:, 3], mean, rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose(used[:, 4], observed, rtol=0, atol=TOLERANCE)
        np.testing.assert_array_equal([b[0] for b in bins] + [1], np.linspace(0, 1, 11))
        self.assertEqual(used[:, 2].sum(), len(score))


class Proportions(unittest.TestCase):
    def test_wilson(self):
        rng = np.random.default_rng(5)
        samples = [random_sample(rng, rows) for rows in (1, 2, 10, 1000)]
        seen = set()
        for answer in fovea_evaluate([s.case() for s in samples]):
            for key, metric in answer["metrics"].items():
                if "proportion" not in metric:
                    self.assertEqual(metric["wilson"], [None, None], key)
                    continue
                count, of = metric["proportion"]
                seen.add("none" if of == 0 else "zero" if count == 0 else "all" if count == of else "some")
                for got, want in zip(metric["wilson"], oracle.wilson(count, of)):
                    self.assertTrue(close(got, want), f"{key}: {count} of {of}: {got}, {want}")
        self.assertEqual(seen, {"none", "zero", "all", "some"})


class Areas(unittest.TestCase):
    def test_newcombe(self):
        rng = np.random.default_rng(9)
        perfect = Sample([0] * 12 + [3] * 8, [0] * 12 + [3] * 8, np.eye(5)[[0] * 12 + [3] * 8] * 0.9 + 0.02)
        useless = Sample([3] * 12 + [0] * 8, [0] * 12 + [3] * 8, perfect.probabilities)
        samples = [perfect, useless] + [random_sample(rng, rows, skill=skill) for rows in (2, 5, 30, 4000)
                                        for skill in (0, 0.5, 3)]
        seen = set()
        for sample, answer in zip(samples, fovea_evaluate([s.case() for s in samples])):
            for group, grade in (("referable", 2), ("any", 1)):
                metric = answer["metrics"][f"{group}_roc_auc"]
                positives = int(np.sum(sample.truth >= grade))
                area = number(metric["value"])
                seen.add("none" if np.isnan(area) else "one" if area == 1 else "zero" if area == 0 else "some")
                for got, want in zip(metric["newcombe"], oracle.newcombe(area, positives, len(sample.truth) - positives)):
                    self.assertTrue(close(got, want), f"{area} of {positives}: {got}, {want}")
                self.assertEqual(metric["interval"], metric["newcombe"])
        self.assertEqual(seen, {"none", "one", "zero", "some"})


class McNemar(unittest.TestCase):
    def test_tables(self):
        rng = np.random.default_rng(6)
        tables = [(3, b, c, 4) for b in range(6) for c in range(6) if b + c > 0]
        tables += [(0, int(b), int(c), 0) for b, c in rng.integers(0, 300, (30, 2))]
        tables += [(0, 500_000, 500_900, 0), (0, 499_000, 501_000, 7), (0, 0, 40, 0), (0, 1000, 1, 0)]
        for table, answer in zip(tables, fovea_evaluate([{"mcnemar": table} for table in tables])):
            square = np.reshape(table, (2, 2))
            self.assertEqual(answer["table"], square.tolist())
            exact, corrected = mcnemar(square, exact=True), mcnemar(square, exact=False, correction=True)
            self.assertTrue(close(answer["exact_p"], exact.pvalue), (table, answer, exact.pvalue))
            self.assertTrue(close(answer["exact_p"], stats.binomtest(table[1], table[1] + table[2]).pvalue), table)
            self.assertTrue(close(answer["chi_square_p"], corrected.pvalue), table)
            scale = max(1, corrected.statistic)
            self.assertTrue(close(answer["chi_square"] / scale, corrected.statistic / scale), table)

    def test_nothing_differs(self):
        """statsmodels divides by zero here; there is nothing to test, which the exact test says as well."""
        answer = fovea_evaluate([{"mcnemar": [5, 0, 0, 5]}])[0]
        self.assertEqual(answer["exact_p"], mcnemar([[5, 0], [0, 5]], exact=True).pvalue)
        self.assertIsNone(answer["chi_square"])
        self.assertIsNone(answer["chi_square_p"])

    def test_of_two_models(self):
        first, second = random_sample(np.random.default_rng(7), 300), random_sample(np.random.default_rng(8), 300)
        right = [(first.truth == grades) for grades in (first.predicted, second.predicted)]
        table = [[np.sum(right[0] & right[1]), np.sum(right[0] & ~right[1])],
                 [np.sum(~right[0] & right[1]), np.sum(~right[0] & ~right[1])]]
        answer = fovea_evaluate([first.case(second=second.predicted.tolist())])[0]["comparison"]
        self.assertEqual(answer["mcnemar"]["table"], [[int(n) for n in row] for row in table])
        self.assertTrue(close(answer["mcnemar"]["exact_p"], mcnemar(table, exact=True).pvalue))
        kappas = [sk.cohen_kappa_score(first.truth, p, labels=range(5), weights="quadratic")
                  for p in (first.predicted, second.predicted)]
        self.assertTrue(all(map(close, answer["kappas"], kappas)))
        self.assertTrue(close(answer["difference"], kappas[0] - kappas[1]))
        self.assertEqual(answer["same_grade"], int(np.sum(first.predicted == second.predicted)))


if __name__ == "__main__":
    unittest.main(verbosity=2)
