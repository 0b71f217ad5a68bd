// Ids as people write them find the images they mean, or say that they cannot.
#include "tools/common/input/id_index.h"

#include <gtest/gtest.h>

namespace fovea::tools {
namespace {

using Values = std::vector<std::size_t>;

IdIndex index_of(const std::vector<std::string>& paths, bool below) {
  IdIndex index(below);
  for (std::size_t i = 0; i < paths.size(); ++i) index.add(paths[i], i);
  return index;
}

TEST(IdIndex, TheClosestNameCounts) {
  const IdIndex index = index_of({"a.jpg", "A.jpg", "a.png", "img_1.jpeg", "b", "b.png"}, false);
  EXPECT_EQ(index.find("a.jpg"), Values{0});
  EXPECT_EQ(index.find("A.jpg"), Values{1});
  EXPECT_EQ(index.find("A"), Values{1});
  EXPECT_EQ(index.find("a"), (Values{0, 2}));
  EXPECT_EQ(index.find("A.PNG"), Values{1}) << "the case of the name counts before the ending";
  EXPECT_EQ(index.find("IMG_1.JPG"), Values{3});
  EXPECT_EQ(index.find("IMG_1"), Values{3});
  EXPECT_EQ(index.find("b"), Values{4});
  EXPECT_EQ(index.find("c"), Values{});
}

TEST(IdIndex, IdsAreFoundBelowWhereThatIsWanted) {
  const std::vector<std::string> paths{"train/0/a.png", "train/4/b.png", "test/4/b.png", "c.png", "train/c.png"};
  EXPECT_EQ(index_of(paths, false).find("a"), Values{});
  const IdIndex index = index_of(paths, true);
  EXPECT_EQ(index.find("a"), Values{0});
  EXPECT_EQ(index.find("A.JPG"), Values{0});
  EXPECT_EQ(index.find("0/a"), Values{0});
  EXPECT_EQ(index.find("4/b"), (Values{1, 2}));
  EXPECT_EQ(index.find("test/4/b.png"), Values{2});
  EXPECT_EQ(index.find("c"), Values{3}) << "the whole path counts before its end";
  EXPECT_EQ(index.find("in/0/a"), Values{}) << "half a folder's name is none";
}

}  // namespace
}  // namespace fovea::tools
