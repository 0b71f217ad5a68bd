// Header messages whose sizes do not fit, and object headers that lead out of the file.
#include <gtest/gtest.h>

#include "loaders/hdf5/file.h"
#include "loaders/hdf5/header_messages.h"
#include "tests/loaders/keras_files.h"

namespace fovea {
namespace {

using keras_test::contains;
using keras_test::Folder;
using keras_test::H5Writer;
using HeaderBytes = std::vector<unsigned char>;

constexpr unsigned kSpace = 1, kType = 3, kFill = 5, kLink = 6, kLayout = 8, kFilters = 11, kAttribute = 12;

HeaderBytes join(std::initializer_list<HeaderBytes> parts) {
  HeaderBytes all;
  for (const HeaderBytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const HeaderBytes kFloat = {0x11, 0x20, 0x1f, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0};
const HeaderBytes kThree = {1, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0};  // a data space of three elements

/// Version 1: everything padded to 8 bytes.
HeaderBytes attribute() {
  return join({{1, 0, 2, 0, 20, 0, 16, 0}, {'x', 0, 0, 0, 0, 0, 0, 0}, kFloat, {0, 0, 0, 0}, kThree, HeaderBytes(12)});
}

TEST(Hdf5Header, AcceptsWhatFits) {
  EXPECT_EQ(hdf5::check_message(kType, kFloat), "");
  EXPECT_EQ(hdf5::check_message(kSpace, kThree), "");
  EXPECT_EQ(hdf5::check_message(kAttribute, attribute()), "");
  EXPECT_EQ(hdf5::check_message(kType, join({{0x19, 1, 0, 0, 16, 0, 0, 0}, {0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 8, 0}})),
            "");
  EXPECT_EQ(hdf5::check_message(kFill, HeaderBytes{2, 2, 2, 1, 4, 0, 0, 0, 1, 2, 3, 4}), "");
  EXPECT_EQ(hdf5::check_message(kLayout, join({{3, 1}, HeaderBytes(16)})), "");
  EXPECT_EQ(hdf5::check_message(kLayout, join({{3, 2, 2}, HeaderBytes(8), {5, 0, 0, 0, 4, 0, 0, 0}})), "");
  EXPECT_EQ(hdf5::check_message(kFilters, HeaderBytes{2, 1, 1, 0, 1, 0, 1, 0, 6, 0, 0, 0}), "");
  EXPECT_EQ(hdf5::check_message(kLink, join({{1, 0, 1, 'a'}, HeaderBytes(8)})), "");
  EXPECT_EQ(hdf5::check_message(0xffff, HeaderBytes{}), "") << "unknown messages are HDF5's business";
}

TEST(Hdf5Header, RefusesEveryMessageCutShort) {
  const std::pair<unsigned, HeaderBytes> messages[] = {
      {kType, kFloat},
      {kSpace, kThree},
      {kAttribute, attribute()},
      {kFill, {2, 2, 2, 1, 4, 0, 0, 0, 1, 2, 3, 4}},
      {kLayout, join({{3, 2, 2}, HeaderBytes(8), {5, 0, 0, 0, 4, 0, 0, 0}})},
      {kFilters, {2, 1, 1, 0, 1, 0, 1, 0, 6, 0, 0, 0}},
      {kLink, join({{1, 0, 1, 'a'}, HeaderBytes(8)})},
  };
  for (const auto& [type, bytes] : messages) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const HeaderBytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_TRUE(contains(hdf5::check_message(type, cut), "the file is damaged: bad")) << type << ", " << size;
    }
  }
}

TEST(Hdf5Header, RefusesSizesThatDoNotFit) {
  const auto damaged = [](std::size_t at, unsigned char value) {
    HeaderBytes bytes = attribute();
    bytes[at] = value;
    return hdf5::check_message(kAttribute, bytes);
  };
  EXPECT_NE(damaged(0, 4), "") << "version";
  EXPECT_NE(damaged(2, 0), "") << "no name";
  EXPECT_NE(damaged(2, 1), "") << "name without its end";
  EXPECT_NE(damaged(3, 9), "") << "long name";
  EXPECT_NE(damaged(4, 12), "") << "type too short";
  EXPECT_NE(damaged(5, 9), "") << "type too long";
  EXPECT_NE(damaged(6, 8), "") << "space too short";
  EXPECT_NE(damaged(16, 0x16), "") << "a compound type";
  EXPECT_NE(damaged(20, 5), "") << "elements larger than the data";
  EXPECT_NE(damaged(41, 33), "") << "too many dimensions";
  EXPECT_NE(damaged(48, 4), "") << "more elements than the data";
  EXPECT_NE(damaged(55, 0x80), "") << "more elements than can be counted";
  EXPECT_NE(hdf5::check_message(kLayout, join({{3, 2, 2}, HeaderBytes(8), {0, 0, 0, 0, 4, 0, 0, 0}})), "")
      << "a chunk of nothing";
}

TEST(Hdf5Header, RefusesChunksOfAnotherRank) {
  const auto agrees = [](unsigned char dimensions, unsigned char sides, unsigned char element = 4) {
    hdf5::HeaderShape shape;
    HeaderBytes layout = join({{3, 2, sides}, HeaderBytes(8)});
    for (unsigned char i = 0; i + 1 < sides; ++i) layout = join({layout, {5, 0, 0, 0}});
    shape.note(kSpace, HeaderBytes{1, dimensions, 0, 0});
    shape.note(kType, kFloat);
    shape.note(kLayout, join({layout, {element, 0, 0, 0}}));
    return shape.agrees();
  };
  EXPECT_TRUE(agrees(1, 2));
  EXPECT_FALSE(agrees(2, 2));
  EXPECT_FALSE(agrees(1, 1));
  EXPECT_FALSE(agrees(1, 2, 8)) << "elements of another size";
  EXPECT_NE(hdf5::check_message(kLayout, join({{3, 2, 0}, HeaderBytes(20)})), "") << "no sides at all";
}

TEST(Hdf5Header, RefusesFillValuesOfAnotherSize) {
  const auto agrees = [](unsigned char bytes) {
    hdf5::HeaderShape shape;
    shape.note(kType, kFloat);
    shape.note(kFill, join({{2, 2, 2, 1, bytes, 0, 0, 0}, HeaderBytes(bytes)}));
    return shape.agrees();
  };
  EXPECT_TRUE(agrees(0));
  EXPECT_TRUE(agrees(4));
  EXPECT_FALSE(agrees(2));
}

TEST(Hdf5Header, RefusesASecondOfWhatThereIsOneOf) {
  hdf5::HeaderShape shape;
  EXPECT_TRUE(shape.note(kType, kFloat));
  EXPECT_TRUE(shape.note(kAttribute, attribute()));
  EXPECT_TRUE(shape.note(kAttribute, attribute()));
  EXPECT_FALSE(shape.note(kType, kFloat));
}

TEST(Hdf5Header, NamesTheObjectWithADamagedAttribute) {
  const Folder folder;
  const std::string path = folder.path("model.h5");
  {
    const H5Writer writer(path);
    writer.texts("/g/inner", "weight_names", {"kernel", "bias"});
  }
  std::string bytes = keras_test::read_bytes(path);
  const std::size_t name = bytes.find("weight_names");
  ASSERT_NE(name, std::string::npos);
  bytes[name - 6] = '\x7f';  // the size of its name
  folder.write("model.h5", bytes);
  EXPECT_EQ(keras_test::error_of(path, [&] { hdf5::File(path).root().group("g/inner").texts("weight_names"); }),
            "g/inner: the file is damaged: bad attribute");
}

}  // namespace
}  // namespace fovea
