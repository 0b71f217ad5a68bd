"""What scikit-learn, SciPy and statsmodels make of a sample: the metrics by the names of fovea's, and the sample's JSON."""

import json
import math
import os
import pathlib
import subprocess
import warnings

import numpy as np
from scipy import optimize, stats
from sklearn import metrics as sk
from statsmodels.stats.proportion import proportion_confint

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(os.environ.get("FOVEA_BIN_DIR", ROOT / "build" / "bin"))
SHARED_DATA = pathlib.Path(os.environ.get("FOVEA_SHARED_DATA", ROOT.parent / "shared" / "data"))


class Sample:
    """Grades and, if there are any, probabilities [row, grade], with the settings of an evaluation."""

    def __init__(self, truth, predicted, probabilities=None, classes=5, referable=2, target=0.9, bins=10):
        self.truth, self.predicted = np.asarray(truth), np.asarray(predicted)
        self.probabilities = None if probabilities is None else np.asarray(probabilities, float)
        self.classes, self.referable, self.target, self.bins = classes, referable, target, bins

    def tail(self, grade):
        """Probability of this grade or worse, added in the order that fovea states."""
        total = np.zeros(len(self.truth))
        for column in range(grade, self.classes):
            total = total + self.probabilities[:, column]
        return np.minimum(total, 1)

    def case(self, **more):
        """As fovea-evaluate reads it."""
        flat = [] if self.probabilities is None else self.probabilities.ravel().tolist()
        settings = {"referable": self.referable, "target_sensitivity": self.target, "bins": self.bins}
        return {"classes": self.classes, "truth": self.truth.tolist(), "predicted": self.predicted.tolist(),
                "probabilities": flat, "resamples": 0, "seed": 1, "threads": 1, **settings, **more}

    def in_fovea_order(self):
        """Row numbers by true, then predicted grade: the order of the counts of a resample."""
        return np.lexsort((self.predicted, self.truth))


