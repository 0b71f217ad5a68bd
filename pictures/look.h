// What a file on the disk is, found by opening it once and reading a few bytes.
#pragma once

#include <string>

#include "pictures/decode/format.h"

namespace fovea {

struct FileLook {
  FileKind kind = FileKind::other;
  std::string error;         ///< why it cannot be read as a picture, or not at all; empty if it may be one
  int pages = 1;             ///< of a readable picture, as DecodeOptions::page counts them
  std::string page_problem;  ///< why there may be more of them than could be found, empty if there are not
};

/// Opens a regular file, links followed, and never waits for one that is none (a pipe, a device): those are not opened.
/// A file that cannot be opened or read has an `error` and the kind `unread`, since what it is stays unknown.
FileLook look_at(const std::string& path);

}  // namespace fovea
