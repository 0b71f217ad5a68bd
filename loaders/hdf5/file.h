// Reading an HDF5 file that may be hostile: groups, string attributes and float tensors, with bounds on everything.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "loaders/bytes.h"
#include "loaders/hdf5/chunked_data.h"
#include "loaders/hdf5/global_heap.h"
#include "loaders/hdf5/id.h"
#include "loaders/hdf5/library.h"
#include "loaders/hdf5/object_header.h"
#include "loaders/hdf5/raw_file.h"
#include "loaders/hdf5/read_queue.h"
#include "loaders/hdf5/superblock.h"

namespace fovea::hdf5 {

class Group;

/// An HDF5 file open for reading. Holds the library's lock, so that one thread at a time has a file open; to be
/// destroyed by the thread that made it, after every Group.
class File {
 public:
  /// Throws Error: no such file, not HDF5, truncated, damaged.
  explicit File(const std::string& path);
  /// A file in memory, called `path` in messages.
  File(const Bytes& image, const std::string& path);

  const std::string& path() const { return path_; }
  std::uint64_t size() const { return superblock_.file_size; }
  Group root() const;

  /// Reads what Group::queue_tensor has put off.
  void read_queued(ReadQueue& queue, ThreadTeam& team) const { queue.run(raw_, path_, team); }

  /// Throws Error("<path>: <place>: <reason>").
  [[noreturn]] void fail(const std::string& place, const std::string& reason) const;

 private:
  friend class Group;
  /// Throws Error unless the header of the object at `address` may be given to HDF5.
  void check_header(std::uint64_t address, const std::string& place) const;
  /// The same for what HDF5 reads when it opens the file.
  void check_start() const;
  /// Counts bytes handed out, to bound what one file can make us allocate.
  void spend(std::uint64_t bytes, const std::string& place) const;

  Library library_;
  std::string path_;
  Superblock superblock_;
  Bytes image_;  ///< empty for a file on disk
  RawFile raw_;
  mutable GlobalHeap heap_;
  mutable HeaderChecker headers_;
  FileId id_;
  mutable std::uint64_t spent_ = 0;
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

  bool has_attribute(const std::string& name) const;
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

  /// Names of the links in this group.
  std::vector<std::string> links() const;
  /// Paths of all datasets in this group and the groups within it.
  std::vector<std::string> datasets() const;

 private:
  friend class File;
  Group(const File& file, std::string place, ObjectId id)
      : file_(&file), place_(std::move(place)), id_(std::move(id)) {}

  Tensor read_tensor(const std::string& path, ReadQueue* queue) const;
  ChunkedData chunks_of(hid_t dataset, hid_t properties, const std::vector<std::int64_t>& shape,
                        const std::string& place) const;
  std::string place_of(const std::string& path) const;
  ObjectId open(const std::string& path, H5I_type_t kind) const;
  std::vector<std::string> read_texts(const std::string& attribute) const;
  std::vector<std::string> read_fixed(hid_t attribute, hid_t type, std::size_t cells, const std::string& place) const;
  std::vector<std::string> read_variable(hid_t attribute, std::size_t cells, const std::string& place) const;
  void collect_datasets(const std::string& prefix, int depth, std::vector<std::string>& out) const;

  const File* file_;
  std::string place_;
  ObjectId id_;
};

}  // namespace fovea::hdf5
