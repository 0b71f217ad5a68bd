// The images of one run, in their order: from folders, single files, or a CSV with an id column.
#include "tools/common/input/input_list.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <system_error>

#include <fovea/error.h>
#include "text/csv.h"
#include "text/label_columns.h"
#include "text/names.h"
#include "text/text.h"
#include "tools/common/input/image_finder.h"

namespace fovea::tools {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw Error(printable(path) + ": " + reason);
}

std::string page_id(const std::string& id, int number) { return number == 1 ? id : id + "#" + std::to_string(number); }

// The images of one file: one, or as many as it has pages.
void add_pages(const std::string& id, const std::string& path, const FileLook& look, std::vector<InputItem>& items) {
  if (!look.error.empty()) {
    items.push_back({id, path, look.error});
    return;
  }
  for (int page = 1; page <= look.pages; ++page) items.push_back({page_id(id, page), path, "", page});
  if (!look.page_problem.empty()) {
    items.push_back({page_id(id, look.pages + 1), path, "pages may be missing: " + look.page_problem});
  }
}

// Of a file that was named, and of which more is asked than to be passed over.
FileLook look_at_image(const std::string& path) {
  FileLook look = look_at(path);
  if (look.error.empty() && look.kind != FileKind::readable) look.error = unread_reason({});
  return look;
}

std::string id_of(const std::string& path, const InputRequest& request) {
  return safe_name(request.id_with_extension ? path : without_image_ending(path));
}

void add_folder(const std::string& folder, const InputRequest& request, InputList& list) {
  FolderWalk walk = walk_folder(folder, request.recursive, request.own);
  if (walk.files.empty()) {
    std::string beside = passed_over_text(walk.passed);
    std::replace(beside.begin(), beside.end(), '\n', ';');
    if (!beside.empty()) beside = "; " + beside.substr(0, beside.size() - 1);
    fail(folder, "no images (JPEG, PNG, TIFF, BMP) in this folder" + beside);
  }
  for (const WalkedFile& file : walk.files) {
    add_pages(id_of(file.path, request), (fs::path(folder) / file.path).string(), file.look, list.items);
  }
  list.passed.add(walk.passed);
}

// "id#3" is the third image of the file "id"; nothing for an id that names no page.
std::optional<std::pair<std::string, int>> split_page(const std::string& id) {
  const std::string_view mark = page_mark(id);
  int number = 0;
  if (mark.empty() || std::from_chars(mark.data() + 1, mark.data() + mark.size(), number).ec != std::errc()) {
    return std::nullopt;
  }
  return std::pair(id.substr(0, id.size() - mark.size()), number);
}

// The images of the rows of a list. A page that the list names itself is not added to its file's first one.
class CsvItems {
 public:
  CsvItems(const std::vector<std::string>& ids, const InputRequest& request)
      : ids_(ids), listed_(ids.begin(), ids.end()), finder_(request.images, request.recursive) {}

  std::vector<InputItem> items() {
    std::vector<ImageFinder::Found> found;
    for (const std::string& id : ids_) {
      found.push_back(find(id));
      if (found.back().error.empty()) by_path_[found.back().path].insert(id);
    }
    for (std::size_t i = 0; i < ids_.size(); ++i) add(ids_[i], std::move(found[i]));
    return std::move(items_);
  }

 private:
  // As it is written, or as safe_name had to write it.
  ImageFinder::Found find(const std::string& id) {
    ImageFinder::Found found = finder_.find(id);
    const std::string plain = plain_name(id);
    if (found.error.empty() || plain == id) return found;
    ImageFinder::Found other = finder_.find(plain);
    return other.error.empty() ? other : found;
  }

  void add(const std::string& id, ImageFinder::Found found) {
    const std::string name = safe_id(id);
    // One image under two ids would be one eye graded as two.
    const std::set<std::string>& rivals = by_path_[found.path];
    if (found.error.empty() && found.loose && rivals.size() > 1) {
      found.error = "ambiguous id: '" + printable(*rivals.begin() == id ? *rivals.rbegin() : *rivals.begin()) +
                    "' means the same image";
      items_.push_back({name, found.path, found.error});
    } else if (found.error.empty()) {
      std::vector<InputItem> pages;
      add_pages(name, found.path, look_at_image(found.path), pages);
      for (std::size_t i = 0; i < pages.size(); ++i) {
        if (i == 0 || !listed_.contains(page_id(id, static_cast<int>(i) + 1))) items_.push_back(std::move(pages[i]));
      }
    } else if (const auto page = split_page(id); page && find(page->first).error.empty()) {
      add_page(name, find(page->first).path, page->second);
    } else {
      items_.push_back({name, found.path, found.error});
    }
  }

