// All files of a folder, each looked at or accounted for.
#include "tools/common/input/folder_walk.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include <fovea/error.h>
#include "text/names.h"
#include "text/text.h"
#include "tools/common/program/process.h"

namespace fovea::tools {

namespace fs = std::filesystem;

namespace {

using namespace std::string_view_literals;

// In lower case.
constexpr std::array kFurnitureFiles = {".ds_store"sv,  "thumbs.db"sv, "ehthumbs.db"sv, "desktop.ini"sv, ".directory"sv,
                                        ".localized"sv, ".apdisk"sv,   ".nomedia"sv,    "icon\r"sv};
constexpr std::array kFurnitureFolders = {"@eadir"sv,
                                          "#recycle"sv,
                                          "@recycle"sv,
                                          "#snapshot"sv,
                                          "$recycle.bin"sv,
                                          "recycler"sv,
                                          "system volume information"sv,
                                          "__macosx"sv,
                                          "lost+found"sv,
                                          ".git"sv,
                                          ".svn"sv,
                                          ".hg"sv,
                                          ".appledouble"sv,
                                          ".spotlight-v100"sv,
                                          ".fseventsd"sv,
                                          ".temporaryitems"sv,
                                          ".documentrevisions-v100"sv,
                                          ".thumbnails"sv,
                                          ".snapshot"sv,
                                          ".snapshots"sv,
                                          ".zfs"sv};

template <std::size_t kCount>
bool is_one_of(const std::string& name, const std::array<std::string_view, kCount>& known) {
  return std::find(known.begin(), known.end(), lower_case(name)) != known.end();
}

bool is_furniture_file(const std::string& name) {
  return is_one_of(name, kFurnitureFiles) || name.starts_with(".fovea-");
}

bool is_furniture_folder(const std::string& name) {
  return is_one_of(name, kFurnitureFolders) || lower_case(name).starts_with(".trash");
}

enum class EntryType { file, folder, special, unknown };

struct Entry {
  std::string name;
  EntryType type = EntryType::file;
  bool is_link = false;
};

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

EntryType type_of(mode_t mode) {
  return S_ISREG(mode) ? EntryType::file : S_ISDIR(mode) ? EntryType::folder : EntryType::special;
}

// The type of an entry, links followed; costs a call only where the folder does not tell.
Entry entry_of(const std::string& folder, const dirent& found) {
  Entry entry{found.d_name, EntryType::unknown, found.d_type == DT_LNK};
  if (found.d_type == DT_REG || found.d_type == DT_DIR) {
    entry.type = found.d_type == DT_REG ? EntryType::file : EntryType::folder;
    return entry;
  }
  struct stat status {};
  const std::string path = folder + "/" + entry.name;
  if (found.d_type == DT_UNKNOWN && ::lstat(path.c_str(), &status) == 0) entry.is_link = S_ISLNK(status.st_mode);
  // A link to nothing counts as a file: looking at it says so.
  entry.type = ::stat(path.c_str(), &status) == 0 ? type_of(status.st_mode) : EntryType::file;
  return entry;
}

// Calls visit(entry) for all that a folder lists; 0, or the errno of what ended the list.
template <typename Visit>
int for_each_entry(const std::string& folder, Visit visit) {
  const std::unique_ptr<DIR, CloseFolder> list(::opendir(folder.c_str()));
  if (!list) return errno;
  while (true) {
    errno = 0;
    const dirent* found = ::readdir(list.get());
    if (found == nullptr) return errno;
    const std::string_view name = found->d_name;
    if (name != "." && name != ".." && !visit(entry_of(folder, *found))) return 0;
  }
}

std::string cannot_be_listed(int error) { return "cannot be listed: " + std::generic_category().message(error); }

// Whether a folder holds a picture at any depth. Looks at names first, at so many files only, and then says yes.
bool may_hold_pictures(const std::string& folder, int& budget, int depth = 0) {
  constexpr int kDeepest = 20;
  bool found = depth > kDeepest;
  std::vector<std::string> below;
  const int error = for_each_entry(folder, [&](const Entry& entry) {
    if (--budget < 0) return false;
    const std::string path = folder + "/" + entry.name;
    if (entry.type == EntryType::folder) {
      if (!entry.is_link && !is_furniture_folder(entry.name)) below.push_back(path);
    } else if (entry.type == EntryType::file && !is_furniture_file(entry.name) && !entry.name.starts_with("._")) {
      const FileKind kind = image_ending(entry.name).empty() ? look_at(path).kind : FileKind::unread;
      found = found || kind == FileKind::readable || kind == FileKind::unread;
    }
    return !found;
  });
  if (found || error != 0 || budget < 0) return true;
  return std::any_of(below.begin(), below.end(),
                     [&](const std::string& path) { return may_hold_pictures(path, budget, depth + 1); });
}

class Walker {
 public:
  Walker(std::string folder, bool recursive, bool look, const OwnFiles& own)
      : root_(std::move(folder)), recursive_(recursive), look_(look), own_(own) {}

