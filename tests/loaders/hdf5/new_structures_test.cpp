// What HDF5 has added since 1.8, damaged behind checksums that are right: dense links and attributes in fractal heaps,
// B-trees of version 2, arrays of chunks.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "loaders/hdf5/file.h"
#include "loaders/hdf5/io/lookup3.h"
#include "tests/loaders/keras/files.h"

namespace fovea::hdf5_new_structures_test {
namespace {

using keras_test::Folder;
using keras_test::H5Writer;

constexpr const char* kLinks = "/: the file is damaged: bad list of its parts";

/// A file in HDF5's latest form, in which bytes are changed and sums mended.
class Hdf5NewStructures : public testing::Test {
 protected:
  template <class Write>
  void write(const Write& contents) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    {
      const H5Writer writer(path_, access);
      contents(writer);
    }
    H5Pclose(access);
    whole_ = keras_test::read_bytes(path_);
  }

  static std::uint32_t sum(const std::string& bytes, std::size_t at, std::size_t size) {
    return hdf5::lookup3({reinterpret_cast<const unsigned char*>(bytes.data()) + at, size});
  }
  /// Where a block begins that has `signature` and a right sum behind `size` bytes.
  std::size_t find(const std::string& signature, std::size_t size) const {
    for (std::size_t at = whole_.find(signature); at != std::string::npos; at = whole_.find(signature, at + 1)) {
      std::uint32_t stored = 0;
      if (at + size + sizeof stored > whole_.size()) break;
      std::copy_n(&whole_[at + size], sizeof stored, reinterpret_cast<char*>(&stored));
      if (sum(whole_, at, size) == stored) return at;
    }
    ADD_FAILURE() << "no " << signature;
    return 0;
  }
  /// The file with a little-endian number of `bytes` bytes at `at` of that block.
  std::string changed(const std::string& signature, std::size_t size, std::size_t at, std::size_t bytes,
                      std::uint64_t value) const {
    std::string other = whole_;
    const std::size_t begin = find(signature, size);
    for (std::size_t i = 0; i < bytes; ++i) other[begin + at + i] = static_cast<char>(value >> 8 * i & 0xff);
    const std::uint32_t right = sum(other, begin, size);
    std::copy_n(reinterpret_cast<const char*>(&right), sizeof right, &other[begin + size]);
    return other;
  }
  /// What is said about such a file, "no error" if nothing.
  static std::string complaint(const std::string& content) {
    const std::shared_ptr<unsigned char[]> copy(new unsigned char[content.size()]);
    std::copy(content.begin(), content.end(), copy.get());
    return keras_test::error_of("file", [&] {
      const hdf5::File file({copy, content.size()}, "file");
      for (const std::string& name : file.root().datasets()) file.root().tensor(name);
      for (const std::string& name : file.root().attributes()) file.root().texts(name);
    });
  }
  /// Every byte of the block set to some values. Each gives an error or the file's contents, and many give an error.
  void try_every_byte(const std::string& signature, std::size_t size) const {
    ASSERT_EQ(complaint(whole_), "no error");
    std::size_t errors = 0;
    for (std::size_t at = 4; at < size; ++at) {
      for (const unsigned value : {0U, 1U, 8U, 0x7fU, 0x80U, 0xffU}) {
        errors += complaint(changed(signature, size, at, 1, value)) != "no error" ? 1 : 0;
      }
    }
    EXPECT_GT(errors, size) << signature;
  }

  const Folder folder_;
  const std::string path_ = folder_.path("new.h5");
  std::string whole_;
};

void write_groups(const H5Writer& writer) {
  for (int i = 0; i < 40; ++i) writer.group("g" + std::to_string(i));
}

void write_attributes(const H5Writer& writer) {
  for (int i = 0; i < 40; ++i) writer.text("/", "a" + std::to_string(i), "text");
  writer.texts("/", "large", {std::string(5000, 'x')});  // by itself in the heap
}

/// Chunks of two elements, ten along each side.
std::function<void(const H5Writer&)> write_chunks(const std::vector<hsize_t>& most, bool filtered) {
  return [=](const H5Writer& writer) {
    const std::vector<hsize_t> shape(most.size(), 20), chunk(most.size(), 2);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
    if (filtered) H5Pset_deflate(properties, 1);
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), most.data());
    const hid_t set = H5Dcreate2(writer.file(), "x", H5T_IEEE_F32LE, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    const std::vector<float> values(most.size() == 1 ? 20 : 400, 1.5F);
    H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(set);
    H5Sclose(space);
    H5Pclose(properties);
  };
}

