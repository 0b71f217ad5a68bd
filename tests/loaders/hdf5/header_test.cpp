// Header messages whose sizes do not fit, and object headers that lead out of the file.
#include <gtest/gtest.h>

#include "loaders/hdf5/file.h"
#include "loaders/hdf5/messages/layout.h"
#include "loaders/hdf5/messages/messages.h"
#include "tests/loaders/keras/files.h"

namespace fovea {
namespace {

using keras_test::contains;
using keras_test::Folder;
using keras_test::H5Writer;
using HeaderBytes = std::vector<unsigned char>;

HeaderBytes join(std::initializer_list<HeaderBytes> parts) {
  HeaderBytes all;
  for (const HeaderBytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

const HeaderBytes kFloat = {0x11, 0x20, 0x1f, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0};
const HeaderBytes kThree = {1, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0};  // a data space of three elements
const HeaderBytes kLongChunks = join({{3, 2, 2}, HeaderBytes(8), {5, 0, 0, 0, 4, 0, 0, 0}});

/// Version 1: everything padded to 8 bytes.
HeaderBytes attribute() {
  return join({{1, 0, 2, 0, 20, 0, 16, 0}, {'x', 0, 0, 0, 0, 0, 0, 0}, kFloat, {0, 0, 0, 0}, kThree, HeaderBytes(12)});
}

/// "" or what is wrong with a message.
std::string message_error(unsigned type, const HeaderBytes& bytes) {
  try {
    switch (type) {
      case hdf5::kSpace:
        hdf5::read_space(bytes);
        break;
      case hdf5::kType:
        hdf5::read_type(bytes);
        break;
      case hdf5::kFill:
        hdf5::read_fill(type, bytes);
        break;
      case hdf5::kLink:
        hdf5::read_link(bytes);
        break;
      case hdf5::kLayout:
        hdf5::read_layout(bytes);
        break;
      case hdf5::kFilters:
        hdf5::read_pipeline(bytes);
        break;
      case hdf5::kAttribute:
        hdf5::read_attribute(bytes);
        break;
      case hdf5::kLinkInfo:
        hdf5::read_link_info(bytes);
        break;
      case hdf5::kAttributeInfo:
        hdf5::read_attribute_info(bytes);
        break;
      default:
        return "an unknown type";
    }
  } catch (const Refusal& refusal) {
    return refusal.what();
  }
  return "";
}

const std::pair<unsigned, HeaderBytes> kMessages[] = {
    {hdf5::kType, kFloat},
    {hdf5::kType, join({{0x19, 1, 0, 0, 16, 0, 0, 0}})},  // text of variable length
    {hdf5::kSpace, kThree},
    {hdf5::kAttribute, attribute()},
    {hdf5::kFill, {2, 2, 2, 1, 4, 0, 0, 0, 1, 2, 3, 4}},
    {hdf5::kFill, {3, 0x20, 4, 0, 0, 0, 1, 2, 3, 4}},
    {hdf5::kLayout, join({{3, 1}, HeaderBytes(16)})},
    {hdf5::kLayout, kLongChunks},
    {hdf5::kLayout, join({{4, 2, 0, 2, 1, 5, 4, 3, 10}, HeaderBytes(8)})},                  // a fixed array
    {hdf5::kLayout, join({{4, 2, 2, 2, 1, 5, 4, 1}, HeaderBytes(12), HeaderBytes(8)})},     // one filtered chunk
    {hdf5::kLayout, join({{4, 2, 0, 2, 1, 5, 4, 4, 32, 4, 4, 16, 10}, HeaderBytes(8)})},    // an extensible array
    {hdf5::kLayout, join({{4, 2, 0, 2, 1, 5, 4, 5, 0, 8, 0, 0, 98, 40}, HeaderBytes(8)})},  // a tree
    {hdf5::kFilters, {2, 1, 1, 0, 1, 0, 1, 0, 6, 0, 0, 0}},
    {hdf5::kLink, join({{1, 0, 1, 'a'}, HeaderBytes(8)})},
    {hdf5::kLink, {1, 8, 1, 1, 'a', 2, 0, '/', 'b'}},  // a soft one
    {hdf5::kLinkInfo, join({{0, 0}, HeaderBytes(16)})},
    {hdf5::kAttributeInfo, join({{0, 1, 7, 0}, HeaderBytes(16)})},
};

TEST(Hdf5Header, AcceptsWhatFits) {
  for (const auto& [type, bytes] : kMessages) EXPECT_EQ(message_error(type, bytes), "") << type;
}

TEST(Hdf5Header, RefusesEveryMessageCutShort) {
  for (const auto& [type, bytes] : kMessages) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const HeaderBytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_TRUE(contains(message_error(type, cut), "the file is damaged: bad")) << type << ", " << size;
    }
  }
}

TEST(Hdf5Header, RefusesSizesThatDoNotFit) {
  const auto damaged = [](std::size_t at, unsigned char value) {
    HeaderBytes bytes = attribute();
    bytes[at] = value;
    return message_error(hdf5::kAttribute, bytes);
  };
  EXPECT_NE(damaged(0, 4), "") << "version";
  EXPECT_NE(damaged(2, 0), "") << "no name";
  EXPECT_NE(damaged(2, 1), "") << "name without its end";
  EXPECT_NE(damaged(3, 9), "") << "long name";
  EXPECT_NE(damaged(4, 12), "") << "type too short";
  EXPECT_NE(damaged(5, 9), "") << "type too long";
  EXPECT_NE(damaged(6, 8), "") << "space too short";
  EXPECT_NE(damaged(16, 0x01), "") << "a type of version 0";
  EXPECT_NE(damaged(20, 5), "") << "elements larger than the data";
  EXPECT_NE(damaged(20, 0), "") << "elements of nothing";
  EXPECT_NE(damaged(41, 33), "") << "too many dimensions";
  EXPECT_NE(damaged(48, 4), "") << "more elements than the data";
  EXPECT_NE(damaged(55, 0x80), "") << "more elements than can be counted";
  EXPECT_NE(message_error(hdf5::kLayout, join({{3, 2, 2}, HeaderBytes(8), {0, 0, 0, 0, 4, 0, 0, 0}})), "")
      << "a chunk of nothing";
  EXPECT_NE(message_error(hdf5::kLayout, join({{3, 2, 0}, HeaderBytes(20)})), "") << "no sides at all";
  EXPECT_NE(message_error(hdf5::kSpace, join({{2, 1, 1, 1}, {3, 0, 0, 0, 0, 0, 0, 0}, {2, 0, 0, 0, 0, 0, 0, 0}})), "")
      << "more elements than there may be";
}

/// Chunks of another rank than the data space, or of other elements; fill values of another size.
TEST(Hdf5Header, RefusesPartsThatDoNotAgree) {
  const Folder folder;
  const std::string path = folder.path("model.h5");
  {
    const H5Writer writer(path);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t side = 5;
    const float fill = 1.5F;
    H5Pset_chunk(properties, 1, &side);
    H5Pset_fill_value(properties, H5T_NATIVE_FLOAT, &fill);
    writer.floats("x", {20}, std::vector<float>(20, 2.5F), H5T_IEEE_F32LE, properties);
    H5Pclose(properties);
  }
  const std::string bytes = keras_test::read_bytes(path);
  const auto changed = [&](const std::string& part, std::size_t at, char value) {
    std::string other = bytes;
    const std::size_t begin = other.find(part);
    EXPECT_NE(begin, std::string::npos);
    other[begin + at] = value;
    folder.write("model.h5", other);
    return keras_test::error_of(path, [&] { hdf5::File(path).root().tensor("x"); });
  };
  const char* const disagree = "x: the file is damaged: chunks do not fit the data space";
  const std::string layout("\x03\x02\x02", 3);
  EXPECT_EQ(changed(layout, 2, 2), "no error");
  EXPECT_EQ(changed(layout, 2, 1), disagree) << "rank";
  EXPECT_EQ(changed(layout, 3 + 8 + 4, 8), disagree) << "an element's bytes";
  const std::string fill("\x04\0\0\0\0\0\xc0\x3f", 8);  // its size and 1.5
  EXPECT_EQ(changed(fill, 7, 0x40), "no error");
}

TEST(Hdf5Header, RefusesASecondOfWhatThereIsOneOf) {
  const Folder folder;
  const std::string path = folder.path("model.h5");
  {
    const H5Writer writer(path);
    writer.floats("x", {3}, {1, 2, 3});
  }
  std::string bytes = keras_test::read_bytes(path);
  // The message after the data space becomes another one.
  const std::string space("\1\0\x18\0", 4), type("\3\0\x18\0", 4);
  const std::size_t at = bytes.find(space), next = bytes.find(type, at);
  ASSERT_NE(next, std::string::npos);
  EXPECT_EQ(next - at, 8U + 24);
  bytes.replace(next, 8 + 24, bytes.substr(at, 8 + 24));
  folder.write("model.h5", bytes);
  EXPECT_EQ(keras_test::error_of(path, [&] { hdf5::File(path).root().tensor("x"); }),
            "x: the file is damaged: bad object header");
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
