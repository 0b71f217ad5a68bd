// Groups whose list of links lies, and files whose beginning does.
#include <gtest/gtest.h>

#include "loaders/hdf5/file.h"
#include "tests/loaders/keras/files.h"

namespace fovea::hdf5_links_test {
namespace {

using keras_test::Folder;
using keras_test::H5Writer;

constexpr const char* kNames = "/: the file is damaged: bad names of its parts";
constexpr const char* kLinks = "/: the file is damaged: bad list of its parts";
constexpr const char* kIndex = "/: the file is damaged: bad index of its parts";

/// A file of two data sets and a soft link in its root group, to be damaged.
class Hdf5Links : public testing::Test {
 protected:
  Hdf5Links() {
    {
      const H5Writer writer(path_);
      writer.floats("first", {2}, {1, 2});
      writer.floats("second", {2}, {3, 4});
      H5Lcreate_soft("/first", writer.file(), "soft", H5P_DEFAULT, H5P_DEFAULT);
    }
    whole_ = keras_test::read_bytes(path_);
  }

  std::size_t find(const std::string& signature) const {
    const std::size_t at = whole_.find(signature);
    EXPECT_NE(at, std::string::npos) << signature;
    return at;
  }
  std::uint64_t number(std::size_t at) const {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>(whole_[at + i]);
    return value;
  }
  /// What is said about the file with other numbers of 8 bytes at some places.
  std::string complaint(const std::vector<std::pair<std::size_t, std::uint64_t>>& changes) const {
    std::string bytes = whole_;
    for (const auto& [at, value] : changes) {
      for (std::size_t i = 0; i < 8; ++i) bytes[at + i] = static_cast<char>(value >> 8 * i & 0xff);
    }
    folder_.write("links.h5", bytes);
    return keras_test::error_of(path_, [&] { hdf5::File(path_).root().tensor("first"); });
  }
  /// The same with another byte.
  std::string complaint(std::size_t at, char value) const {
    std::string bytes = whole_;
    bytes[at] = value;
    folder_.write("links.h5", bytes);
    return keras_test::error_of(path_, [&] { hdf5::File(path_).root().tensor("first"); });
  }

  const Folder folder_;
  const std::string path_ = folder_.path("links.h5");
  std::string whole_;
};

TEST_F(Hdf5Links, ReadsAWholeFile) { EXPECT_EQ(complaint({}), "no error"); }

TEST_F(Hdf5Links, RefusesFreeSpaceInCircles) {
  const std::size_t heap = find("HEAP");
  const std::uint64_t first = number(heap + 16), data = number(heap + 24);
  ASSERT_NE(first, 1U) << "the heap has no free space";
  EXPECT_EQ(complaint({{data + first, first}}), kNames);
  EXPECT_EQ(complaint({{heap + 16, number(heap + 8) - 8}}), kNames) << "its head beyond the end";
  EXPECT_EQ(complaint({{data + first + 8, 1000}}), kNames) << "larger than the heap";
}

TEST_F(Hdf5Links, RefusesNamesBeyondTheHeap) {
  const std::size_t heap = find("HEAP"), node = find("SNOD");
  EXPECT_EQ(complaint({{heap + 8, std::uint64_t{1} << 40}}), kNames) << "larger than the file";
  EXPECT_EQ(complaint({{node + 8, 1000}}), kNames);
  EXPECT_EQ(complaint({{find("TREE") + 24, 1000}}), kNames) << "a key";
  EXPECT_EQ(complaint(heap, 'h'), kNames);
  // The entries' order is that of the names: first, second, soft.
  EXPECT_EQ(complaint({{node + 8 + 2 * 40 + 24, 1000}}), kNames) << "what the soft link is to";
}

TEST_F(Hdf5Links, RefusesNodesThatAreNone) {
  const std::size_t node = find("SNOD"), tree = find("TREE");
  EXPECT_EQ(complaint(node, 's'), kLinks);
  EXPECT_EQ(complaint(node + 6, 9), kLinks) << "more links than a node holds";
  EXPECT_EQ(complaint({{tree + 32, std::uint64_t{1} << 40}}), kLinks);
  EXPECT_EQ(complaint(tree, 't'), kIndex);
  EXPECT_EQ(complaint(tree + 4, '\x01'), kIndex) << "a tree of chunks";
  EXPECT_EQ(complaint(tree + 6, 33), kIndex) << "more children than a node has";
}

TEST_F(Hdf5Links, RefusesTreesInCircles) {
  const std::size_t tree = find("TREE");
  std::string bytes = whole_;
  bytes[tree + 5] = 1;
  whole_ = bytes;
  EXPECT_EQ(complaint({{tree + 32, tree}}), kIndex);
}

TEST_F(Hdf5Links, RefusesNodesTwiceAndOnOtherLevels) {
  // A tree over the file's own, at the file's end.
  const std::size_t tree = find("TREE"), above = (whole_.size() + 7) / 8 * 8;
  whole_.resize(above + 24 + 33 * 8 + 32 * 8);
  const std::string start = std::string("TREE\0\1\2\0", 8) + std::string(16, '\xff');
  whole_.replace(above, start.size(), start);
  const std::size_t header = number(64) + 16 + 8;  // its first message says where the tree is
  ASSERT_EQ(number(header), tree);
  const auto with = [&](std::uint64_t second) {
    return complaint({{40, whole_.size()},
                      {80, above},
                      {header, above},
                      {above + 32, tree},
                      {above + 40, number(tree + 40)},
                      {above + 48, second}});
  };
  whole_[above + 6] = 1;
  EXPECT_EQ(with(0), "no error");
  whole_[above + 6] = 2;
  EXPECT_EQ(with(tree), kIndex);
  whole_[above + 6] = 1;
  whole_[above + 5] = 2;
  EXPECT_EQ(with(0), kIndex) << "two levels above a leaf";
}

TEST_F(Hdf5Links, ChecksTheSuperblockExtension) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  H5Pset_istore_k(creation, 7);
  { const H5Writer writer(path_, access, creation); }
  H5Pclose(access);
  H5Pclose(creation);
  EXPECT_EQ(keras_test::error_of(path_, [&] { hdf5::File file(path_); }),
            "superblock extension: its indices have nodes of unusual sizes, which is not supported");
}

TEST_F(Hdf5Links, ChecksHowTheFileBegins) {
  EXPECT_EQ(complaint({{80, 8}}), "no error") << "where the root's links are counts only in its header";
  EXPECT_EQ(complaint(number(64), '\x07'), "/: the file is damaged: bad object header");
  EXPECT_EQ(complaint(14, '\x04'), "addresses or lengths in this HDF5 file are not 8 bytes long");
  EXPECT_EQ(complaint(8, '\x04'), "an HDF5 file of an unknown version");
}

}  // namespace
}  // namespace fovea::hdf5_links_test
