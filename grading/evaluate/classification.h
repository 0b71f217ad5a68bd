// What the confusion matrix alone says about the grades. All definitions are scikit-learn's; where they leave a choice
// it stands here. Every function needs at least one counted row.
#pragma once

#include <cstdint>

#include "grading/evaluate/confusion.h"
#include "grading/evaluate/interval.h"

namespace fovea::evaluate {

/// How much it counts to be wrong by d grades: 1, d, d * d.
enum class Disagreement { any, linear, quadratic };

/// Cohen's kappa; weights go by the distance of the grades, also where a grade in between occurs nowhere
/// (cohen_kappa_score with labels=range(classes)). NaN if truth and predictions are all one and the same grade.
double kappa(const Confusion& confusion, Disagreement weights);

Proportion accuracy(const Confusion& confusion);

/// Of those predicted as `grade`, how many are; of those that are, how many were found.
Proportion precision(const Confusion& confusion, int grade);
Proportion recall(const Confusion& confusion, int grade);
/// Their harmonic mean, NaN if the grade occurs neither in the reference nor in the predictions.
double f1(const Confusion& confusion, int grade);

/// Mean F1 of the grades that occur in the reference or the predictions.
double macro_f1(const Confusion& confusion);
/// Mean F1, weighted by how often each grade occurs in the reference.
double weighted_f1(const Confusion& confusion);
/// Mean recall of the grades that occur in the reference.
double balanced_accuracy(const Confusion& confusion);
/// Mean distance of the predicted grade from the true one.
double mean_absolute_error(const Confusion& confusion);
/// Matthews' correlation for several classes; NaN if truth or predictions are all one grade.
double matthews(const Confusion& confusion);

}  // namespace fovea::evaluate