  void add_page(const std::string& name, const std::string& path, int number) {
    const FileLook look = look_at_image(path);
    if (!look.error.empty()) {
      items_.push_back({name, path, look.error});
    } else if (number > look.pages) {
      items_.push_back({name, path, "the file has " + count_text(static_cast<std::size_t>(look.pages), "image")});
    } else {
      items_.push_back({name, path, "", number});
    }
  }

  const std::vector<std::string>& ids_;
  std::set<std::string> listed_;
  ImageFinder finder_;
  std::map<std::string, std::set<std::string>> by_path_;  // the ids that mean a file
  std::vector<InputItem> items_;
};

std::vector<InputItem> list_csv(const std::string& file, const InputRequest& request) {
  if (request.images.empty()) fail(file, "a CSV needs --images DIR, the folder of its images");
  std::error_code error;
  if (!fs::is_directory(request.images, error)) fail(request.images, "no such folder");
  const CsvTable table = read_csv(file);
  const std::size_t column = need_column(
      table, file, request.id_column.empty() ? id_column_names() : std::vector<std::string>{request.id_column},
      "--id-column NAME");
  if (table.rows.empty()) fail(file, "has a header and no rows");
  std::vector<std::string> ids;
  for (const CsvRow& row : table.rows) {
    const std::string& id = row.cells[column];
    if (id.empty()) fail(file + ":" + std::to_string(row.line), "the id is empty");
    if (id.find('\0') != std::string::npos) fail(file + ":" + std::to_string(row.line), "the id has a NUL in it");
    ids.push_back(id);
  }
  return CsvItems(ids, request).items();
}

// Refuses ids that two images have, all of them in one line as far as they fit.
void check_unique(const std::vector<InputItem>& items, bool endings_would_help) {
  constexpr std::size_t kShown = 10;
  std::map<std::string, const InputItem*> seen;
  std::string text;
  std::size_t pairs = 0;
  bool endings_differ = endings_would_help;
  for (const InputItem& item : items) {
    const auto [first, is_new] = seen.try_emplace(item.id, &item);
    if (is_new) continue;
    endings_differ = endings_differ && first->second->path != item.path &&
                     fs::path(first->second->path).filename() != fs::path(item.path).filename();
    if (++pairs > kShown) continue;
    text += std::string(pairs > 1 ? "; '" : "two images have the id '") + item.id +
            "': " + printable(first->second->path) + " and " + printable(item.path);
  }
  if (pairs == 0) return;
  if (pairs > kShown) text += "; and " + count_text(pairs - kShown, "more pair");
  throw Error(text + (endings_differ ? "; --id-with-extension keeps the endings in the ids" : ""));
}

bool is_csv(const std::string& path) { return lower_case(fs::path(path).extension().string()) == ".csv"; }

}  // namespace

InputList list_inputs(const InputRequest& request) {
  InputList list;
  bool from_csv = false;
  for (const std::string& input : request.inputs) {
    std::error_code error;
    const fs::file_status status = fs::status(input, error);
    if (status.type() == fs::file_type::not_found) fail(input, "no such file or folder");
    if (error) fail(input, error.message());
    if (fs::is_directory(status)) {
      if (!request.images.empty()) fail(input, "is a folder; --images goes with a CSV");
      add_folder(input, request, list);
    } else if (!request.images.empty() || is_csv(input)) {
      if (request.inputs.size() > 1) fail(input, "a CSV must be the only input");
      from_csv = true;
      list.items = list_csv(input, request);
    } else {
      add_pages(id_of(fs::path(input).filename().string(), request), input, look_at_image(input), list.items);
    }
  }
  if (list.items.empty()) throw Error("no input");
  check_unique(list.items, !from_csv && !request.id_with_extension);
  return list;
}

}  // namespace fovea::tools