  FolderWalk walk() {
    mark_seen(root_);
    if (const int error = read(""); error != 0) throw Error(printable(root_) + ": " + cannot_be_listed(error));
    read_pending();
    // Links last, so that a folder bears its own name where it has one below the root.
    while (!links_.empty()) {
      const std::string link = *links_.begin();
      links_.erase(links_.begin());
      enter(link);
      read_pending();
    }
    std::sort(result_.files.begin(), result_.files.end(),
              [](const WalkedFile& a, const WalkedFile& b) { return a.path < b.path; });  // as bytes
    return std::move(result_);
  }

 private:
  std::string full(const std::string& path) const { return (fs::path(root_) / path).string(); }

  // False if it is known already. A folder that is gone or hidden behind a locked one is found out when it is listed.
  bool mark_seen(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) != 0 || seen_.insert({status.st_dev, status.st_ino}).second;
  }

  void enter(const std::string& path) {
    if (mark_seen(full(path))) {
      pending_.push_back(path);
    } else {
      result_.passed.known_folders.add(path);
    }
  }

  void read_pending() {
    while (!pending_.empty()) {
      const std::string path = std::move(pending_.back());
      pending_.pop_back();
      if (const int error = read(path + "/"); error != 0) add_error(path + "/", "folder " + cannot_be_listed(error));
    }
  }

  void add_error(const std::string& path, const std::string& reason) {
    result_.files.push_back({path, {FileKind::unread, reason, 1, ""}});
  }

  // `prefix` is the folder's path with a slash, or empty for the root.
  int read(const std::string& prefix) {
    const std::string folder = prefix.empty() ? root_ : full(prefix.substr(0, prefix.size() - 1));
    std::error_code error;
    const fs::path real =
        own_.files.empty() && own_.folders.empty() && own_.pictures.empty() ? fs::path() : fs::canonical(folder, error);
    std::vector<Entry> folders;
    const int failed = for_each_entry(folder, [&](const Entry& entry) {
      if (stop_requested()) throw Interrupted();
      const std::string path = prefix + entry.name, own_path = (real / entry.name).string();
      if (entry.type == EntryType::folder) {
        if (!is_furniture_folder(entry.name) && !own_.folders.contains(own_path)) folders.push_back(entry);
      } else if (entry.type == EntryType::special) {
        add_special(path);
      } else if (!is_furniture_file(entry.name)) {
        add_file(path, own_path);
      }
      return true;
    });
    for (const Entry& entry : folders) add_folder(prefix + entry.name, entry.is_link);
    return failed;
  }

  void add_folder(const std::string& path, bool is_link) {
    if (!recursive_) {
      if (!look_ || !mark_seen(full(path))) return;  // a link to the folder itself loses nothing
      int budget = 1000;                             // files a sub-folder is asked for
      if (may_hold_pictures(full(path), budget)) result_.passed.unread_folders.add(path);
    } else if (is_link) {
      links_.insert(path);
    } else {
      enter(path);
    }
  }

  void add_special(const std::string& path) {
    if (image_ending(path).empty()) {
      result_.passed.special.add(path);
    } else {
      add_error(path, "is not a regular file");
    }
  }

  void add_file(const std::string& path, const std::string& own_path) {
    if (!look_) {
      result_.files.push_back({path, {}});
      return;
    }
    FileLook look = look_at(full(path));
    const bool is_picture = look.kind == FileKind::readable || look.kind == FileKind::unread;
    const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
    // Forks of files on other systems' disks, and what this run writes.
    if (name.starts_with("._") && look.kind != FileKind::readable) return;
    if (own_.pictures.contains(own_path) || (!is_picture && own_.files.contains(own_path))) return;
    if (is_picture) {
      result_.files.push_back({path, std::move(look)});
      return;
    }
    result_.passed.add_file(path);
    if (look.kind == FileKind::container) result_.passed.containers.add(path);
  }

  std::string root_;
  bool recursive_, look_;
  const OwnFiles& own_;
  FolderWalk result_;
  std::set<std::pair<dev_t, ino_t>> seen_;
  std::vector<std::string> pending_;  // folders to be read
  std::set<std::string> links_;       // to folders
};

}  // namespace

FolderWalk walk_folder(const std::string& folder, bool recursive, const OwnFiles& own) {
  return Walker(folder, recursive, true, own).walk();
}

FolderWalk walk_names(const std::string& folder, bool recursive) { return Walker(folder, recursive, false, {}).walk(); }

}  // namespace fovea::tools
