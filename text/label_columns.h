// Names that the columns of lists and label tables bear, in the public data sets and by habit; the first that is there
// counts. How names are compared says CsvTable::columns.
#pragma once

#include <string>
#include <vector>

namespace fovea::tools {

/// Of ids: `id_code` (APTOS), `image` (EyePACS), `image_id` (Messidor-2, BRSET), `Image name` (IDRiD), `file`
/// (mBRSET)...
std::vector<std::string> id_column_names();

/// Of grades: what is known, and what was predicted.
std::vector<std::string> known_grade_column_names();
std::vector<std::string> predicted_grade_column_names();

/// Of a yes or no whether a picture could be graded.
std::vector<std::string> gradable_column_names();

}  // namespace fovea::tools
