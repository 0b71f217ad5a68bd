// Small files that name the same large part again and again.
#include "loaders/hdf5/io/read_budget.h"

#include <gtest/gtest.h>

#include "loaders/hdf5/file.h"
#include "tests/loaders/keras/files.h"

namespace fovea::hdf5_budget_test {
namespace {

using keras_test::contains;
using keras_test::Folder;
using keras_test::H5Writer;

TEST(Hdf5Budget, BoundsWhatIsReadByTheFilesSize) {
  const auto refuses = [](std::uint64_t size, const auto& action) {
    hdf5::ReadBudget budget(size);
    try {
      action(budget);
    } catch (const Refusal&) {
      return true;
    }
    return false;
  };
  EXPECT_FALSE(refuses(1000, [](auto& budget) { budget.spend(4000); }));
  EXPECT_TRUE(refuses(1000, [](auto& budget) { budget.spend(4001); }));
  EXPECT_TRUE(refuses(1000, [](auto& budget) {
    for (int i = 0; i < 5; ++i) budget.spend(1000);
  }));
  EXPECT_TRUE(refuses(std::uint64_t{1} << 40, [](auto& budget) { budget.spend((std::uint64_t{256} << 20) + 1); }));
  EXPECT_TRUE(refuses(1000, [](auto& budget) { budget.spend(~std::uint64_t{0}); }));
  EXPECT_FALSE(refuses(1000, [](auto& budget) { budget.spend_stored(4000); }));
  EXPECT_TRUE(refuses(1000, [](auto& budget) { budget.spend_stored(4001); }));
  EXPECT_TRUE(refuses(1000, [](auto& budget) { budget.spend_data((std::uint64_t{4} << 30) + 1); }));
  EXPECT_TRUE(refuses(1000, [](auto& budget) {
    for (int i = 0; i < 400'001; ++i) budget.count_item();
  }));
}

/// A list of ten thousand texts, all of which are the same text of a megabyte.
TEST(Hdf5Budget, RefusesOneTextAThousandTimes) {
  const Folder folder;
  const std::string path = folder.path("texts.h5");
  {
    const H5Writer writer(path);
    std::vector<std::string> names(3000, "n");
    names[0] = std::string(1 << 20, 'x');
    writer.texts("/", "names", names, keras_test::Text::variable_ascii);
  }
  std::string bytes = keras_test::read_bytes(path);
  const std::string start("\0\0\x10\0", 4);  // the long one's length
  std::size_t at = bytes.find(start);
  while (at != std::string::npos && bytes.compare(at + 16, 4, std::string("\1\0\0\0", 4)) != 0) {
    at = bytes.find(start, at + 1);
  }
  ASSERT_NE(at, std::string::npos);
  for (std::size_t i = 1; i < 3000; ++i) bytes.replace(at + 16 * i, 16, bytes.substr(at, 16));
  folder.write("texts.h5", bytes);
  EXPECT_TRUE(contains(keras_test::error_of(path, [&] { hdf5::File(path).root().texts("names"); }), "too much text"));
}

/// Paths grow in a circle of links with long names.
TEST(Hdf5Budget, RefusesLongNamesInACircle) {
  const Folder folder;
  const std::string path = folder.path("circle.h5");
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  {
    const H5Writer writer(path, access);
    writer.floats("g/x", {1}, {1});
    for (const char letter : {'1', '2', '3'}) {
      const std::string name = "g/" + std::string(60'000, letter);
      H5Lcreate_hard(writer.file(), "g", writer.file(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    }
  }
  H5Pclose(access);
  EXPECT_TRUE(contains(keras_test::error_of(path, [&] { hdf5::File(path).root().datasets(); }), "too"));
}

}  // namespace
}  // namespace fovea::hdf5_budget_test
