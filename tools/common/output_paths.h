// Where the results of one run go, and that none of them falls on an input.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/common/arguments.h"
#include "tools/common/input_list.h"

namespace fovea::tools {

struct OutputPaths {
  std::filesystem::path labels, errors, record;  ///< labels.csv, labels.errors.csv, labels.run.json
  std::filesystem::path journal;                 ///< labels.csv.journal, while the run is not complete
  std::filesystem::path plot, ids, log;          ///< empty = not asked for
};

OutputPaths output_paths(const BatchPredictArguments& arguments);

/// Throws Error if two results would be the same file, or if one would replace the model, its card, the list of ids or
/// a picture that is graded.
void check_output_paths(const OutputPaths& outputs, const BatchPredictArguments& arguments,
                        const std::vector<std::string>& model_files, const std::vector<InputItem>& items);

}  // namespace fovea::tools
