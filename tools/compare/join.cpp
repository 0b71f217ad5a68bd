// The benchmark and the predictions, joined by id.
#include "tools/compare/join.h"

namespace fovea::tools {

Joined join(const GradedList& reference, const GradedList& predictions, Findings& findings) {
  const std::vector<std::size_t> known = sorted_by_key(reference), predicted = sorted_by_key(predictions);
  Joined joined;
  for (std::size_t i = 0; i < reference.entries.size(); ++i) {
    const GradedEntry& entry = reference.entries[i];
    joined.of_reference.push_back(kNone);
    if (entry.key.empty()) continue;
    const GradedEntry* found = find_key(predictions, predicted, entry.key);
    if (found == nullptr) {
      findings.add(
          {Problem::id_without_prediction, reference.file, entry.line, entry.id, "not in " + predictions.file});
    } else if (found->grade != kNoGrade) {
      joined.of_reference.back() = static_cast<std::size_t>(found - predictions.entries.data());
      if (entry.grade != kNoGrade) joined.pairs.push_back({i, joined.of_reference.back()});
    }
  }
  for (const GradedEntry& entry : predictions.entries) {
    if (entry.key.empty() || find_key(reference, known, entry.key) != nullptr) continue;
    findings.add({Problem::prediction_without_id, predictions.file, entry.line, entry.id, "not in " + reference.file});
  }
  return joined;
}

}  // namespace fovea::tools
