// Files that people take for Keras models: what they are, and what to do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "loaders/bytes.h"

namespace fovea::keras {

/// "a Git LFS pointer in place of the model: run 'git lfs pull'", by the first bytes of the file or what the folder
/// holds; nullopt for what may be a model, or is nothing that is known here.
std::optional<std::string> foreign_kind(const std::string& path);
/// The same for a file in memory, by its bytes and the ending of its name.
std::optional<std::string> foreign_kind(const Bytes& image, const std::string& name);

/// The same for a zip archive that is no `.keras`, by the names of its members.
std::string foreign_archive(const std::vector<std::string>& names);

/// Where a `.keras` has its members: "" at the top, "model/" in the only folder that holds a model's; nullopt if
/// nowhere.
std::optional<std::string> model_folder(const std::vector<std::string>& names);

}  // namespace fovea::keras
