// Small copies of the images that a report shows.
#pragma once

#include <string>

#include "tools/compare/study/study.h"

namespace fovea::tools {

/// Finds the images of predictions that were made before, by the rule of match_ids. Those that are not there stay
/// without. Throws Error if the folder cannot be listed.
void find_images(GradedList& predictions, const std::string& folder, bool recursive);

/// A JPEG of an entry's image as a data URI, or "" where there is none or it cannot be read.
std::string thumbnail_of(const GradedEntry& prediction);

}  // namespace fovea::tools
