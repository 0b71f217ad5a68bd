// Data in chunks: every filter and edge, chunks that were never written, and indices and streams that lie.
#include <gtest/gtest.h>
#include <libdeflate.h>

#include <memory>

#include "loaders/hdf5/file.h"
#include "tests/loaders/keras/files.h"

namespace fovea::hdf5_chunk_test {
namespace {

using keras_test::Folder;
using keras_test::H5Writer;

struct Storage {
  std::vector<hsize_t> shape, chunk;
  std::string filters;  ///< 's'huffle, 'd'eflate, 'f'letcher32
};

hid_t properties_of(const std::vector<hsize_t>& chunk, const std::string& filters) {
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
  for (const char filter : filters) {
    if (filter == 's') H5Pset_shuffle(properties);
    if (filter == 'd') H5Pset_deflate(properties, 6);
    if (filter == 'f') H5Pset_fletcher32(properties);
  }
  return properties;
}

/// Writes one chunk as it is.
void write_chunk(const H5Writer& writer, const char* name, hsize_t at, const std::vector<unsigned char>& bytes,
                 std::uint32_t mask = 0) {
  const hid_t dataset = H5Dopen2(writer.file(), name, H5P_DEFAULT);
  ASSERT_GE(H5Dwrite_chunk(dataset, H5P_DEFAULT, mask, &at, bytes.size(), bytes.data()), 0);
  H5Dclose(dataset);
}

std::vector<unsigned char> bytes_of(const std::vector<float>& values) {
  const auto* first = reinterpret_cast<const unsigned char*>(values.data());
  return {first, first + values.size() * sizeof(float)};
}

std::vector<unsigned char> deflated(const std::vector<unsigned char>& bytes) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(6);
  std::vector<unsigned char> out(libdeflate_zlib_compress_bound(compressor, bytes.size()));
  out.resize(libdeflate_zlib_compress(compressor, bytes.data(), bytes.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  return out;
}

class Hdf5Chunk : public testing::Test {
 protected:
  std::vector<float> read(const std::string& name) const {
    const hdf5::Tensor tensor = hdf5::File(path_).root().tensor(name);
    return {tensor.data.get(), tensor.data.get() + tensor.elements};
  }
  std::string complaint(const std::string& name = "x") const {
    return keras_test::error_of(path_, [&] { read(name); });
  }
  /// 20 floats in chunks of 4, and where their B-tree's root is in the file.
  std::size_t write_twenty(const std::string& filters = "") {
    {
      const H5Writer writer(path_);
      const hid_t properties = properties_of({4}, filters);
      writer.floats("x", {20}, std::vector<float>(20, 1.5F), H5T_IEEE_F32LE, properties);
      H5Pclose(properties);
    }
    bytes_ = keras_test::read_bytes(path_);
    const std::string start("TREE\x01", 5);
    EXPECT_NE(bytes_.find(start), std::string::npos);
    return bytes_.find(start);
  }
  std::string complaint_of_changed() const {
    folder_.write("chunks.h5", bytes_);
    return complaint();
  }

  const Folder folder_;
  const std::string path_ = folder_.path("chunks.h5");
  std::string bytes_;
};

TEST_F(Hdf5Chunk, ReadsEveryFilterAndEdge) {
  const std::vector<Storage> storages = {
      {{20}, {7}, ""},
      {{7, 5}, {3, 2}, "sd"},
      {{4, 3, 6}, {3, 2, 4}, "f"},
      {{4, 3, 6}, {4, 3, 6}, "sdf"},
      {{3, 3, 2, 9}, {1, 3, 2, 4}, "fd"},
      {{5, 1}, {2, 1}, "dd"},
      {{33, 2}, {1, 1}, "d"},
      {{2000}, {3}, "sd"},  // a tree of several levels
  };
  for (const bool newest : {false, true}) {
    for (const Storage& storage : storages) {
      hsize_t count = 1;
      for (const hsize_t side : storage.shape) count *= side;
      std::vector<float> values;
      for (hsize_t i = 0; i < count; ++i) values.push_back(0.5F * static_cast<float>(i % 511) - 100);
      const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
      if (newest) H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
      {
        const H5Writer writer(path_, access);
        const hid_t properties = properties_of(storage.chunk, storage.filters);
        writer.floats("f32", storage.shape, values, H5T_IEEE_F32LE, properties);
        writer.floats("f64", storage.shape, values, H5T_IEEE_F64BE, properties);
        H5Pclose(properties);
      }
      H5Pclose(access);
      EXPECT_EQ(read("f32"), values) << newest << storage.filters << storage.shape.size();
      EXPECT_EQ(read("f64"), values) << newest << storage.filters << storage.shape.size();
    }
  }
}

TEST_F(Hdf5Chunk, ReadsChunksAfterAUserBlock) {
  const std::vector<float> values{1, 2, 3, 4, 5};
  for (const bool newest : {false, true}) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = H5Pcreate(H5P_FILE_CREATE);
    if (newest) H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    H5Pset_userblock(creation, 512);
    {
      const H5Writer writer(path_, access, creation);
      const hid_t properties = properties_of({2}, "sd");
      writer.floats("x", {5}, values, H5T_IEEE_F32LE, properties);
      H5Pclose(properties);
    }
    H5Pclose(access);
    H5Pclose(creation);
    EXPECT_EQ(read("x"), values) << newest;
  }
}

TEST_F(Hdf5Chunk, ReadsChunksAtTheEdgesThatWereNotFiltered) {
  const std::vector<hsize_t> shape{7, 5};
  std::vector<float> values;
  for (int i = 0; i < 35; ++i) values.push_back(static_cast<float>(i % 4));
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  {
    const H5Writer writer(path_, access);
    const hid_t properties = properties_of({4, 4}, "sd");
    H5Pset_chunk_opts(properties, H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS);
    writer.floats("x", shape, values, H5T_IEEE_F32LE, properties);
    H5Pclose(properties);
  }
  H5Pclose(access);
  EXPECT_EQ(read("x"), values);
}

TEST_F(Hdf5Chunk, FillsWhatWasNeverWritten) {
  const float fill = 7.5F;
  {
    const H5Writer writer(path_);
    const hid_t properties = properties_of({2}, "");
    writer.floats("zeros", {6}, {}, H5T_IEEE_F32LE, properties);
    H5Pset_fill_value(properties, H5T_NATIVE_FLOAT, &fill);
    writer.floats("filled", {6}, {}, H5T_IEEE_F32LE, properties);
    H5Pclose(properties);
    write_chunk(writer, "zeros", 2, bytes_of({1, 2}));
    write_chunk(writer, "filled", 2, bytes_of({1, 2}));
  }
  EXPECT_EQ(read("zeros"), (std::vector<float>{0, 0, 1, 2, 0, 0}));
  EXPECT_EQ(read("filled"), (std::vector<float>{fill, fill, 1, 2, fill, fill}));
}

TEST_F(Hdf5Chunk, LeavesOutTheFiltersThatAChunkLeftOut) {
  {
    const H5Writer writer(path_);
    const hid_t properties = properties_of({2}, "d");
    writer.floats("x", {4}, {}, H5T_IEEE_F32LE, properties);
    H5Pclose(properties);
    write_chunk(writer, "x", 0, bytes_of({1, 2}), 1);
    write_chunk(writer, "x", 2, deflated(bytes_of({3, 4})));
  }
  EXPECT_EQ(read("x"), (std::vector<float>{1, 2, 3, 4}));
}

TEST_F(Hdf5Chunk, RefusesStreamsOfAnotherSize) {
  {
    const H5Writer writer(path_);
    const hid_t properties = properties_of({16}, "d");
    for (const char* name : {"bomb", "short", "noise"}) writer.floats(name, {16}, {}, H5T_IEEE_F32LE, properties);
    H5Pclose(properties);
    write_chunk(writer, "bomb", 0, deflated(std::vector<unsigned char>(std::size_t{16} << 20)));
    write_chunk(writer, "short", 0, deflated(bytes_of({1, 2})));
    write_chunk(writer, "noise", 0, std::vector<unsigned char>(64, 0x55));
  }
  EXPECT_EQ(complaint("bomb"), "bomb: a chunk inflates to more than it can hold");
  EXPECT_EQ(complaint("short"), "short: a chunk has 8 bytes instead of 64");
  EXPECT_EQ(complaint("noise"), "noise: a chunk cannot be inflated");
}

TEST_F(Hdf5Chunk, RefusesAWrongChecksum) {
  write_twenty("f");
  const std::vector<unsigned char> value = bytes_of({1.5F});
  const std::size_t at = bytes_.find(std::string(value.begin(), value.end()));
  ASSERT_NE(at, std::string::npos);
  bytes_[at] = '\x01';
  EXPECT_EQ(complaint_of_changed(), "x: a chunk's checksum is wrong");
}

TEST_F(Hdf5Chunk, RefusesChunksThatLie) {
  constexpr std::size_t kHead = 24, kEntry = 8 + 2 * 8 + 8;  // a key of two sides, an address
  struct Change {
    std::size_t at;
    char value;
    const char* complaint;
  };
  const char* const chunks = "x: the file is damaged: bad list of chunks";
  const char* const index = "x: the file is damaged: bad index of its parts";
  for (const Change& change :
       {Change{4, 0, index}, Change{5, 1, index}, Change{6, 65, index}, Change{kHead + 3, 0x7f, chunks},
        Change{kHead + kEntry + 8, 5, chunks}, Change{kHead + kEntry + 8, 0, chunks}}) {
    const std::size_t tree = write_twenty();
    bytes_[tree + change.at] = change.value;
    EXPECT_EQ(complaint_of_changed(), change.complaint) << change.at;
  }
  const std::size_t tree = write_twenty();
  bytes_[tree + 5] = 1;  // its own child, however deep it is
  for (std::size_t i = 0; i < 8; ++i) bytes_[tree + kHead + kEntry - 8 + i] = static_cast<char>(tree >> 8 * i & 0xff);
  EXPECT_EQ(complaint_of_changed(), index);
}

TEST_F(Hdf5Chunk, RefusesChunksFarLargerThanTheData) {
  {
    const H5Writer writer(path_);
    const hsize_t size = 4, most = H5S_UNLIMITED;
    const hid_t space = H5Screate_simple(1, &size, &most);
    const hid_t properties = properties_of({hsize_t{32} << 20}, "d");
    H5Dclose(H5Dcreate2(writer.file(), "x", H5T_IEEE_F32LE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
    H5Pclose(properties);
    H5Sclose(space);
    write_chunk(writer, "x", 0, std::vector<unsigned char>(100));
  }
  EXPECT_EQ(complaint(), "x: its chunks hold far more than its shape");
}

}  // namespace
}  // namespace fovea::hdf5_chunk_test
