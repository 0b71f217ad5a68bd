// The images that the ids of a list name.
#include "tools/common/input/image_finder.h"

#include <algorithm>
#include <filesystem>

#include <fovea/error.h>
#include "text/names.h"
#include "text/text.h"

namespace fovea::tools {

namespace fs = std::filesystem;

namespace {

constexpr const char* kLeadsOut = "the id leads out of the images folder";
constexpr const char* kNoImage = "no image with this id";

}  // namespace

const ImageFinder::Listing& ImageFinder::listing(const std::string& folder) {
  std::unique_ptr<Listing>& known = listings_[folder];
  if (known) return *known;
  known = std::make_unique<Listing>(recursive_);
  try {
    for (const WalkedFile& file : walk_names(folder, recursive_).files) {
      if (!file.look.error.empty()) {
        known->errors.push_back(file.path + " " + file.look.error);
        continue;
      }
      known->index.add(file.path, known->names.size());
      known->names.push_back(file.path);
    }
  } catch (const Error& e) {
    std::error_code error;
    if (fs::exists(folder, error)) known->errors.emplace_back(e.what());  // a folder that is not there holds nothing
  }
  return *known;
}

ImageFinder::Found ImageFinder::find(const std::string& id) {
  Found first = find_path(id);
  if (first.error.empty() || first.error == kLeadsOut) return first;
  std::string path = id;
  std::replace(path.begin(), path.end(), '\\', '/');
  while (path.starts_with("./")) path.erase(0, 2);
  for (bool whole = path != id;; whole = true) {
    if (whole) {
      Found found = find_path(path);
      found.loose = true;
      if (!found.error.starts_with(kNoImage)) return found;
    }
    const std::size_t slash = path.find('/');
    if (slash == std::string::npos) return first;
    path.erase(0, slash + 1);
  }
}

ImageFinder::Found ImageFinder::find_path(const std::string& id) {
  const fs::path relative(id);
  const fs::path path = fs::path(images_) / relative;
  if (relative.is_absolute() || std::find(relative.begin(), relative.end(), "..") != relative.end()) {
    return {path.string(), kLeadsOut};
  }
  std::error_code error;
  if (fs::is_regular_file(path, error)) return {path.string(), ""};
  const std::string folder = recursive_ ? images_ : path.parent_path().string();
  const Listing& files = listing(folder);
  const std::string name = recursive_ ? id : path.filename().string();
  const std::vector<std::size_t> found = files.index.find(name);
  if (found.empty()) {
    const std::string hidden = files.errors.empty() ? "" : " (" + printable(files.errors.front()) + ")";
    return {path.string(), std::string(kNoImage) + hidden};
  }
  std::vector<std::string> names;
  for (const std::size_t value : found) names.push_back(files.names[value]);
  std::sort(names.begin(), names.end());
  const std::string first = (fs::path(folder) / names.front()).string();
  if (names.size() == 1) return {first, "", !files.index.has(name)};
  return {first, "ambiguous id: there are " + printable(names[0]) + " and " + printable(names[1]) +
                     (names.size() > 2 ? " and " + std::to_string(names.size() - 2) + " more" : "")};
}

}  // namespace fovea::tools
