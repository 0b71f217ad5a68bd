// How a network's outputs become a grade, and the probabilities of all grades that stand behind it.
#pragma once

#include <string>
#include <vector>

#include <fovea/export.h>

namespace fovea {

/// How a vector of outputs becomes a grade. "One output a class" (argmax, thresholds, expected) may come in any order,
/// which `grades` says; the ordinal rules (count, ordinal, corn) have outputs in the order of the grades.
struct Decision {
  enum class Rule {
    argmax,      ///< the class with the largest output, the first of equals
    thresholds,  ///< the highest grade whose probability exceeds its own threshold; grade 0 is what remains
    regression,  ///< one output: the number of cuts <= it
    expected,    ///< the mean of the grades, weighted by their probabilities: the number of cuts <= it
    count,       ///< output k is P(grade >= k), k = 0 ... K-1: the number of outputs above `threshold`, less one
    ordinal,     ///< output k is P(grade > k), k = 0 ... K-2 (CORAL): the number of outputs above `threshold`
    corn,        ///< output k is P(grade > k | grade >= k), k = 0 ... K-2 (CORN): the same of their running product
  } rule = Rule::argmax;
  std::vector<double> thresholds;                ///< thresholds: one a class, that of grade 0 is 0
  std::vector<double> cuts{0.5, 1.5, 2.5, 3.5};  ///< regression and expected: one between each two grades
  double threshold = 0.5;                        ///< count, ordinal, corn
  bool logits = false;      ///< outputs are logits: softmax (one output a class) or sigmoid (ordinal rules) comes first
  std::vector<int> grades;  ///< one output a class: the grade of each class; empty = classes are in order of grades
};

/// Number of grades that a model with this many outputs can give.
FOVEA_API int grade_count(const Decision& decision, int outputs);

/// Throws Error if a model with this many outputs cannot be decided by the rule.
FOVEA_API void check_decision(const Decision& decision, int outputs);

/// Grade from the model's outputs, which are finite. Throws Error where `check_decision` would, and where an output
/// that should be a probability is none.
FOVEA_API int decide(const Decision& decision, const float* outputs, int count);

/// The probability of each grade, in order of the grades; empty for a regression. With one output a class they are the
/// outputs (or their softmax); an ordinal rule's are the differences of P(grade >= k), k = 1, 2, ..., which are sorted
/// before where they do not fall with k: so the grade decided by a threshold of 0.5 is their median. Throws as
/// `decide`.
FOVEA_API std::vector<double> grade_probabilities(const Decision& decision, const float* outputs, int count);

/// The mean of the grades, weighted by their probabilities: what the rule `expected` decides by.
FOVEA_API double expected_grade(const std::vector<double>& probabilities);

/// The output that speaks for a grade: what a heat map of it explains.
FOVEA_API int deciding_output(const Decision& decision, int grade);

/// True for the rules by which each output is a class: its outputs themselves are probabilities.
FOVEA_API bool one_output_a_class(const Decision& decision);

}  // namespace fovea