TEST_F(Hdf5NewStructures, RefusesDamagedListsOfLinks) {
  write(write_groups);
  ASSERT_EQ(complaint(whole_), "no error");
  constexpr std::size_t kTree = 34, kHeap = 142;
  struct Change {
    const char* signature;
    std::size_t size, at, bytes;
    std::uint64_t value;
  };
  for (const Change& change : {Change{"BTHD", kTree, 5, 1, 8},           // a tree of attributes
                               Change{"BTHD", kTree, 6, 4, 0},           // nodes of nothing
                               Change{"BTHD", kTree, 6, 4, 0x7fffffff},  // of 2 GB
                               Change{"BTHD", kTree, 10, 2, 0},          // records of nothing
                               Change{"BTHD", kTree, 10, 2, 12},         // of another size
                               Change{"BTHD", kTree, 12, 2, 60000},      // too deep
                               Change{"BTHD", kTree, 16, 8, 48},         // the root is something else
                               Change{"BTHD", kTree, 24, 2, 65535},      // more records than a node has
                               Change{"BTHD", kTree, 26, 8, 41},         // fewer than it says
                               Change{"BTHD", kTree, 26, 8, ~0ULL},
                               Change{"FRHP", kHeap, 5, 2, 0},             // identifiers of nothing
                               Change{"FRHP", kHeap, 110, 2, 0},           // no columns
                               Change{"FRHP", kHeap, 110, 2, 3},           // no power of two
                               Change{"FRHP", kHeap, 112, 8, 0},           // blocks of nothing
                               Change{"FRHP", kHeap, 112, 8, 1ULL << 40},  // larger than the largest
                               Change{"FRHP", kHeap, 120, 8, 1ULL << 62},
                               Change{"FRHP", kHeap, 128, 2, 60000},     // addresses of more than 64 bits
                               Change{"FRHP", kHeap, 132, 8, 0},         // the root is something else
                               Change{"FRHP", kHeap, 132, 8, ~0ULL},     // there is none
                               Change{"FRHP", kHeap, 140, 2, 60000}}) {  // more rows than addresses
    EXPECT_EQ(complaint(changed(change.signature, change.size, change.at, change.bytes, change.value)), kLinks)
        << change.signature << " " << change.at << " " << change.value;
  }
  EXPECT_EQ(complaint(changed("FRHP", kHeap, 7, 2, 12)),
            "/: its links or attributes are compressed, which is not supported");
  try_every_byte("BTHD", kTree);
  try_every_byte("FRHP", kHeap);
}

/// Where a heap is one block, an identifier may name a place far behind it.
TEST_F(Hdf5NewStructures, RefusesObjectsBehindTheirBlock) {
  write([](const H5Writer& writer) {
    for (int i = 0; i < 9; ++i) writer.group("g" + std::to_string(i));
  });
  const std::size_t records = 9 * 11, size = 6 + records;
  for (const unsigned value : {0xffU, 0x7fU, 0x02U}) {
    EXPECT_EQ(complaint(changed("BTLF", size, 6 + 4 + 1 + 1, 1, value)), kLinks) << value;
    EXPECT_EQ(complaint(changed("BTLF", size, 6 + 4 + 1 + 3, 1, value)), kLinks) << value;
  }
  try_every_byte("BTLF", size);
}

TEST_F(Hdf5NewStructures, RefusesDamagedListsOfAttributes) {
  write(write_attributes);
  try_every_byte("BTHD", 34);
  try_every_byte("FRHP", 142);
}

TEST_F(Hdf5NewStructures, RefusesDamagedFixedArrays) {
  for (const bool filtered : {false, true}) {
    write(write_chunks({40}, filtered));
    try_every_byte("FAHD", 24);
    try_every_byte("FADB", 14 + 20 * (filtered ? 8 + 2 + 4 : 8));
  }
}

TEST_F(Hdf5NewStructures, RefusesDamagedExtensibleArrays) {
  for (const bool filtered : {false, true}) {
    write(write_chunks({H5S_UNLIMITED, 20}, filtered));
    try_every_byte("EAHD", 68);
    try_every_byte("EADB", 14 + 4 + 16 * (filtered ? 8 + 2 + 4 : 8));
  }
}

TEST_F(Hdf5NewStructures, RefusesDamagedTreesOfChunks) {
  for (const bool filtered : {false, true}) {
    write(write_chunks({H5S_UNLIMITED, H5S_UNLIMITED}, filtered));
    try_every_byte("BTHD", 34);
  }
}

TEST_F(Hdf5NewStructures, ReadsTheSumOfEveryBlock) {
  write([](const H5Writer& writer) {
    write_groups(writer);
    write_attributes(writer);
    write_chunks({H5S_UNLIMITED, 20}, true)(writer);
  });
  ASSERT_EQ(complaint(whole_), "no error");
  for (const char* signature : {"OHDR", "BTHD", "BTLF", "FRHP", "FHIB", "FHDB", "EAHD", "EAIB", "EADB"}) {
    std::string other = whole_;
    const std::size_t at = other.find(signature);
    ASSERT_NE(at, std::string::npos) << signature;
    // Of a direct block the sum itself: behind it may be nothing that is read.
    other[at + (std::string(signature) == "FHDB" ? 18 : 7)] ^= 1;
    EXPECT_NE(complaint(other), "no error") << signature;
  }
}

TEST_F(Hdf5NewStructures, RefusesADamagedSuperblock) {
  write(write_groups);
  std::string other = whole_;
  other[20] ^= 1;
  EXPECT_EQ(complaint(other), "the file is damaged: bad superblock");
  EXPECT_EQ(complaint(changed("\x89HDF", 44, 11, 1, 1)),
            "the file is being written, or was not closed (h5clear -s marks it as closed)");
}

}  // namespace
}  // namespace fovea::hdf5_new_structures_test
