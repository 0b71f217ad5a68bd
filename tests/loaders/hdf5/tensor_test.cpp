// Float datasets: the types and storage that are read, those refused, and sizes that lie.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "loaders/hdf5/file.h"
#include "tests/loaders/keras/files.h"

namespace fovea::hdf5_tensor_test {
namespace {

using keras_test::contains;
using keras_test::Folder;
using keras_test::H5Writer;

/// IEEE half precision, as h5py defines it.
hid_t half_type() {
  const hid_t type = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(type, 15, 10, 5, 0, 10);
  H5Tset_size(type, 2);
  H5Tset_ebias(type, 15);
  return type;
}

hid_t brain_type() {
  const hid_t type = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(type, 15, 7, 8, 0, 7);
  H5Tset_size(type, 2);
  return type;
}

/// Chunks of the given shape, compressed if `level` > 0.
hid_t chunked(const std::vector<hsize_t>& chunk, unsigned level) {
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
  if (level > 0) {
    H5Pset_shuffle(properties);
    H5Pset_deflate(properties, level);
  }
  return properties;
}

class Hdf5Tensor : public testing::Test {
 protected:
  std::string complaint(const std::string& name) const {
    return keras_test::error_of(path_, [&] { hdf5::File(path_).root().tensor(name); });
  }

  const Folder folder_;
  const std::string path_ = folder_.path("tensors.h5");
  const std::vector<float> values_ = {0, 1, -2.5, 1024, 0.125, -65504};  // exact in half precision
};

TEST_F(Hdf5Tensor, ReadsAllFloatTypesAndStorages) {
  {
    const H5Writer writer(path_);
    writer.floats("f32", {2, 3}, values_);
    writer.floats("f32be", {2, 3}, values_, H5T_IEEE_F32BE);
    writer.floats("f64", {2, 3}, values_, H5T_IEEE_F64LE);
    writer.floats("f64be", {2, 3}, values_, H5T_IEEE_F64BE);
    const hid_t half = half_type();
    writer.floats("f16", {2, 3}, values_, half);
    H5Tclose(half);
    for (const unsigned level : {0U, 6U}) {
      const hid_t properties = chunked({2, 2}, level);
      writer.floats("chunked" + std::to_string(level), {2, 3}, values_, H5T_IEEE_F32LE, properties);
      H5Pclose(properties);
    }
    const hid_t compact = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_layout(compact, H5D_COMPACT);
    writer.floats("a/b/compact", {2, 3}, values_, H5T_IEEE_F32LE, compact);
    H5Pclose(compact);
    writer.floats("scalar", {}, {3.5F});
  }
  const hdf5::File file(path_);
  for (const char* name : {"f32", "f32be", "f64", "f64be", "f16", "chunked0", "chunked6", "a/b/compact", "/f32"}) {
    const hdf5::Tensor tensor = file.root().tensor(name);
    EXPECT_EQ(tensor.shape, (std::vector<std::int64_t>{2, 3})) << name;
    ASSERT_EQ(tensor.elements, 6) << name;
    EXPECT_EQ(std::vector<float>(tensor.data.get(), tensor.data.get() + 6), values_) << name;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.data.get()) % 64, 0U) << name;
  }
  EXPECT_TRUE(file.root().tensor("scalar").shape.empty());
  EXPECT_EQ(file.root().tensor("scalar").data[0], 3.5F);
}

TEST_F(Hdf5Tensor, ReadsBothFormsOfBfloat16) {
  const std::vector<std::uint16_t> halves{0x3f80, 0xc020, 0x0001};  // 1, -2.5, the smallest above 0
  {
    const H5Writer writer(path_);
    const hid_t brain = brain_type();
    writer.floats("brain", {2}, {1, -2.5F}, brain);
    H5Tclose(brain);
    const hid_t opaque = H5Tcreate(H5T_OPAQUE, 2);  // what h5py makes of ml_dtypes' bfloat16
    writer.floats("opaque", {3}, {}, opaque);
    const hid_t dataset = H5Dopen2(writer.file(), "opaque", H5P_DEFAULT);
    H5Dwrite(dataset, opaque, H5S_ALL, H5S_ALL, H5P_DEFAULT, halves.data());
    H5Dclose(dataset);
    H5Tclose(opaque);
  }
  const hdf5::File file(path_);
  for (const char* name : {"brain", "opaque"}) {
    const hdf5::Tensor tensor = file.root().tensor(name);
    EXPECT_EQ(tensor.data[0], 1.0F) << name;
    EXPECT_EQ(tensor.data[1], -2.5F) << name;
  }
  EXPECT_EQ(file.root().tensor("opaque").data[2], 0x1p-133F);
}

