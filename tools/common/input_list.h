// The images of one run, in their order: from folders, single files, or a CSV with an id column.
#pragma once

#include <string>
#include <vector>

namespace fovea::tools {

struct InputItem {
  std::string id;     ///< what goes into the results
  std::string path;   ///< of the image; the best guess if `error` is set
  std::string error;  ///< why there is no image to read, empty if there is one
};

struct InputRequest {
  std::vector<std::string> inputs;  ///< folders and files, or one CSV
  std::string images;               ///< where the images of a CSV lie; set = the input is a CSV
  std::string id_column;            ///< of a CSV; "" = the first that id_column_names() knows
  bool recursive = false;           ///< folders with all below them
};

/// Lists the images. A folder is read in bytewise order of its paths: names of pictures only, no hidden files, no
/// linked folders; an id is a file's name without its extension, or with `recursive` the relative path without it.
/// Ids of a CSV stay as they are, and name a file below `images` with or without its extension; an id whose file is
/// missing or ambiguous becomes an item with `error`.
/// Throws Error for what makes the whole list doubtful: an input that is not there, no image at all, two images with
/// one id, a CSV that is malformed, without its column or with an empty id.
std::vector<InputItem> list_inputs(const InputRequest& request);

}  // namespace fovea::tools
