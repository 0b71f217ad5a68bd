"""Accuracy, quadratic weighted kappa and the confusion matrix."""

import numpy as np

from .labels import CLASSES


def confusion_matrix(truth, predicted):
    """Counts by true grade (row) and predicted grade (column)."""
    matrix = np.zeros((len(CLASSES), len(CLASSES)), int)
    np.add.at(matrix, (np.asarray(truth), np.asarray(predicted)), 1)
    return matrix


def accuracy(matrix):
    return np.trace(matrix) / max(1, matrix.sum())


def quadratic_weighted_kappa(matrix):
    """1 - (squared disagreement seen) / (squared disagreement expected by chance). 0 where chance has none either."""
    grades = np.arange(len(matrix))
    distance = (grades[:, None] - grades[None, :]) ** 2
    expected = np.outer(matrix.sum(axis=1), matrix.sum(axis=0)) / max(1, matrix.sum())
    by_chance = (distance * expected).sum()
    return 1 - (distance * matrix).sum() / by_chance if by_chance > 0 else 0.0


def report(title, matrix):
    """The lines printed after training."""
    lines = [f"{title}: {matrix.sum()} images, accuracy {accuracy(matrix):.4f}, "
             f"quadratic weighted kappa {quadratic_weighted_kappa(matrix):.4f}",
             "true grade        " + "".join(f"{grade:>7d}" for grade in range(len(CLASSES))) + "   predicted"]
    lines += [f"{grade} {name:<16}" + "".join(f"{count:>7d}" for count in row)
              for grade, (name, row) in enumerate(zip(CLASSES, matrix))]
    return "\n".join(lines)