TEST_F(Hdf5Tensor, ReadsAFileInMemory) {
  {
    const H5Writer writer(path_);
    writer.floats("plain", {2, 3}, values_);
  }
  const std::string content = keras_test::read_bytes(path_);
  const std::shared_ptr<unsigned char[]> copy(new unsigned char[content.size()]);
  std::copy(content.begin(), content.end(), copy.get());
  const hdf5::File file({copy, content.size()}, "in memory");
  const hdf5::File other({copy, content.size()}, "again");
  const hdf5::Tensor tensor = file.root().tensor("plain");
  EXPECT_EQ(std::vector<float>(tensor.data.get(), tensor.data.get() + 6), values_);
  EXPECT_EQ(keras_test::error_of("cut",
                                 [&] {
                                   hdf5::File({copy, content.size() - 1}, "cut");
                                 })
                .substr(0, 21),
            "the file is truncated");
}

TEST_F(Hdf5Tensor, RefusesOtherTypesByName) {
  {
    const H5Writer writer(path_);
    writer.floats("int8", {2}, {1, 2}, H5T_STD_I8LE);
    writer.floats("int64", {2}, {1, 2}, H5T_STD_I64LE);
    const hid_t opaque = H5Tcreate(H5T_OPAQUE, 2);
    H5Tset_tag(opaque, "two bytes");
    writer.floats("opaque", {2}, {}, opaque);
    H5Tclose(opaque);
    const hid_t text = H5Tcopy(H5T_C_S1);
    writer.floats("text", {2}, {}, text);
    H5Tclose(text);
    const hid_t strange = H5Tcopy(H5T_IEEE_F32LE);
    H5Tset_ebias(strange, 100);
    writer.floats("strange", {2}, {}, strange);
    H5Tclose(strange);
  }
  EXPECT_TRUE(contains(complaint("int8"), "int8: holds 8-bit integers"));
  EXPECT_TRUE(contains(complaint("int64"), "holds 64-bit integers"));
  EXPECT_TRUE(contains(complaint("opaque"), "holds an unknown type"));
  EXPECT_TRUE(contains(complaint("text"), "holds text"));
  EXPECT_TRUE(contains(complaint("strange"), "holds an unknown float type"));
}

/// Booleans, which h5py writes as an enumeration, and what quantised layers hold.
TEST_F(Hdf5Tensor, NamesTypesAsPeopleKnowThem) {
  {
    const H5Writer writer(path_);
    const hid_t boolean = H5Tenum_create(H5T_STD_I8LE), colour = H5Tenum_create(H5T_STD_I8LE);
    const char no = 0, yes = 1;
    H5Tenum_insert(boolean, "FALSE", &no);
    H5Tenum_insert(boolean, "TRUE", &yes);
    H5Tenum_insert(colour, "RED", &no);
    writer.floats("boolean", {2}, {}, boolean);
    writer.floats("colour", {2}, {}, colour);
    const hid_t complex = H5Tcreate(H5T_COMPOUND, 8);
    H5Tinsert(complex, "r", 0, H5T_IEEE_F32LE);
    H5Tinsert(complex, "i", 4, H5T_IEEE_F32LE);
    writer.floats("complex", {2}, {}, complex);
    H5Tclose(boolean);
    H5Tclose(colour);
    H5Tclose(complex);
    writer.floats("uint8", {2}, {1, 2}, H5T_STD_U8LE);
  }
  EXPECT_TRUE(contains(complaint("boolean"), "boolean: holds booleans; only float16"));
  EXPECT_TRUE(contains(complaint("colour"), "holds an enumeration"));
  EXPECT_TRUE(contains(complaint("complex"), "holds a compound type"));
  EXPECT_TRUE(contains(complaint("uint8"), "holds unsigned 8-bit integers"));
}

