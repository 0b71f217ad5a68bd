// Nothing in a folder is lost in silence: every file is graded, named in the errors, or counted.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <opencv2/imgcodecs.hpp>

#include "tests/tools/predict/batch_predict_fixture.h"

namespace fovea::test {
namespace {

namespace fs = std::filesystem;

class BatchPredictInputs : public BatchPredict {
 protected:
  std::string eye(const std::string& name, unsigned seed = 1) const {
    const std::string file = pictures() + "/" + name;
    fs::create_directories(fs::path(file).parent_path());
    write_png(picture(40, 40, seed), folder_ / "made.png");
    fs::copy_file(folder_ / "made.png", file);
    return file;
  }
  static Words column(const std::string& file, std::size_t index = 0) {
    Words cells;
    if (!fs::exists(file)) return cells;
    for (const tools::CsvRow& row : tools::read_csv(file).rows) cells.push_back(row.cells[index]);
    return cells;
  }
  nlohmann::json passed() const { return read_record()["input"]["passed_over"]; }
};

TEST_F(BatchPredictInputs, ContentDecidesWhatIsGraded) {
  for (const char* name : {"a.jfif", "b.jpe", "c", "d.txt", "E.PNG", ".f.jpg", "1.2.840.1", "1.2.840.2"}) eye(name);
  write_file(pictures() + "/g.dcm", std::string(128, '\0') + "DICM" + std::string(60, '\2'));
  write_file(pictures() + "/h", std::string(128, '\0') + "DICM" + std::string(60, '\2'));
  write_file(pictures() + "/i.webp", "RIFF1234WEBPVP8 ");
  write_file(pictures() + "/j.HEIC", std::string("\0\0\0\x18", 4) + "ftypheic");
  write_file(pictures() + "/k.JPG", "");
  write_file(pictures() + "/l.csv", "id\n");
  write_file(pictures() + "/m.csv", "id\n");
  write_file(pictures() + "/n.txt", "BMI 23");
  write_file(pictures() + "/scans.zip", "PK\x03\x04 and so on");
  for (const char* name : {".DS_Store", "._a.jfif", "Thumbs.db", "desktop.ini"})
    write_file(pictures() + "/" + name, "x");
  const ToolResult result = batch_predict(arguments());
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_EQ(column(labels()), (Words{".f", "1.2.840.1", "1.2.840.2", "E", "a", "b", "c", "d.txt"}));
  EXPECT_EQ(column(errors()), (Words{"g", "h", "i", "j", "k"}));
  EXPECT_EQ(column(errors(), 2)[1], "is DICOM, which is not read (JPEG, PNG, TIFF and BMP are)");
  EXPECT_NE(result.out.find("4 other files passed over: .csv 2, .txt 1, .zip 1\n"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("pictures inside: scans.zip\n"), std::string::npos) << result.out;
  EXPECT_EQ(read_record()["input"]["images"], 13);
  EXPECT_EQ(read_record()["result"]["errors"], 5);
  EXPECT_EQ(passed()["other_files"], 4);
  EXPECT_EQ(passed()["by_ending"][".csv"], 2);
  EXPECT_EQ(passed()["may_hold_pictures"]["first"], Words{"scans.zip"});
}

TEST_F(BatchPredictInputs, EveryPageIsAnImage) {
  std::vector<cv::Mat> pages;
  for (const unsigned seed : {1u, 2u, 3u}) {
    Image image = picture(40, 40, seed);
    pages.push_back(cv::Mat(40, 40, CV_8UC3, image.pixels.data()).clone());
  }
  ASSERT_TRUE(cv::imwritemulti(pictures() + "/both.tif", pages));
  for (std::size_t i = 0; i < pages.size(); ++i) {
    ASSERT_TRUE(cv::imwrite(pictures() + "/single" + std::to_string(i) + ".png", pages[i]));
  }
  ASSERT_EQ(batch_predict(arguments({"--details"})).exit_code, 0);
  const tools::CsvTable table = read_labels();
  ASSERT_EQ(table.rows.size(), 6u);
  EXPECT_EQ(column(labels()), (Words{"both", "both#2", "both#3", "single0", "single1", "single2"}));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(Words(table.rows[i].cells.begin() + 1, table.rows[i].cells.end()),
              Words(table.rows[i + 3].cells.begin() + 1, table.rows[i + 3].cells.end()));
  }
  EXPECT_NE(table.rows[0].cells[3], table.rows[1].cells[3]);

  // Named on the command line, or in a list, it has as many; a list may name its pages, as --write-ids does.
  Words words = arguments();
  words[3] = pictures() + "/both.tif";
  ASSERT_EQ(batch_predict(words).exit_code, 0);
  EXPECT_EQ(column(labels()), (Words{"both", "both#2", "both#3"}));
  const std::string list = folder_ / "list.csv";
  words[3] = list;
  words.insert(words.end(), {"--images", pictures()});
  write_file(list, "id_code\nsingle0\nboth.tif\n");
  ASSERT_EQ(batch_predict(words).exit_code, 0);
  EXPECT_EQ(column(labels()), (Words{"single0", "both.tif", "both.tif#2", "both.tif#3"}));
  write_file(list, "id_code\nboth#3\nboth\nboth#4\nsingle1#2\n");
  ASSERT_EQ(batch_predict(words).exit_code, 1);
  EXPECT_EQ(column(labels()), (Words{"both#3", "both", "both#2"}));
  EXPECT_EQ(column(errors(), 2), (Words{"the file has 3 images", "the file has 1 image"}));
}

TEST_F(BatchPredictInputs, FoldersAreReadOnceWhateverLeadsToThem) {
  eye("b/x.png");
  eye("b/.hidden/y.png");
  eye("@eaDir/t.png");
  eye("__MACOSX/t.png");
  fs::create_directory(folder_ / "outside");
  write_png(picture(40, 40, 4), folder_ / "outside/z.png");
  fs::create_directory_symlink(folder_ / "outside", pictures() + "/a");
  fs::create_directory_symlink(folder_ / "outside", pictures() + "/c");
  fs::create_directory_symlink("b", pictures() + "/a-b");
  fs::create_directory_symlink("..", pictures() + "/b/up");
  fs::create_symlink("b/x.png", pictures() + "/link");
  const ToolResult result = batch_predict(arguments({"--recursive"}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(column(labels()), (Words{"a/z", "b/.hidden/y", "b/x", "link"}));
  EXPECT_EQ(passed()["folders_read_already"]["first"], (Words{"a-b", "b/up", "c"}));
  EXPECT_NE(result.out.find("read already: a-b, b/up, c\n"), std::string::npos) << result.out;
}

TEST_F(BatchPredictInputs, SubFoldersWithPicturesAreMentioned) {
  eye("x.png");
  eye("deep/er/y");
  fs::create_directories(pictures() + "/empty/sub");
  write_file(pictures() + "/notes/a.txt", "no picture");
  const ToolResult result = batch_predict(arguments());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("1 sub-folder was not read: deep; --recursive reads it\n"), std::string::npos)
      << result.out;
  EXPECT_EQ(passed()["folders_not_read"]["count"], 1);
}

TEST_F(BatchPredictInputs, WhatIsNoFileIsNamedAndNeverWaitedFor) {
  eye("x.png");
  ASSERT_EQ(::mkfifo((pictures() + "/pipe.png").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((pictures() + "/queue").c_str(), 0600), 0);
  fs::create_symlink(folder_ / "gone", pictures() + "/dangling");
  fs::create_symlink("circle", pictures() + "/circle");
  const ToolResult result = batch_predict(arguments({"--recursive"}));
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_EQ(column(labels()), Words{"x"});
  EXPECT_EQ(column(errors()), (Words{"circle", "dangling", "pipe"}));
  EXPECT_EQ(passed()["no_files"]["first"], Words{"queue"});
}

// What a user without rights meets. As root, who may read everything, the tool runs as nobody.
TEST_F(BatchPredictInputs, WhatIsLockedIsNamedAndTheRestGraded) {
  eye("x.png");
  eye("locked/y.png");
  eye("secret");
  ::chmod((pictures() + "/locked").c_str(), 0);
  ::chmod((pictures() + "/secret").c_str(), 0);
  std::string before;
  if (::geteuid() == 0) {
    if (std::system("command -v setpriv >/dev/null") != 0) GTEST_SKIP() << "setpriv is needed to run as another user";
    for (const auto& entry : {folder_.path(), fs::path(pictures())}) ::chmod(entry.c_str(), 0777);
    ::chmod((pictures() + "/x.png").c_str(), 0644);
    before = "setpriv --reuid 65534 --clear-groups";
  }
  const ToolResult result = batch_predict(arguments({"--recursive"}), before);
  ::chmod((pictures() + "/locked").c_str(), 0700);
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_EQ(column(labels()), Words{"x"});
  EXPECT_EQ(column(errors()), (Words{"locked/", "secret"}));
  EXPECT_EQ(column(errors(), 2), (Words{"folder cannot be listed: Permission denied", "Permission denied"}));
}

TEST_F(BatchPredictInputs, TheRunsOwnFilesAreNoInputs) {
  eye("x.png");
  Words words = arguments({"--recursive", "--plot", pictures() + "/plot.png", "--write-ids", pictures() + "/ids.csv",
                           "--save-preprocessed", pictures() + "/saved", "--log-json", pictures() + "/log.jsonl"});
  words[5] = pictures() + "/labels.csv";
  for (int run = 0; run < 2; ++run) {
    const ToolResult result = batch_predict(words);
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(column(words[5]), Words{"x"});
    EXPECT_EQ(result.out.find("passed over"), std::string::npos) << result.out;
  }
  // A patient's picture is never taken for a result.
  eye("saved2/y.png");
  eye("plot2.png");
  words[words.size() - 3] = pictures() + "/saved2";
  words[words.size() - 1] = pictures() + "/log2.jsonl";
  ASSERT_EQ(batch_predict(words).exit_code, 0);
  EXPECT_EQ(column(words[5]), (Words{"plot2", "saved/x", "saved2/y", "x"}));
  *std::find(words.begin(), words.end(), pictures() + "/plot.png") = pictures() + "/plot2.png";
  const ToolResult refused = batch_predict(words);
  EXPECT_EQ(refused.exit_code, 2);
  expect_one_line(refused, {"plot2.png", "is an input"});
}

TEST_F(BatchPredictInputs, TwoFilesOfOneNameAreToldApartByTheirEndings) {
  for (const char* name : {"a.jpg", "a.png", "b.png", "b.tif", "c.png"}) eye(name);
  const ToolResult refused = batch_predict(arguments());
  EXPECT_EQ(refused.exit_code, 2);
  expect_one_line(refused, {"two images have the id 'a'", "a.jpg and ", "a.png; 'b': ", "b.png and ",
                            "b.tif; --id-with-extension keeps the endings"});
  ASSERT_EQ(batch_predict(arguments({"--id-with-extension"})).exit_code, 0);
  EXPECT_EQ(column(labels()), (Words{"a.jpg", "a.png", "b.png", "b.tif", "c.png"}));
  for (int i = 0; i < 30; ++i) {
    for (const char* ending : {".png", ".jpg"}) eye("many" + std::to_string(i) + ending);
  }
  expect_one_line(batch_predict(arguments()), {"and 22 more pairs; --id-with-extension"});
}

TEST_F(BatchPredictInputs, ListsFindPicturesWhateverTheyAreCalled) {
  eye("train/0/img_1.jpeg");
  eye("train/4/B.png");
  eye("train/3/twice.png");
  eye("test/3/Twice.png");
  const std::string list = folder_ / "list.csv";
  write_file(list, "id_code,x\nIMG_1.JPG,1\n,\nb,1\ntwice,1\nTWICE,1\n3/Twice,1\nnone,1\n");
  Words words = arguments({"--images", pictures(), "--recursive"});
  words[3] = list;
  EXPECT_EQ(batch_predict(words).exit_code, 1);
  EXPECT_EQ(column(labels()), (Words{"IMG_1.JPG", "b", "twice", "3/Twice"}));
  EXPECT_EQ(column(errors()), (Words{"TWICE", "none"}));
  EXPECT_EQ(column(errors(), 2)[0], "ambiguous id: there are test/3/Twice.png and train/3/twice.png");
  // Ids with folders that are not there, as on the computer where the list was made. One image under two ids is none.
  write_file(list, "id_code\nD:/eyes/train/0/img_1\n.\\train\\4\\b.png\nleft/twice\nright/TWICE\ntrain/3/twice\n");
  EXPECT_EQ(batch_predict(words).exit_code, 1);
  EXPECT_EQ(column(labels()), (Words{"D:/eyes/train/0/img_1", ".\\train\\4\\b.png", "train/3/twice"}));
  EXPECT_EQ(column(errors()), (Words{"left/twice", "right/TWICE"}));
  EXPECT_EQ(column(errors(), 2)[0], "ambiguous id: 'train/3/twice' means the same image");
}

TEST_F(BatchPredictInputs, StrangeNamesAreSafeAndStillTold) {
  const Words names{"=1+1.png", "-2.png", "@x.png", "a\xFF.png", "a%FF.png", "b\xE2\x80\xAE.png", "c\n\"d\".png"};
  for (const std::string& name : names) eye(name);
  write_file(pictures() + "/bad\xFF\n.dcm", "");
  const std::string log = folder_ / "log";
  EXPECT_EQ(batch_predict(arguments({"--log-json", log, "--write-ids", folder_ / "ids.csv"})).exit_code, 1);
  const Words ids{"%2D2", "%3D1+1", "%40x", "a%25FF", "a%FF", "b%E2%80%AE", "c%0A\"d\""};
  EXPECT_EQ(column(labels()), ids);
  EXPECT_EQ(column(errors()), Words{"bad%FF%0A"});
  EXPECT_EQ(column(errors(), 1), Words{pictures() + "/bad%FF%0A.dcm"});
  Words logged;
  const std::string text = read_file(log);
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const auto event = nlohmann::json::parse(text.substr(at, text.find('\n', at) - at));
    if (event["event"] == "image" && !event.contains("error")) {
      logged.push_back(event["id"]);
      EXPECT_EQ(event["path"], pictures() + "/" +
                                   (event["id"] == "%2D2"     ? "-2"
                                    : event["id"] == "%3D1+1" ? "=1+1"
                                    : event["id"] == "%40x"   ? "@x"
                                                              : event["id"].get<std::string>()) +
                                   ".png");
    }
  }
  EXPECT_EQ(logged, ids);
  // The list that was written finds them all again.
  Words words = arguments({"--images", pictures()});
  words[3] = folder_ / "ids.csv";
  EXPECT_EQ(batch_predict(words).exit_code, 1);
  EXPECT_EQ(column(labels()), ids);
}

}  // namespace
}  // namespace fovea::test
