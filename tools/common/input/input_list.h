// The images of one run, in their order: from folders, single files, or a CSV with an id column.
#pragma once

#include <string>
#include <vector>

#include "tools/common/input/folder_walk.h"
#include "tools/common/input/passed_over.h"

namespace fovea::tools {

struct InputItem {
  std::string id;     ///< what goes into the results; safe to print (text/names.h)
  std::string path;   ///< of the image; the best guess if `error` is set
  std::string error;  ///< why there is no image to read, empty if there is one
  int page = 1;       ///< of the file, as DecodeOptions::page counts them
};

struct InputRequest {
  std::vector<std::string> inputs;  ///< folders and files, or one CSV
  std::string images;               ///< where the images of a CSV lie; set = the input is a CSV
  std::string id_column;            ///< of a CSV; "" = the first that id_column_names() knows
  bool recursive = false;           ///< folders with all below them
  bool id_with_extension = false;   ///< ids of files keep the ending
  OwnFiles own;                     ///< what the run itself writes is no input
};

struct InputList {
  std::vector<InputItem> items;
  PassedOver passed;  ///< what the folders held besides
};

/// Lists the images. A folder is read in bytewise order of its paths, as tools/common/input/folder_walk.h says:
/// pictures that can be read by their content, pictures and sub-folders that cannot as items with `error`. An id is a
/// file's name without the ending of a picture, or with `recursive` the relative path without it, made safe by
/// safe_name. Every full-size page of a TIFF is an item: the first with the file's id, the others with `id#2`, `id#3`,
/// ... Ids of a CSV stay as they are but for safe_name, and name a file below `images` as IdIndex finds it; an id whose
/// file is missing or ambiguous becomes an item with `error`. Rows without any text are passed over. Throws Error for
/// what makes the whole list doubtful: an input that is not there, no image at all, two images with one id, a CSV that
/// is malformed, without its column or with an empty id.
InputList list_inputs(const InputRequest& request);

}  // namespace fovea::tools
