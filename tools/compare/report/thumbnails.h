// Small copies of the images that a report shows.
#pragma once

#include <map>
#include <string>

#include "tools/compare/study/study.h"

namespace fovea::tools {

/// Finds and shrinks images. Where there is none, or it cannot be read, there is no thumbnail.
class Thumbnails {
 public:
  /// `folder` holds the images of predictions that do not know their own; "" = none. Throws Error if it cannot be
  /// listed.
  Thumbnails(const std::string& folder, bool recursive);
  /// A JPEG as a data URI, or "".
  std::string of(const GradedEntry& prediction) const;

 private:
  std::map<std::string, std::string> paths_;  // id -> path
};

}  // namespace fovea::tools