def fovea_evaluate(cases):
    """The answers of the program, one for each case; null reads as NaN."""
    done = subprocess.run([str(BIN / "fovea-evaluate")], input=json.dumps(cases), capture_output=True, text=True,
                          timeout=900, check=False)
    if done.returncode != 0:
        raise AssertionError(f"fovea-evaluate: exit status {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def number(value):
    return math.nan if value is None else value


def calibration_error(probability, outcome, bins, weights):
    """Over calibration_curve's bins: the weighted mean of |observed - mean probability|."""
    weights = np.ones(len(probability)) if weights is None else weights
    edges = np.linspace(0, 1, bins + 1)
    place = np.searchsorted(edges[1:-1], probability)
    error = 0
    for b in range(bins):
        w = weights[place == b]
        if w.sum() > 0:
            gap = np.average(outcome[place == b], weights=w) - np.average(probability[place == b], weights=w)
            error += w.sum() * abs(gap)
    return error / weights.sum()


def expected(sample, weights=None):
    """All metrics of the sample by fovea's keys. With weights: as if each row stood there so often, as resampled."""
    if weights is not None:  # rows that were not drawn are not there: their grades do not count as occurring
        drawn = weights > 0
        probabilities = None if sample.probabilities is None else sample.probabilities[drawn]
        settings = (sample.classes, sample.referable, sample.target, sample.bins)
        sample = Sample(sample.truth[drawn], sample.predicted[drawn], probabilities, *settings)
        weights = weights[drawn].astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is undefined is what is asked about
        return {**_overall(sample, weights), **_grades(sample, weights), **_binary(sample, weights, "referable"),
                **_binary(sample, weights, "any")}


def _overall(sample, w):
    t, p, labels = sample.truth, sample.predicted, range(sample.classes)
    values = {
        "accuracy": sk.accuracy_score(t, p, sample_weight=w),
        "quadratic_kappa": sk.cohen_kappa_score(t, p, labels=labels, weights="quadratic", sample_weight=w),
        "linear_kappa": sk.cohen_kappa_score(t, p, labels=labels, weights="linear", sample_weight=w),
        "kappa": sk.cohen_kappa_score(t, p, sample_weight=w),
        "macro_f1": sk.f1_score(t, p, average="macro", sample_weight=w),
        "weighted_f1": sk.f1_score(t, p, average="weighted", sample_weight=w),
        "balanced_accuracy": sk.balanced_accuracy_score(t, p, sample_weight=w),
        "mean_absolute_error": sk.mean_absolute_error(t, p, sample_weight=w),
        "matthews": math.nan if len(set(t)) == 1 or len(set(p)) == 1 else sk.matthews_corrcoef(t, p, sample_weight=w),
    }
    if sample.probabilities is not None:
        full = sample.probabilities
        values["brier"] = sk.brier_score_loss(t, full, labels=labels, sample_weight=w)
        values["log_loss"] = sk.log_loss(t, full, labels=labels, sample_weight=w)
        confidence = full[np.arange(len(t)), p]
        values["calibration_error"] = calibration_error(confidence, (t == p).astype(float), sample.bins, w)
    return values


def _grades(sample, w):
    values = {}
    scores = sk.precision_recall_fscore_support(sample.truth, sample.predicted, labels=range(sample.classes),
                                                sample_weight=w, zero_division=np.nan)
    for name, of_grades in zip(("precision", "recall", "f1"), scores):
        values.update({f"grade_{grade}_{name}": value for grade, value in enumerate(of_grades)})
    return values


def _binary(sample, w, group):
    grade = sample.referable if group == "referable" else 1
    t, p = (sample.truth >= grade).astype(int), (sample.predicted >= grade).astype(int)
    values = {
        "sensitivity": sk.recall_score(t, p, sample_weight=w, zero_division=np.nan),
        "specificity": sk.recall_score(t, p, pos_label=0, sample_weight=w, zero_division=np.nan),
        "ppv": sk.precision_score(t, p, sample_weight=w, zero_division=np.nan),
        "npv": sk.precision_score(t, p, pos_label=0, sample_weight=w, zero_division=np.nan),
    }
    if sample.probabilities is not None:
        score = sample.tail(grade)
        values["roc_auc"] = sk.roc_auc_score(t, score, sample_weight=w)
        some = t.sum() > 0  # of no positive row scikit-learn says 0
        values["average_precision"] = sk.average_precision_score(t, score, sample_weight=w) if some else math.nan
        values["brier"] = sk.brier_score_loss(t, score, labels=[0, 1], pos_label=1, sample_weight=w)
        values["log_loss"] = sk.log_loss(t, score, labels=[0, 1], sample_weight=w)
        values["calibration_error"] = calibration_error(score, t.astype(float), sample.bins, w)
        false_rate, true_rate, thresholds = sk.roc_curve(t, score, pos_label=1, sample_weight=w,
                                                         drop_intermediate=False)
        # The first row that reaches the target; a step without rows in it is no threshold of its own.
        reached = np.flatnonzero(true_rate >= sample.target)
        place = reached[0] if len(reached) else None
        for name, curve in (("threshold", thresholds), ("sensitivity", true_rate), ("specificity", 1 - false_rate)):
            values[f"operating_{name}"] = math.nan if place is None else curve[place]
    return {f"{group}_{key}": value for key, value in values.items()}


def wilson(count, of):
    return (math.nan, math.nan) if of == 0 else proportion_confint(count, of, method="wilson")


def newcombe(area, positives, negatives):
    """Newcombe's method 5: the true areas of which this one is 1.96 of their standard errors away (Hanley, McNeil)."""
    if math.isnan(area) or min(positives, negatives) < 1:
        return (math.nan, math.nan)
    z, others = stats.norm.ppf(0.975), (positives + negatives) / 2 - 1

    def beyond(truth):
        variance = truth * (1 - truth) / (positives * negatives) * (
            1 + others * ((1 - truth) / (2 - truth) + truth / (1 + truth)))
        return abs(area - truth) - z * math.sqrt(variance)

    low = 0 if area == 0 else optimize.brentq(beyond, 0, min(area, 1 - 1e-9), xtol=1e-15, rtol=1e-14)
    high = 1 if area == 1 else optimize.brentq(beyond, max(area, 1e-9), 1, xtol=1e-15, rtol=1e-14)
    return low, high


def random_sample(rng, rows, classes=5, skill=0.6, digits=None, **settings):
    """Grades as skewed as in screening, and probabilities that know something of them."""
    frequency = 0.5 ** np.arange(classes)
    truth = rng.choice(classes, rows, p=frequency / frequency.sum())
    logits = rng.normal(0, 1.5, (rows, classes))
    logits -= skill * np.abs(np.arange(classes) - truth[:, None])
    probabilities = np.exp(logits)
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    if digits is not None:  # coarse, so that there are ties
        counts = np.floor(probabilities * 10 ** digits)
        counts[np.arange(rows), probabilities.argmax(axis=1)] += 10 ** digits - counts.sum(axis=1)
        probabilities = counts / 10 ** digits
    return Sample(truth, probabilities.argmax(axis=1), probabilities, classes, **settings)
