// From outputs to a grade.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fovea/card.h>
#include "bindings/c/objects.h"
#include "bindings/c/structs.h"

namespace fovea::c {

FOVEA_FIELDS(fovea_grade, offsetof(fovea_grade, grade), offsetof(fovea_grade, grades), offsetof(fovea_grade, referable),
             offsetof(fovea_grade, deciding_output), offsetof(fovea_grade, demo), offsetof(fovea_grade, probabilities),
             offsetof(fovea_grade, expected), offsetof(fovea_grade, name));

namespace {

int output_count(std::size_t outputs) {
  if (outputs > kMaxSelfTestOutputs) refuse(std::to_string(outputs) + " outputs are more than any card decides by");
  return static_cast<int>(outputs);
}

const char* name_of_grade(const CardObject& card, std::size_t grade) {
  return grade < card.grades.size() ? card.grades[grade].c_str() : nullptr;
}

fovea_grade decide_all(const CardObject& object, const float* outputs, int count, std::vector<double>& probabilities) {
  const ModelCard& card = object.card;
  check_outputs(card, count);
  for (int i = 0; i < count; ++i) {
    if (!std::isfinite(outputs[i])) throw Refusal{FOVEA_REFUSED, "output " + std::to_string(i) + " is not finite"};
  }
  fovea_grade result{};
  result.grade = decide(card.decision, outputs, count);
  result.grades = grade_count(card.decision, count);
  check_referable(card, result.grades);
  result.referable = !card.referable ? -1 : result.grade >= *card.referable ? 1 : 0;
  result.deciding_output = deciding_output(card.decision, result.grade);
  result.demo = card.demo ? 1 : 0;
  probabilities = grade_probabilities(card.decision, outputs, count);
  result.probabilities = static_cast<int>(probabilities.size());
  if (!probabilities.empty()) result.expected = expected_grade(probabilities);
  result.name = name_of_grade(object, static_cast<std::size_t>(result.grade));
  return result;
}

}  // namespace
}  // namespace fovea::c

using namespace fovea::c;

fovea_status fovea_card_grade(const fovea_card* card, const float* outputs, size_t count, fovea_grade* grade,
                              double* probabilities, size_t room) noexcept {
  return guarded([&] {
    const CardObject& given = behind(card);
    need(outputs, "outputs");
    check_out(grade);
    std::vector<double> all;
    const fovea_grade decided = decide_all(given, outputs, output_count(count), all);
    if (probabilities != nullptr) {
      if (room < all.size()) {
        refuse("there is room for " + std::to_string(room) + " probabilities, and there are " +
               std::to_string(all.size()));
      }
      std::copy(all.begin(), all.end(), probabilities);
    }
    write_struct(grade, decided);
  });
}

fovea_status fovea_card_grade_count(const fovea_card* card, size_t outputs, size_t* count) noexcept {
  return guarded([&] {
    const fovea::ModelCard& given = behind(card).card;
    need(count, "count");
    fovea::check_outputs(given, output_count(outputs));
    *count = static_cast<size_t>(fovea::grade_count(given.decision, static_cast<int>(outputs)));
  });
}

fovea_status fovea_card_grade_name(const fovea_card* card, size_t grade, const char** name) noexcept {
  return guarded([&] {
    const CardObject& given = behind(card);
    need(name, "name");
    *name = name_of_grade(given, grade);
  });
}
