// Opening an HDF5 file and walking its groups.
#include "loaders/hdf5/file.h"

#include <algorithm>

#include "layers/error.h"
#include "loaders/hdf5/memory_image.h"
#include "loaders/hdf5/path.h"
#include "loaders/hdf5/printable.h"

namespace fovea::hdf5 {
namespace {

/// Everything read from one file together, and the links looked at in one group: far above any real model.
constexpr std::uint64_t kMostFileBytes = std::uint64_t{4} << 30;
constexpr std::size_t kMostLinks = 100'000;
constexpr std::size_t kMostVisits = 200'000;
constexpr int kDeepestGroup = 160;  // two for each model within a model

FileId open_file(const PropertiesId& access, const std::string& name, const std::string& path) {
  FileId id(H5Fopen(name.c_str(), H5F_ACC_RDONLY, access.get()));
  if (!id.valid()) throw Error(path + ": not a readable HDF5 file: " + last_error());
  return id;
}

FileId open_file(const std::string& path) {
  const PropertiesId access(H5Pcreate(H5P_FILE_ACCESS));
  // Locks serve writers; asking for one only fails, on read-only and network file systems.
  H5Pset_file_locking(access.get(), false, true);
  return open_file(access, path, path);
}

FileId open_image(const Bytes& image, const std::string& path) {
  const PropertiesId access(H5Pcreate(H5P_FILE_ACCESS));
  if (!use_image(access.get(), image)) throw Error(path + ": cannot be read from memory: " + last_error());
  // HDF5 takes images of one name for one file.
  const auto address = reinterpret_cast<std::uintptr_t>(image.data.get());
  return open_file(access, "image at " + std::to_string(address), path);
}

}  // namespace

File::File(const std::string& path)
    : path_(path),
      superblock_(check_superblock(path)),
      raw_(path, superblock_.base, superblock_.file_size),
      heap_(raw_),
      headers_(raw_, superblock_.sizes) {
  check_start();
  id_ = open_file(path);
}

File::File(const Bytes& image, const std::string& path)
    : path_(path),
      superblock_(check_superblock(image, path)),
      image_(image),
      raw_(image, superblock_.base),
      heap_(raw_),
      headers_(raw_, superblock_.sizes) {
  check_start();
  id_ = open_image(image, path);
}

void File::check_start() const {
  check_header(superblock_.root, "/");
  if (superblock_.extension) check_header(*superblock_.extension, "superblock extension");
  if (!superblock_.links) return;
  if (const auto wrong = headers_.check_links(*superblock_.links); !wrong.empty()) fail("/", wrong);
}

Group File::root() const {
  ObjectId id(H5Oopen(id_.get(), "/", H5P_DEFAULT));
  if (!id.valid() || H5Iget_type(id.get()) != H5I_GROUP) fail("/", "cannot be opened: " + last_error());
  return Group(*this, "", std::move(id));
}

void File::fail(const std::string& place, const std::string& reason) const {
  throw Error(path_ + ": " + (place.empty() ? "" : printable(place) + ": ") + reason);
}

void File::check_header(std::uint64_t address, const std::string& place) const {
  if (const auto wrong = headers_.check(address); !wrong.empty()) fail(place, wrong);
}

void File::spend(std::uint64_t bytes, const std::string& place) const {
  if (bytes > kMostFileBytes || spent_ > kMostFileBytes - bytes) fail(place, "more than 4 GiB of data in one model");
  spent_ += bytes;
}

std::string Group::place_of(const std::string& path) const { return place_.empty() ? path : place_ + "/" + path; }

bool Group::has(const std::string& path) const {
  std::string part;
  for (const auto& name : path_components(path)) {
    part += (part.empty() ? "" : "/") + name;
    if (H5Lexists(id_.get(), part.c_str(), H5P_DEFAULT) <= 0) return false;
    H5L_info_t info;
    if (H5Lget_info(id_.get(), part.c_str(), &info, H5P_DEFAULT) < 0) return false;
    if (info.type == H5L_TYPE_SOFT) file_->fail(place_of(part), "is a soft link, which is not followed");
    if (info.type == H5L_TYPE_EXTERNAL) file_->fail(place_of(part), "is an external link, which is not followed");
    if (info.type != H5L_TYPE_HARD) file_->fail(place_of(part), "is a link of an unknown kind");
    file_->check_header(info.u.address, place_of(part));
  }
  return true;
}

ObjectId Group::open(const std::string& path, H5I_type_t kind) const {
  const bool dataset = kind == H5I_DATASET;
  if (path_components(path).empty())
    file_->fail(place_, dataset ? "has a dataset without a name" : "has a group without a name");
  if (!has(path)) file_->fail(place_of(path), dataset ? "the dataset is missing" : "the group is missing");
  ObjectId id(H5Oopen(id_.get(), path.c_str(), H5P_DEFAULT));
  if (!id.valid()) file_->fail(place_of(path), "cannot be opened: " + last_error());
  if (H5Iget_type(id.get()) != kind) file_->fail(place_of(path), dataset ? "is not a dataset" : "is not a group");
  return id;
}

Group Group::group(const std::string& path) const { return Group(*file_, place_of(path), open(path, H5I_GROUP)); }

std::vector<std::string> Group::links() const {
  std::vector<std::string> names;
  const auto keep = [](hid_t, const char* name, const H5L_info_t*, void* out) -> herr_t {
    auto& list = *static_cast<std::vector<std::string>*>(out);
    if (list.size() >= kMostLinks) return -1;
    list.emplace_back(name);
    return 0;
  };
  hsize_t next = 0;
  if (H5Literate(id_.get(), H5_INDEX_NAME, H5_ITER_NATIVE, &next, keep, &names) < 0) {
    file_->fail(place_,
                "its links cannot be listed: " + (names.size() >= kMostLinks ? std::string("too many") : last_error()));
  }
  return names;
}

std::vector<std::string> Group::datasets() const {
  std::vector<std::string> found;
  collect_datasets("", 0, found);
  return found;
}

void Group::collect_datasets(const std::string& prefix, int depth, std::vector<std::string>& out) const {
  if (depth > kDeepestGroup) file_->fail(place_of(prefix), "groups are nested too deeply");
  for (const auto& name : links()) {
    // Groups may be linked in circles.
    if (++file_->visited_ > kMostVisits) file_->fail(place_of(name), "too many groups and datasets");
    if (!has(name)) file_->fail(place_of(name), "cannot be opened");
    const ObjectId id(H5Oopen(id_.get(), name.c_str(), H5P_DEFAULT));
    if (!id.valid()) file_->fail(place_of(name), "cannot be opened: " + last_error());
    const H5I_type_t kind = H5Iget_type(id.get());
    if (kind == H5I_DATASET) out.push_back(prefix + name);
    if (kind == H5I_GROUP) group(name).collect_datasets(prefix + name + "/", depth + 1, out);
  }
}

}  // namespace fovea::hdf5
