// Which images a run has, and in which order.
#include "tools/common/input/input_list.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fovea/error.h>
#include "tests/tools/temporary_folder.h"

namespace fovea::tools {
namespace {

namespace fs = std::filesystem;
using test::message_of;
using test::write_file;

class InputList : public ::testing::Test {
 protected:
  void files(const std::vector<std::string>& names) {
    for (const std::string& name : names) write_file(folder_ / name, "\xFF\xD8\xFF is all that is looked at");
  }
  std::string csv(const std::string& text) {
    write_file(folder_ / "list.csv", text);
    return folder_ / "list.csv";
  }
  static std::vector<std::string> ids(const InputRequest& request) {
    std::vector<std::string> list;
    for (const InputItem& item : list_inputs(request).items) list.push_back(item.id);
    return list;
  }
  static std::string error_of(const InputRequest& request) {
    return message_of<Error>([&] { list_inputs(request); });
  }
  InputRequest folder_request(bool recursive = false) const {
    return {{folder_.path().string()}, "", "", recursive, false, {}};
  }
  InputRequest csv_request(const std::string& text, const std::string& column = "") {
    return {{csv(text)}, folder_.path().string(), column, false, false, {}};
  }
  using Ids = std::vector<std::string>;

  test::TemporaryFolder folder_;
};

TEST_F(InputList, AFolderIsReadInBytewiseOrder) {
  files({"b.png", "a10.jpg", "a9.JPEG", "B.tif", "\xC3\xA4.bmp", "a-1.png", ".hidden.png", "sub/c.png"});
  EXPECT_EQ(ids(folder_request()), (Ids{".hidden", "B", "a-1", "a10", "a9", "b", "\xC3\xA4"}));
}

TEST_F(InputList, RecursiveIdsAreRelativePathsInOrderOfThePaths) {
  files({"z.png", "a/2.png", "a/1.png", "a-b.png", "a.b/x.png", ".git/y.png"});
  EXPECT_EQ(ids(folder_request(true)), (Ids{"a-b", "a.b/x", "a/1", "a/2", "z"}));
}

TEST_F(InputList, TheSameWithATrailingSlash) {
  files({"a.png", "sub/b.png"});
  EXPECT_EQ(ids({{folder_.path().string() + "/"}, "", "", true, false, {}}), (Ids{"a", "sub/b"}));
}

TEST_F(InputList, TwoImagesWithOneIdAreRefused) {
  files({"a.png", "a.jpg"});
  EXPECT_EQ(error_of(folder_request()), "two images have the id 'a': " + (folder_ / "a.jpg") + " and " +
                                            (folder_ / "a.png") + "; --id-with-extension keeps the endings in the ids");
  EXPECT_EQ(error_of({{folder_ / "a.png", folder_ / "a.png"}, "", "", false, false, {}}),
            "two images have the id 'a': " + (folder_ / "a.png") + " and " + (folder_ / "a.png"));
}

TEST_F(InputList, FoldersWithoutImagesAreRefused) {
  EXPECT_EQ(error_of(folder_request()), folder_.path().string() + ": no images (JPEG, PNG, TIFF, BMP) in this folder");
  files({"sub/a.png"});
  EXPECT_EQ(error_of(folder_request()), folder_.path().string() +
                                            ": no images (JPEG, PNG, TIFF, BMP) in this folder; 1 sub-folder was not "
                                            "read: sub; --recursive reads it");
  EXPECT_EQ(error_of({{folder_ / "none"}, "", "", false, false, {}}), folder_ / "none: no such file or folder");
}

TEST_F(InputList, LinksAndPipes) {
  files({"sub/a.png"});
  fs::create_symlink(folder_ / "sub/a.png", folder_ / "link.png");
  fs::create_symlink(folder_ / "gone", folder_ / "broken.png");
  fs::create_directory_symlink(folder_.path(), folder_ / "sub/loop");
  ASSERT_EQ(::mkfifo((folder_ / "pipe.png").c_str(), 0600), 0);
  const auto items = list_inputs(folder_request(true)).items;
  ASSERT_EQ(items.size(), 4u);
  EXPECT_EQ(items[0].error, "no such file");
  EXPECT_EQ(items[1].error, "");
  EXPECT_EQ(items[2].error, "is not a regular file");
  EXPECT_EQ(items[3].id, "sub/a");
}

TEST_F(InputList, SingleFilesKeepTheirOrder) {
  files({"b.png", "a.dat"});
  EXPECT_EQ(ids({{folder_ / "b.png", folder_ / "a.dat"}, "", "", false, false, {}}), (Ids{"b", "a.dat"}));
}

TEST_F(InputList, ACsvKeepsItsIdsAndItsOrder) {
  files({"b.png", "a.JPG", "sub/c.tiff"});
  const auto items = list_inputs(csv_request("\xEF\xBB\xBFid_code,x\r\nb.png,1\r\na,2\r\nsub/c,3\r\n")).items;
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].id, "b.png");
  EXPECT_EQ(items[0].path, folder_ / "b.png");
  EXPECT_EQ(items[1].id, "a");
  EXPECT_EQ(items[1].path, folder_ / "a.JPG");
  EXPECT_EQ(items[2].path, folder_ / "sub/c.tiff");
  for (const InputItem& item : items) EXPECT_EQ(item.error, "");
}

