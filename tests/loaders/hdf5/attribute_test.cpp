// String attributes in every form met in Keras files, and in forms that must be refused.
#include <gtest/gtest.h>

#include "loaders/hdf5/file.h"
#include "tests/loaders/keras/files.h"

namespace fovea {
namespace {

using keras_test::contains;
using keras_test::Folder;
using keras_test::H5Writer;
using keras_test::Text;
using Names = std::vector<std::string>;

constexpr Text kForms[] = {Text::fixed_null_padded, Text::fixed_null_terminated, Text::fixed_space_padded,
                           Text::variable_ascii, Text::variable_utf8};

TEST(Hdf5Attribute, ReadsEveryFormOfText) {
  const Folder folder;
  const Names names = {"conv1", "a name with spaces", "\xc3\xa9t\xc3\xa9", "x"};
  for (const Text form : kForms) {
    const std::string path = folder.path("texts.h5");
    {
      const H5Writer writer(path);
      writer.texts("/g", "names", names, form);
      writer.text("/", "one", std::string(100'000, 'j'),
                  form == Text::variable_utf8 ? Text::variable_utf8 : Text::variable_ascii);
    }
    const hdf5::File file(path);
    EXPECT_EQ(file.root().group("g").texts("names"), names);
    EXPECT_EQ(file.root().text("one"), std::string(100'000, 'j'));
  }
}

TEST(Hdf5Attribute, ReadsEmptyTextsAndEmptyLists) {
  const Folder folder;
  const std::string path = folder.path("empty.h5");
  {
    const H5Writer writer(path);
    writer.texts("/", "names", {"", "b", ""}, Text::variable_ascii);
    writer.no_texts("/", "weight_names");
  }
  const hdf5::File file(path);
  EXPECT_EQ(file.root().texts("names"), (Names{"", "b", ""}));
  EXPECT_EQ(file.root().texts("weight_names"), Names{});
  EXPECT_EQ(file.root().texts("absent"), Names{});
}

TEST(Hdf5Attribute, JoinsListsSplitInPieces) {
  const Folder folder;
  const std::string path = folder.path("pieces.h5");
  Names all;
  {
    const H5Writer writer(path);
    for (int piece = 0; piece < 12; ++piece) {
      Names names;
      for (int i = 0; i < 5; ++i) names.push_back("layer_" + std::to_string(5 * piece + i));
      all.insert(all.end(), names.begin(), names.end());
      writer.texts("/", "layer_names" + std::to_string(piece), names);
    }
    writer.texts("/", "layer_names13", {"after a gap"});
  }
  EXPECT_EQ(hdf5::File(path).root().texts("layer_names"), all);
}

TEST(Hdf5Attribute, RefusesNumbersAndLists) {
  const Folder folder;
  const std::string path = folder.path("numbers.h5");
  {
    const H5Writer writer(path);
    writer.texts("/", "two", {"a", "b"});
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t id = H5Acreate2(writer.file(), "number", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT);
    const int value = 7;
    H5Awrite(id, H5T_NATIVE_INT, &value);
    H5Aclose(id);
    H5Sclose(space);
  }
  const hdf5::File file(path);
  const auto complaint = [&](const char* name) { return keras_test::error_of(path, [&] { file.root().text(name); }); };
  EXPECT_EQ(complaint("number"), "@number: is not text");
  EXPECT_EQ(complaint("two"), "@two: is not one text");
  EXPECT_TRUE(contains(complaint("absent"), "@absent: cannot be opened"));
}

/// Variable-length text goes through the file's global heap, where every size and address can be wrong.
TEST(Hdf5Attribute, SurvivesADamagedTextHeap) {
  const Folder folder;
  const std::string path = folder.path("heap.h5");
  const std::string marker(6000, 'q');
  {
    const H5Writer writer(path);
    writer.text("/", "config", marker);
  }
  const std::string bytes = keras_test::read_bytes(path);
  const std::size_t collection = bytes.find("GCOL");
  const std::size_t object = bytes.find(marker) - 16;
  ASSERT_LT(collection, object);
  int errors = 0;
  for (const std::size_t at : {collection, collection + 4, collection + 8, collection + 14, object, object + 8,
                               object + 9, object + 10, object + 15}) {
    for (const char value : {'\0', '\1', '\x7f', '\xff'}) {
      std::string damaged = bytes;
      damaged[at] = value;
      folder.write("damaged.h5", damaged);
      const std::string where = folder.path("damaged.h5");
      std::string text;
      const std::string complaint =
          keras_test::error_of(where, [&] { text = hdf5::File(where).root().text("config"); });
      EXPECT_TRUE(text == marker || contains(complaint, "heap")) << at << ": " << complaint;
      errors += complaint != "no error";
    }
  }
  EXPECT_GT(errors, 20);
}

}  // namespace
}  // namespace fovea
