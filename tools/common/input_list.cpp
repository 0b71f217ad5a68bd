// The images of one run, in their order: from folders, single files, or a CSV with an id column.
#include "tools/common/input_list.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "layers/error.h"
#include "loaders/image/image.h"
#include "tools/common/csv.h"
#include "tools/common/label_columns.h"
#include "tools/common/text.h"

namespace fovea::tools {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw Error(printable(path) + ": " + reason);
}

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

std::string without_extension(const fs::path& path) { return (path.parent_path() / path.stem()).string(); }

// Calls visit(entry) for what a folder lists, sub-folders first seen first.
template <typename Iterator, typename Visit>
void walk(const std::string& folder, Visit visit) {
  std::error_code error;
  Iterator entry(folder, error);
  for (const Iterator end; !error && entry != end; entry.increment(error)) visit(entry);
  if (error) fail(folder, "cannot be listed: " + error.message());
}

std::string error_of_file(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return "no such file";
  if (error) return error.message();
  return fs::is_regular_file(status) ? "" : "is not a regular file";
}

std::vector<InputItem> list_folder(const std::string& folder, bool recursive) {
  std::vector<fs::path> paths;  // relative to the folder
  bool sub_folders = false;
  const auto take = [&](const fs::directory_entry& entry) {
    std::error_code error;
    if (entry.is_directory(error)) {
      sub_folders = true;
    } else if (is_image_name(entry.path().filename().string())) {
      paths.push_back(entry.path().lexically_relative(folder));
    }
  };
  if (recursive) {
    walk<fs::recursive_directory_iterator>(folder, [&](fs::recursive_directory_iterator& entry) {
      if (is_hidden(entry->path())) {
        entry.disable_recursion_pending();
      } else {
        take(*entry);
      }
    });
  } else {
    walk<fs::directory_iterator>(folder, [&](fs::directory_iterator& entry) {
      if (!is_hidden(entry->path())) take(*entry);
    });
  }
  if (paths.empty()) {
    fail(folder, std::string("no images (JPEG, PNG, TIFF, BMP) in this folder") +
                     (sub_folders && !recursive ? "; it has sub-folders, --recursive reads them" : ""));
  }
  std::sort(paths.begin(), paths.end(),
            [](const fs::path& a, const fs::path& b) { return a.native() < b.native(); });  // as bytes
  std::vector<InputItem> items;
  for (const fs::path& path : paths) {
    const fs::path full = fs::path(folder) / path;
    items.push_back({without_extension(path), full.string(), error_of_file(full)});
  }
  return items;
}

// Finds the image of an id. Each folder is listed once, however many ids lie in it.
class ImageFinder {
 public:
  explicit ImageFinder(std::string images) : images_(std::move(images)) {}

  InputItem find(const std::string& id) {
    const fs::path relative(id);
    const fs::path path = fs::path(images_) / relative;
    if (relative.is_absolute() || std::find(relative.begin(), relative.end(), "..") != relative.end()) {
      return {id, path.string(), "the id leads out of the images folder"};
    }
    std::error_code error;
    if (fs::is_regular_file(path, error)) return {id, path.string(), ""};
    const std::vector<std::string>& names = listing(path.parent_path())[path.filename().string()];
    if (names.empty()) return {id, path.string(), "no image with this id"};
    const fs::path found = path.parent_path() / names.front();
    if (names.size() > 1) return {id, found.string(), "ambiguous id: there are " + names[0] + " and " + names[1]};
    return {id, found.string(), error_of_file(found)};
  }

 private:
  using Listing = std::map<std::string, std::vector<std::string>>;  // name without extension -> names

  Listing& listing(const fs::path& folder) {
    const auto [known, is_new] = listings_.try_emplace(folder.string());
    if (!is_new) return known->second;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (is_image_name(name)) known->second[entry->path().stem().string()].push_back(name);
    }
    for (auto& [stem, names] : known->second) std::sort(names.begin(), names.end());
    return known->second;
  }

  std::string images_;
  std::map<std::string, Listing> listings_;
};

std::vector<InputItem> list_csv(const std::string& file, const InputRequest& request) {
  if (request.images.empty()) fail(file, "a CSV needs --images DIR, the folder of its images");
  std::error_code error;
  if (!fs::is_directory(request.images, error)) fail(request.images, "no such folder");
  const CsvTable table = read_csv(file);
  const std::size_t column = need_column(
      table, file, request.id_column.empty() ? id_column_names() : std::vector<std::string>{request.id_column});
  if (table.rows.empty()) fail(file, "has a header and no rows");
  ImageFinder finder(request.images);
  std::vector<InputItem> items;
  for (const CsvRow& row : table.rows) {
    const std::string& id = row.cells[column];
    if (id.empty()) fail(file + ":" + std::to_string(row.line), "the id is empty");
    if (id.find('\0') != std::string::npos) fail(file + ":" + std::to_string(row.line), "the id has a NUL in it");
    items.push_back(finder.find(id));
  }
  return items;
}

void check_unique(const std::vector<InputItem>& items) {
  std::map<std::string, const InputItem*> seen;
  for (const InputItem& item : items) {
    const auto [first, is_new] = seen.try_emplace(item.id, &item);
    if (is_new) continue;
    throw Error("two images have the id '" + printable(item.id) + "': " + printable(first->second->path) + " and " +
                printable(item.path));
  }
}

bool is_csv(const std::string& path) {
  std::string extension = fs::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return extension == ".csv";
}

}  // namespace

std::vector<InputItem> list_inputs(const InputRequest& request) {
  std::vector<InputItem> items;
  for (const std::string& input : request.inputs) {
    std::error_code error;
    const fs::file_status status = fs::status(input, error);
    if (status.type() == fs::file_type::not_found) fail(input, "no such file or folder");
    if (error) fail(input, error.message());
    std::vector<InputItem> part;
    if (fs::is_directory(status)) {
      if (!request.images.empty()) fail(input, "is a folder; --images goes with a CSV");
      part = list_folder(input, request.recursive);
    } else if (!request.images.empty() || is_csv(input)) {
      if (request.inputs.size() > 1) fail(input, "a CSV must be the only input");
      part = list_csv(input, request);
    } else {
      part.push_back({fs::path(input).stem().string(), input, error_of_file(input)});
    }
    items.insert(items.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  }
  if (items.empty()) throw Error("no input");
  check_unique(items);
  return items;
}

}  // namespace fovea::tools
