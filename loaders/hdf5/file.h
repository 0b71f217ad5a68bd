// Reading an HDF5 file that may be hostile: groups, string attributes and float tensors, with bounds on everything.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "loaders/bytes.h"
#include "loaders/hdf5/io/read_budget.h"
#include "loaders/hdf5/objects/global_heap.h"
#include "loaders/hdf5/objects/object.h"
#include "loaders/hdf5/objects/superblock.h"
#include "loaders/hdf5/read_queue.h"
#include "loaders/io/raw_file.h"
#include "loaders/io/refusal.h"

namespace fovea::hdf5 {

class Group;

/// An HDF5 file open for reading, by one thread at a time. Outlives every Group.
class File {
 public:
  /// Throws Error: no such file, not HDF5, truncated, damaged.
  explicit File(const std::string& path);
  /// A file in memory, called `path` in messages.
  File(const Bytes& image, const std::string& path);

  const std::string& path() const { return path_; }
  Group root() const;

  /// Reads what Group::queue_tensor has put off.
  void read_queued(ReadQueue& queue, ThreadTeam& team) const { queue.run(raw_, path_, team); }

  /// Throws Error("<path>: <place>: <reason>").
  [[noreturn]] void fail(const std::string& place, const std::string& reason) const;

 private:
  friend class Group;

  /// What `read` gives; a Refusal becomes an Error that names the place.
  template <class Read>
  auto at(const std::string& place, const Read& read) const {
    try {
      return read();
    } catch (const Refusal& refusal) {
      fail(place, refusal.what());
    }
  }
  Blocks blocks() const { return {raw_, budget_}; }
  void check_start() const;
  /// The object whose header is at `address`, read once.
  const Object& object(std::uint64_t address, const std::string& place) const;

  std::string path_;
  Superblock superblock_;
  RawFile raw_;
  mutable ReadBudget budget_;
  mutable GlobalHeap heap_;
  mutable std::map<std::uint64_t, Object> objects_;
  mutable std::size_t visited_ = 0;
};

/// A tensor in C order, converted to float32, in storage of its own aligned to 64 bytes.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::shared_ptr<const float[]> data;
  std::int64_t elements = 1;
};

/// A group of a File. Paths may have several components; only hard links are followed, soft and external ones are
/// refused.
class Group {
 public:
  /// Place in the file, for messages: "model_weights/conv1"; "" is the root.
  const std::string& place() const { return place_; }
  const File& file() const { return *file_; }

  bool has(const std::string& path) const;
  Group group(const std::string& path) const;

  /// Names of the attributes of this group, sorted.
  std::vector<std::string> attributes() const;
  bool has_attribute(const std::string& name) const { return object_->attribute(name) != nullptr; }
  /// One string: variable or fixed length, ASCII or UTF-8, padded with nulls or spaces.
  std::string text(const std::string& attribute) const;
  /// A list of strings, also when written in pieces (`name0`, `name1`, ...); empty if there is none. Keras writes an
  /// empty list as zero numbers.
  std::vector<std::string> texts(const std::string& attribute) const;

  /// Reads a float16, bfloat16, float32 or float64 dataset. Refuses other types, external and virtual storage, unknown
  /// filters and sizes out of proportion to what is stored.
  Tensor tensor(const std::string& path) const;
  /// The same, but where the file holds the floats as they are, their values are read only by File::read_queued.
  Tensor queue_tensor(const std::string& path, ReadQueue& queue) const;

  /// Names of the links in this group, sorted.
  std::vector<std::string> links() const;
  /// Paths of all datasets in this group and the groups within it.
  std::vector<std::string> datasets() const;

 private:
  friend class File;
  Group(const File& file, std::string place, const Object& object)
      : file_(&file), place_(std::move(place)), object_(&object) {}

  std::string place_of(const std::string& path) const;
  const Object& follow(const Link& link, const std::string& place) const;
  /// What a path leads to; null if it leads nowhere.
  const Object* find(const std::string& path) const;
  const Object& open(const std::string& path, bool dataset) const;
  std::vector<std::string> read_texts(const std::string& attribute) const;
  Tensor read_tensor(const std::string& path, ReadQueue* queue) const;
  void collect_datasets(const std::string& prefix, int depth, std::vector<std::string>& out) const;

  const File* file_;
  std::string place_;
  const Object* object_;
};

}  // namespace fovea::hdf5
