// What became of the images so far, and what the console is told of it.
#include "tools/predict/tally.h"

#include <cstdio>

#include "text/text.h"

namespace fovea::tools {

void print_error(const std::string& message) {
  std::fprintf(stderr, "batch-predict: %s\n", printable(message).c_str());
}

void Tally::add(const InputItem& item, const Graded& graded) {
  if (graded.error.empty()) {
    ++counts.by_grade.at(static_cast<std::size_t>(graded.grade));
    ++counts.graded;
  } else {
    ++counts.errors;
    if (errors.size() < shown) errors.push_back(item.path + ": " + graded.error);
  }
}

void Tally::print_errors(const std::filesystem::path& file) const {
  for (const std::string& line : errors) print_error(line);
  if (counts.errors > errors.size()) print_error("and " + std::to_string(counts.errors - errors.size()) + " more");
  if (counts.errors == 0) return;
  print_error(count_text(counts.errors, "image") + " not graded" + (file.empty() ? "" : ", see " + file.string()));
}

}  // namespace fovea::tools
