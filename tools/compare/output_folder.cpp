// The files of one comparison: all written aside first, then published together.
#include "tools/compare/output_folder.h"

#include <algorithm>
#include <system_error>

#include <fovea/error.h>
#include "text/text.h"
#include "tools/common/files/output_stream.h"

namespace fovea::tools {

namespace fs = std::filesystem;

namespace {

fs::path resolved(const fs::path& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  const fs::path full = fs::weakly_canonical(absolute, error);
  return error ? absolute.lexically_normal() : full;
}

}  // namespace

std::vector<std::string> result_names(bool predicts) {
  std::vector<std::string> names{"report.html",  "metrics.json",      "metrics.csv",    "benchmark_predictions.csv",
                                 "findings.csv", "disagreements.csv", "worst_cases.csv"};
  if (predicts) names.insert(names.end(), {"labels.csv", "labels.run.json"});
  for (const char* picture : {"distributions", "confusion", "grade_errors", "roc", "precision_recall", "reliability"}) {
    names.push_back(std::string(picture) + ".png");
    names.push_back(std::string(picture) + ".svg");
  }
  return names;
}

OutputFolder::OutputFolder(const std::string& path, std::vector<std::string> results,
                           const std::vector<std::string>& inputs)
    : path_(path), results_(std::move(results)) {
  for (const std::string& name : results_) {
    const fs::path result = resolved(path_ / name);
    for (const std::string& input : inputs) {
      if (!input.empty() && resolved(input) == result) {
        throw Error(printable(input) + ": is an input, and would be replaced by a result in --output " +
                    printable(path));
      }
    }
  }
  std::error_code error;
  if (fs::exists(path_, error) && !fs::is_directory(path_, error)) {
    throw Error(printable(path) + ": is no folder, --output needs one");
  }
  refuse_foreign_links(path_);
  made_.make(path_.has_filename() ? path_ : path_.parent_path());
  if (!fs::is_directory(path_, error)) throw Error(printable(path) + ": this folder cannot be made");
  for (const std::string& name : results_) AtomicFile{path_ / name};
}

AtomicFile& OutputFolder::add(const std::string& name) {
  files_.push_back(std::make_unique<AtomicFile>(path_ / name));
  names_.push_back(name);
  return *files_.back();
}

void OutputFolder::add(const std::string& name, std::string_view text) { add(name).write(text); }

void OutputFolder::publish() {
  for (const auto& file : files_) file->finish();
  for (const auto& file : files_) file->publish();
  for (const std::string& name : results_) {
    std::error_code ignored;
    if (std::find(names_.begin(), names_.end(), name) == names_.end()) fs::remove(path_ / name, ignored);
  }
}

}  // namespace fovea::tools
