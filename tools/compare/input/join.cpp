// The benchmark and the predictions, joined by id.
#include "tools/compare/input/join.h"

#include <algorithm>

#include "text/text.h"

namespace fovea::tools {

std::string rivals_text(const GradedList& list, const std::vector<std::size_t>& rivals) {
  constexpr std::size_t kNamed = 3;
  std::string text = rivals.size() == 1 ? "others might be meant by " : "might be ";
  for (std::size_t i = 0; i < std::min(kNamed, rivals.size()); ++i) {
    text += (i > 0 ? ", " : "") + ("'" + list.entries[rivals[i]].id + "'");
  }
  return text + (rivals.size() > kNamed ? ", ..." : "") + " of " + list.file;
}

Joined join(const GradedList& reference, const GradedList& predictions, Findings& findings) {
  const Matches matches = match_ids(reference, predictions);
  Joined joined;
  for (std::size_t i = 0; i < reference.entries.size(); ++i) {
    const GradedEntry& entry = reference.entries[i];
    const std::size_t found = matches.of_first[i];
    joined.of_reference.push_back(kNone);
    if (found != kNone) {
      if (predictions.entries[found].grade == kNoGrade) continue;
      joined.of_reference.back() = found;
      if (entry.grade != kNoGrade) joined.pairs.push_back({i, found});
    } else if (!entry.id.empty() && entry.repeats == kNoEntry) {
      const std::vector<std::size_t>& rivals = matches.rivals[i];
      const bool ambiguous = !rivals.empty();
      findings.add({ambiguous ? Problem::ambiguous_id : Problem::id_without_prediction, reference.file, entry.line,
                    entry.id, ambiguous ? rivals_text(predictions, rivals) : "not in " + predictions.file});
    }
  }
  for (std::size_t i = 0; i < predictions.entries.size(); ++i) {
    const GradedEntry& entry = predictions.entries[i];
    if (entry.id.empty() || entry.repeats != kNoEntry || matches.of_second[i] != kNone) continue;
    findings.add({Problem::prediction_without_id, predictions.file, entry.line, entry.id, "not in " + reference.file});
  }
  return joined;
}

std::string example_ids(const GradedList& first, const GradedList& second) {
  const auto example = [](const GradedList& list) {
    const auto found = std::find_if(list.entries.begin(), list.entries.end(),
                                    [](const GradedEntry& entry) { return !entry.id.empty(); });
    return found == list.entries.end() ? std::string("no id at all") : "'" + printable(found->id) + "'";
  };
  return "an id is " + example(first) + " there and " + example(second) + " here";
}

}  // namespace fovea::tools