TEST_F(Hdf5Tensor, RefusesDataOutsideTheFile) {
  const std::string other = folder_.path("other.h5");
  {
    const H5Writer source(other);
    source.floats("x", {2, 3}, values_);
    const H5Writer writer(path_);
    writer.floats("x", {2, 3}, values_);
    H5Lcreate_soft("/x", writer.file(), "soft", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external(other.c_str(), "/x", writer.file(), "external", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external(other.c_str(), "/", writer.file(), "elsewhere", H5P_DEFAULT, H5P_DEFAULT);
    const hid_t stored_outside = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(stored_outside, other.c_str(), 0, 24);
    writer.floats("outside", {6}, {}, H5T_IEEE_F32LE, stored_outside);
    H5Pclose(stored_outside);
    const hid_t combined = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t size = 6;
    const hid_t space = H5Screate_simple(1, &size, nullptr);
    H5Pset_virtual(combined, space, other.c_str(), "/x", space);
    writer.floats("virtual", {6}, {}, H5T_IEEE_F32LE, combined);
    H5Sclose(space);
    H5Pclose(combined);
  }
  EXPECT_EQ(complaint("soft"), "soft: is a soft link, which is not followed");
  EXPECT_EQ(complaint("external"), "external: is an external link, which is not followed");
  EXPECT_EQ(complaint("elsewhere/x"), "elsewhere: is an external link, which is not followed");
  EXPECT_EQ(complaint("outside"), "outside: its data is in an external file");
  EXPECT_EQ(complaint("virtual"), "virtual: it is a virtual dataset");
}

TEST_F(Hdf5Tensor, RefusesSizesOutOfProportion) {
  {
    const H5Writer writer(path_);
    const hid_t huge = chunked({1024}, 6);
    writer.floats("huge", {hsize_t{1} << 40}, {}, H5T_IEEE_F32LE, huge);
    writer.floats("overflow", {hsize_t{1} << 62}, {}, H5T_IEEE_F32LE, huge);
    H5Pclose(huge);
    writer.floats("never_written", {10, 10}, {});
    writer.floats("nothing", {3, 0}, {});
    writer.floats("deep", {1, 1, 1, 1, 1, 1, 1, 1, 1}, {1});
  }
  EXPECT_TRUE(contains(complaint("huge"), "huge: declares 4398046511104 bytes and stores only 0"));
  EXPECT_TRUE(contains(complaint("never_written"), "declares 400 bytes and stores only 0"));
  EXPECT_TRUE(contains(complaint("overflow"), "impossible size"));
  EXPECT_EQ(complaint("nothing"), "nothing: has no elements");
  EXPECT_EQ(complaint("deep"), "deep: has 9 dimensions");
}

TEST_F(Hdf5Tensor, NamesWhatIsMissingOrOfTheWrongKind) {
  {
    const H5Writer writer(path_);
    writer.floats("g/x", {1}, {1});
  }
  EXPECT_EQ(complaint("g/y"), "g/y: the dataset is missing");
  EXPECT_EQ(complaint("g"), "g: is not a dataset");
  EXPECT_EQ(complaint(""), "has a dataset without a name");
  EXPECT_EQ(keras_test::error_of(path_, [&] { hdf5::File(path_).root().group("g/x"); }), "g/x: is not a group");
  EXPECT_EQ(keras_test::error_of(path_, [&] { hdf5::File(path_).root().group("h\n"); }), "h?: the group is missing");
}

TEST_F(Hdf5Tensor, ListsDatasetsAndStopsInCircles) {
  {
    const H5Writer writer(path_);
    writer.floats("a/b/x", {1}, {1});
    writer.floats("a/y", {1}, {1});
    writer.group("a/empty");
  }
  EXPECT_EQ(hdf5::File(path_).root().datasets(), (std::vector<std::string>{"a/b/x", "a/y"}));
  {
    const H5Writer writer(path_);
    writer.group("g");
    for (const char* name : {"g/1", "g/2", "g/3"}) {
      H5Lcreate_hard(writer.file(), "g", writer.file(), name, H5P_DEFAULT, H5P_DEFAULT);
    }
  }
  EXPECT_TRUE(contains(keras_test::error_of(path_, [&] { hdf5::File(path_).root().datasets(); }), "too deeply"));
}

}  // namespace
}  // namespace fovea::hdf5_tensor_test
