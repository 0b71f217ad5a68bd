// Where the results of one run go, and that none of them falls on an input.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/common/input/input_list.h"
#include "tools/predict/arguments.h"

namespace fovea::tools {

struct OutputPaths {
  std::filesystem::path labels;          ///< labels.csv; may be a stream (tools/common/files/output_stream.h)
  std::filesystem::path errors, record;  ///< labels.errors.csv, labels.run.json; empty beside a stream
  std::filesystem::path journal;         ///< labels.csv.journal, while the run is not complete; the same
  std::filesystem::path plot, ids, log;  ///< empty = not asked for
};

OutputPaths output_paths(const BatchPredictArguments& arguments);

/// What the run writes itself, and what its last run with the same `--output` says it wrote.
OwnFiles own_files(const OutputPaths& outputs, const std::string& save_preprocessed);

/// Marks the folder of preprocessed pictures, which exists, as one of results, if there is nothing else in it.
void mark_preprocessed(const std::string& folder);

/// Throws Error if two results would be the same file, or if one would replace the model, its card, the list of ids or
/// a picture that is graded.
void check_output_paths(const OutputPaths& outputs, const BatchPredictArguments& arguments,
                        const std::vector<std::string>& model_files, const std::vector<InputItem>& items);

}  // namespace fovea::tools
