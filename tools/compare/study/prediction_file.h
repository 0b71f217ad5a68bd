// Grades that were predicted before, read from a CSV such as batch-predict writes, with the record beside it.
#pragma once

#include <string>

#include "tools/compare/study/study.h"

namespace fovea::tools {

/// An opened CSV; its grades are read once it is known how many there can be.
struct PredictionFile {
  std::string path;
  CsvTable table;
  ListColumns columns;
  Facts origin;  ///< of the file, and of the model if NAME.run.json beside NAME.csv tells
  bool demo = false;
  std::vector<std::string> classes;  ///< names that the record or the column `class` tells; may be empty
};

/// Throws Error. A record beside the file that is none of batch-predict's is passed over.
PredictionFile open_predictions(const std::string& path, const std::string& grade_column);

/// Grades the file can hold as far as it tells itself; 0 if it does not.
int class_count(const PredictionFile& file);

/// Throws Error if the file has probabilities of other grades.
Predictions read_predictions(const PredictionFile& file, const std::vector<std::string>& grade_names,
                             Findings& findings);

}  // namespace fovea::tools