TEST_F(InputList, TheColumnIsKnownOrNamed) {
  files({"a.png", "b.png"});
  EXPECT_EQ(ids(csv_request("image,id_code\nb,a\n")), Ids{"a"});
  EXPECT_EQ(ids(csv_request("image,level\nb,a\n")), Ids{"b"});
  EXPECT_EQ(ids(csv_request("eye,level\nb,a\n", "eye")), Ids{"b"});
  const std::string list = folder_ / "list.csv";
  EXPECT_EQ(ids(csv_request("id_code;level\na;1\n;\n")), Ids{"a"});
  EXPECT_EQ(ids(csv_request("Image name\tlevel\nb\t1\n")), Ids{"b"});
  EXPECT_EQ(error_of(csv_request("patient,level\nb,a\n")),
            list +
                ":1: no column 'id_code', 'image', 'image_id', 'image_name', 'image_no', 'img' or the like; the header "
                "is 'patient' 'level'; --id-column NAME says which");
  EXPECT_EQ(error_of(csv_request("id_code\nb\n", "eye")),
            list + ":1: no column 'eye'; the header is 'id_code'; --id-column NAME says which");
}

TEST_F(InputList, MissingAndAmbiguousIdsAreErrorsOfTheirRow) {
  files({"a.png", "a.jpg", "b.png"});
  fs::create_directories(folder_ / "d.png");
  const auto items = list_inputs(csv_request("id_code\na\nnone\nb\n../b\n/etc/passwd\nd\n")).items;
  ASSERT_EQ(items.size(), 6u);
  EXPECT_EQ(items[0].error, "ambiguous id: there are a.jpg and a.png");
  EXPECT_EQ(items[1].error, "no image with this id");
  EXPECT_EQ(items[2].error, "");
  EXPECT_EQ(items[3].error, "the id leads out of the images folder");
  EXPECT_EQ(items[4].error, "the id leads out of the images folder");
  EXPECT_EQ(items[5].error, "no image with this id");  // a folder is none
}

TEST_F(InputList, DoubtfulListsAreRefused) {
  files({"a.png"});
  const std::string list = folder_ / "list.csv";
  EXPECT_EQ(error_of(csv_request("id_code,x\na,1\n,2\n")), list + ":3: the id is empty");
  EXPECT_EQ(error_of(csv_request("id_code\n")), list + ": has a header and no rows");
  EXPECT_EQ(error_of(csv_request("id_code\na\na\n")),
            "two images have the id 'a': " + (folder_ / "a.png") + " and " + (folder_ / "a.png"));
  EXPECT_EQ(error_of({{csv("id_code\na\n")}, "", "", false, false, {}}),
            list + ": a CSV needs --images DIR, the folder of its images");
  EXPECT_EQ(error_of({{list}, folder_ / "none", "", false, false, {}}), folder_ / "none: no such folder");
  EXPECT_EQ(error_of({{list, folder_ / "a.png"}, folder_.path().string(), "", false, false, {}}),
            list + ": a CSV must be the only input");
  EXPECT_EQ(error_of({{folder_.path().string()}, folder_.path().string(), "", false, false, {}}),
            folder_.path().string() + ": is a folder; --images goes with a CSV");
}

}  // namespace
}  // namespace fovea::tools
