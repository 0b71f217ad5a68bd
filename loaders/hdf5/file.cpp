// Opening an HDF5 file and walking its groups.
#include "loaders/hdf5/file.h"

#include <fovea/error.h>
#include "loaders/hdf5/path.h"
#include "loaders/printable.h"

namespace fovea::hdf5 {
namespace {

/// Links looked at in one group, and in all: far above any real model.
constexpr std::size_t kMostLinks = 100'000;
constexpr std::size_t kMostVisits = 200'000;
constexpr int kDeepestGroup = 160;  // two for each model within a model

}  // namespace

File::File(const std::string& path)
    : path_(path),
      superblock_(check_superblock(path)),
      raw_(path, superblock_.base, superblock_.file_size),
      budget_(superblock_.file_size),
      heap_(raw_) {
  check_start();
}

File::File(const Bytes& image, const std::string& path)
    : path_(path),
      superblock_(check_superblock(image, path)),
      raw_(image, superblock_.base),
      budget_(superblock_.file_size),
      heap_(raw_) {
  check_start();
}

void File::check_start() const {
  if (superblock_.extension) {
    at("superblock extension", [this] { check_extension(blocks(), *superblock_.extension); });
  }
  if (!object(superblock_.root, "/").is_group) fail("/", "is not a group");
}

Group File::root() const { return Group(*this, "", object(superblock_.root, "/")); }

void File::fail(const std::string& place, const std::string& reason) const {
  throw Error(path_ + ": " + (place.empty() ? "" : printable(place) + ": ") + reason);
}

const Object& File::object(std::uint64_t address, const std::string& place) const {
  const auto known = objects_.find(address);
  if (known != objects_.end()) return known->second;
  Object object = at(place, [&] { return read_object(blocks(), superblock_.sizes, address); });
  return objects_.emplace(address, std::move(object)).first->second;
}

std::string Group::place_of(const std::string& path) const { return place_.empty() ? path : place_ + "/" + path; }

const Object& Group::follow(const Link& link, const std::string& place) const {
  switch (link.kind) {
    case Link::Kind::hard:
      return file_->object(link.address, place);
    case Link::Kind::soft:
      file_->fail(place, "is a soft link, which is not followed");
    case Link::Kind::external:
      file_->fail(place, "is an external link, which is not followed");
    default:
      file_->fail(place, "is a link of an unknown kind");
  }
}

const Object* Group::find(const std::string& path) const {
  const Object* object = object_;
  std::string part;
  for (const auto& name : path_components(path)) {
    part += (part.empty() ? "" : "/") + name;
    const Link* link = object->link(name);
    if (link == nullptr) return nullptr;
    object = &follow(*link, place_of(part));
  }
  return object;
}

bool Group::has(const std::string& path) const { return find(path) != nullptr; }

const Object& Group::open(const std::string& path, bool dataset) const {
  if (path_components(path).empty())
    file_->fail(place_, dataset ? "has a dataset without a name" : "has a group without a name");
  const Object* object = find(path);
  if (object == nullptr) file_->fail(place_of(path), dataset ? "the dataset is missing" : "the group is missing");
  if (dataset && !object->is_dataset()) file_->fail(place_of(path), "is not a dataset");
  if (!dataset && !object->is_group) file_->fail(place_of(path), "is not a group");
  return *object;
}

Group Group::group(const std::string& path) const { return Group(*file_, place_of(path), open(path, false)); }

std::vector<std::string> Group::links() const {
  if (object_->links.size() > kMostLinks) file_->fail(place_, "its links cannot be listed: too many");
  std::vector<std::string> names;
  for (const Link& link : object_->links) names.push_back(link.name);
  return names;
}

std::vector<std::string> Group::datasets() const {
  std::vector<std::string> found;
  collect_datasets("", 0, found);
  return found;
}

void Group::collect_datasets(const std::string& prefix, int depth, std::vector<std::string>& out) const {
  if (depth > kDeepestGroup) file_->fail(place_of(prefix), "groups are nested too deeply");
  for (const Link& link : object_->links) {
    // Groups may be linked in circles, and names may be long.
    const std::string place = place_of(link.name), path = prefix + link.name;
    if (++file_->visited_ > kMostVisits) file_->fail(place, "too many groups and datasets");
    file_->at(place, [&] { file_->budget_.spend_text(path.size()); });
    const Object& object = follow(link, place);
    if (object.is_group) Group(*file_, place, object).collect_datasets(path + "/", depth + 1, out);
    if (object.is_dataset()) out.push_back(path);
  }
}

}  // namespace fovea::hdf5
