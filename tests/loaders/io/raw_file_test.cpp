// Bytes at places within a file or an image of one, and none past its end.
#include "loaders/io/raw_file.h"

#include <gtest/gtest.h>

#include <cstring>

namespace fovea {
namespace {

TEST(RawFile, BytesOfAnImage) {
  std::shared_ptr<unsigned char[]> data(new unsigned char[4]);
  std::memcpy(data.get(), "abcd", 4);
  const RawFile file(Bytes{data, 4}, 1);
  char two[2];
  ASSERT_TRUE(file.read(1, 2, two));
  EXPECT_EQ(std::string(two, 2), "cd");
  EXPECT_FALSE(file.read(2, 2, two));
  EXPECT_FALSE(file.read(~std::uint64_t{0}, 2, two));
}

// An empty tensor has no memory: nothing is read, and nothing is touched.
TEST(RawFile, NoBytesNeedNoMemory) {
  const RawFile file(Bytes{std::shared_ptr<unsigned char[]>(new unsigned char[4]), 4}, 0);
  EXPECT_TRUE(file.read(2, 0, nullptr));
  EXPECT_TRUE(file.read(4, 0, nullptr));
}

}  // namespace
}  // namespace fovea
