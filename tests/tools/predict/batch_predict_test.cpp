// batch-predict as a program: what a run leaves behind, and that it does not depend on how it was run.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fovea/executor.h>
#include <fovea/version.h>
#include "tests/tools/predict/batch_predict_fixture.h"

namespace fovea::test {
namespace {

namespace fs = std::filesystem;

TEST_F(BatchPredict, GradesAFolderInOrder) {
  make_pictures();
  const ToolResult result = batch_predict(arguments());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const tools::CsvTable table = read_labels();
  EXPECT_EQ(table.header, (Words{"id_code", "diagnosis"}));
  ASSERT_EQ(table.rows.size(), 12u);
  std::set<std::string> grades;
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(table.rows[i].cells[0], std::string(1, static_cast<char>('a' + i)) + "_eye");
    grades.insert(table.rows[i].cells[1]);
  }
  EXPECT_GE(grades.size(), 3u) << "pictures that all get one grade test nothing";
  EXPECT_FALSE(fs::exists(errors()));
  EXPECT_EQ(leftovers(folder_.path()), 0u);
  EXPECT_NE(result.out.find("referable (grade 2 and above)"), std::string::npos) << result.out;
  EXPECT_EQ(result.out.find("demo"), std::string::npos);
}

TEST_F(BatchPredict, FastDecodingIsStatedAndChangesOnlyWhatIsReduced) {
  ASSERT_TRUE(cv::imwrite(pictures() + "/small.jpg", cv::Mat(40, 40, CV_8UC3, cv::Scalar(20, 90, 160))));
  cv::Mat large(400, 400, CV_8UC3);
  cv::randu(large, 0, 256);
  ASSERT_TRUE(cv::imwrite(pictures() + "/large.jpg", large));
  ASSERT_EQ(batch_predict(arguments({"--details"})).exit_code, 0);
  const auto exact = read_labels();
  const ToolResult result = batch_predict(arguments({"--details", "--fast-decode"}));
  ASSERT_EQ(result.exit_code, 0);
  EXPECT_NE(result.out.find("pixels differ"), std::string::npos) << result.out;
  EXPECT_NE(read_record()["run"]["decoding"].get<std::string>().find("pixels differ"), std::string::npos);
  const auto fast = read_labels();
  ASSERT_EQ(fast.rows.size(), 2u);
  EXPECT_NE(fast.rows[0].cells, exact.rows[0].cells);
  EXPECT_EQ(fast.rows[1].cells, exact.rows[1].cells);
}

// What is said on the command line counts for pictures as well, whatever the environment says.
TEST_F(BatchPredict, ThePicturesTooAreOfTheInstructionSetGiven) {
  make_pictures();
  setenv("FOVEA_ISA", "mmx", 1);
  const ToolResult given = batch_predict(arguments({"--isa", "portable"})), wrong = batch_predict(arguments());
  unsetenv("FOVEA_ISA");
  EXPECT_EQ(given.exit_code, 0) << given.err;
  EXPECT_NE(wrong.exit_code, 0);
  EXPECT_NE(wrong.err.find("'mmx' is unknown"), std::string::npos) << wrong.err;
}

TEST_F(BatchPredict, TheRunRecordSaysHow) {
  make_pictures();
  ASSERT_EQ(batch_predict(arguments({"--threads", "1", "--batch", "5", "--tta", "2", "--isa", "portable", "--classes",
                                     "No DR,Mild,Moderate,Severe,Proliferative DR"}))
                .exit_code,
            0);
  const nlohmann::json record = read_record();
  EXPECT_EQ(record["fovea_version"], fovea::version());
  EXPECT_EQ(record["demo"], false);
  EXPECT_EQ(record["model"]["file"], model());
  EXPECT_EQ(record["model"]["sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(record["model"]["keras_version"], "2.12.0");
  EXPECT_EQ(record["card"]["content"]["preprocessing"]["preset"], "gaussian-700");
  EXPECT_EQ(record["run"]["isa"], "portable");
  EXPECT_EQ(record["run"]["threads"], 1);
  EXPECT_EQ(record["run"]["batch"], 5);
  EXPECT_EQ(record["run"]["tta"], (Words{"identity", "hflip"}));
  EXPECT_EQ(record["run"]["decoding"], "exact");
  EXPECT_EQ(record["result"]["graded"], 12);
  EXPECT_EQ(record["result"]["errors"], 0);
  int sum = 0;
  std::vector<int> counted(5, 0);
  for (const tools::CsvRow& row : read_labels().rows) ++counted[static_cast<std::size_t>(std::stoi(row.cells[1]))];
  for (const auto& count : record["result"]["counts"]) {
    EXPECT_EQ(count["images"], counted[count["grade"]]);
    sum += count["images"].get<int>();
  }
  EXPECT_EQ(sum, 12);
  EXPECT_EQ(record["result"]["counts"][4]["class"], "Proliferative DR");
}

TEST_F(BatchPredict, DetailsAddEveryProbability) {
  make_pictures();
  ASSERT_EQ(batch_predict(arguments({"--details", "--classes", "a,b,c,d,e"})).exit_code, 0);
  const tools::CsvTable table = read_labels();
  EXPECT_EQ(table.header,
            (Words{"id_code", "diagnosis", "class", "p0", "p1", "p2", "p3", "p4", "confidence", "referable", "note"}));
  for (const tools::CsvRow& row : table.rows) {
    std::vector<double> p;
    for (std::size_t i = 3; i < 8; ++i) p.push_back(std::stod(row.cells[i]));
    const auto best = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
    EXPECT_NEAR(p[0] + p[1] + p[2] + p[3] + p[4], 1.0, 1e-6);
    EXPECT_EQ(row.cells[1], std::to_string(best));
    EXPECT_EQ(row.cells[2], std::string(1, static_cast<char>('a' + best)));
    EXPECT_EQ(row.cells[8], row.cells[3 + best]);
    EXPECT_EQ(row.cells[9], best >= 2 ? "1" : "0");
  }
}

TEST_F(BatchPredict, ThreadsAndBatchesChangeNoBit) {
  make_pictures();
  write_file(pictures() + "/f_broken.png", "no picture");
  ASSERT_EQ(batch_predict(arguments({"--details", "--tta", "3", "--threads", "1", "--batch", "1"})).exit_code, 1);
  const std::string once = read_file(labels()), wrong = read_file(errors());
  for (const Words& how : {Words{"--threads", "2", "--batch", "1"}, Words{"--threads", "5", "--batch", "2"},
                           Words{"--threads", "1", "--batch", "7"}, Words{"--threads", "3", "--batch", "64"}}) {
    Words words = arguments({"--details", "--tta", "3"});
    words.insert(words.end(), how.begin(), how.end());
    ASSERT_EQ(batch_predict(words).exit_code, 1);
    EXPECT_EQ(read_file(labels()), once) << how[1] << " threads, batch " << how[3];
    EXPECT_EQ(read_file(errors()), wrong);
  }
}

TEST_F(BatchPredict, WhoseThreadsRunItChangesNoBit) {
  make_pictures();
  ASSERT_EQ(batch_predict(arguments({"--details"})).exit_code, 0);
  const std::string once = read_file(labels());
  for (const std::string& name : available_threading()) {
    ASSERT_EQ(batch_predict(arguments({"--details", "--threading", name, "--threads", "3"})).exit_code, 0);
    EXPECT_EQ(read_file(labels()), once) << name;
    setenv("FOVEA_THREADING", name.c_str(), 1);
    EXPECT_EQ(batch_predict(arguments({"--details", "--threads", "2"})).exit_code, 0);
    EXPECT_EQ(read_file(labels()), once) << name;
  }
  setenv("FOVEA_THREADING", "mine", 1);
  const ToolResult wrong = batch_predict(arguments()), given = batch_predict(arguments({"--threading", "team"}));
  unsetenv("FOVEA_THREADING");
  EXPECT_NE(wrong.err.find("FOVEA_THREADING: threading 'mine' is unknown"), std::string::npos) << wrong.err;
  EXPECT_NE(wrong.exit_code, 0);
  EXPECT_EQ(given.exit_code, 0) << given.err;
  EXPECT_NE(batch_predict(arguments({"--threading", "mine"})).exit_code, 0);
}

TEST_F(BatchPredict, SavedPreprocessedPicturesGiveTheSameGrades) {
  make_pictures();
  const std::string saved = folder_ / "saved/here", ids = folder_ / "test.csv";
  ASSERT_EQ(batch_predict(arguments({"--details", "--save-preprocessed", saved, "--write-ids", ids})).exit_code, 0);
  const std::string first = read_file(labels());
  const Image image = read_image(saved + "/a_eye.png");
  EXPECT_EQ(image.width, kTinySide);
  EXPECT_EQ(image.height, kTinySide);
  ASSERT_EQ(batch_predict({"--model", model(), "--input", saved, "--output", labels(), "--details", "--preprocess",
                           "rescale-700"})
                .exit_code,
            0);
  EXPECT_EQ(read_file(labels()), first);
  // The list of ids and the folder of pictures are the input of the original's benchmark.
  ASSERT_EQ(batch_predict({"--model", model(), "--input", ids, "--images", saved, "--output", labels(), "--details",
                           "--preprocess", "rescale-700"})
                .exit_code,
            0);
  EXPECT_EQ(read_file(labels()), first);
}

TEST_F(BatchPredict, TtaIsTheMeanOverTheViews) {
  const Image image = picture(24, 24, 5);
  Image mirrored = image;
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 24; ++x) {
      std::copy_n(&image.pixels[static_cast<std::size_t>(3 * (24 * y + 23 - x))], 3,
                  &mirrored.pixels[static_cast<std::size_t>(3 * (24 * y + x))]);
    }
  }
  write_png(image, pictures() + "/a.png");
  write_png(mirrored, pictures() + "/b.png");
  const Words words{"--model", model(),     "--input",      pictures(),   "--output",
                    labels(),  "--details", "--preprocess", "rescale-700"};
  ASSERT_EQ(batch_predict(words).exit_code, 0);
  const tools::CsvTable single = read_labels();
  Words tta = words;
  tta.insert(tta.end(), {"--tta", "2"});
  ASSERT_EQ(batch_predict(tta).exit_code, 0);
  const tools::CsvTable mean = read_labels();
  EXPECT_NE(single.rows[0].cells[3], single.rows[1].cells[3]);
  for (std::size_t i = 3; i < 8; ++i) {
    const double a = std::stof(single.rows[0].cells[i]), b = std::stof(single.rows[1].cells[i]);
    EXPECT_EQ(std::stof(mean.rows[0].cells[i]), static_cast<float>((a + b) / 2));
    EXPECT_EQ(mean.rows[0].cells[i], mean.rows[1].cells[i]);
  }
}

TEST_F(BatchPredict, ACsvIsGradedInItsOrderWithItsIds) {
  make_pictures();
  const std::string list = folder_ / "list.csv";
  write_file(list, "\xEF\xBB\xBFid_code\r\nd_eye\r\na_eye.png\r\nnone\r\nc_eye\r\n");
  const ToolResult result = batch_predict({"--model", model(), "--input", list, "--images", pictures(), "--output",
                                           labels(), "--preprocess", "gaussian-700", "--resize", "24x24"});
  EXPECT_EQ(result.exit_code, 1) << result.err;
  const tools::CsvTable table = read_labels();
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_EQ(table.rows[0].cells[0], "d_eye");
  EXPECT_EQ(table.rows[1].cells[0], "a_eye.png");
  EXPECT_EQ(table.rows[2].cells[0], "c_eye");
  EXPECT_EQ(read_file(errors()), "id_code,path,error\nnone," + pictures() + "/none,no image with this id\n");
}

TEST_F(BatchPredict, RecursiveIdsAreRelativePaths) {
  write_png(picture(40, 40, 1), pictures() + "/z.png");
  fs::create_directories(pictures() + "/left");
  write_png(picture(40, 40, 2), pictures() + "/left/10.png");
  const std::string saved = folder_ / "saved";
  ASSERT_EQ(batch_predict(arguments({"--recursive", "--save-preprocessed", saved})).exit_code, 0);
  const tools::CsvTable table = read_labels();
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].cells[0], "left/10");
  EXPECT_TRUE(fs::exists(saved + "/left/10.png"));
}

TEST_F(BatchPredict, TheCardBesideTheModelIsUsed) {
  make_pictures();
  ASSERT_EQ(batch_predict(arguments({"--classes", "a,b,c,d,e"})).exit_code, 0);
  const std::string named = read_file(labels());
  write_file(folder_ / "tiny.json", read_record()["card"]["content"].dump());
  ASSERT_EQ(batch_predict({"--model", model(), "--input", pictures(), "--output", labels()}).exit_code, 0);
  EXPECT_EQ(read_file(labels()), named);
  EXPECT_NE(read_record()["card"]["source"].get<std::string>().find("tiny.json"), std::string::npos);
}

TEST_F(BatchPredict, AModelOfOpenSizeTakesThatOfTheCard) {
  make_pictures();
  ASSERT_EQ(batch_predict(arguments()).exit_code, 0);
  const std::string expected = read_file(labels());
  write_tiny_model(model(), {.open_size = true});
  ASSERT_EQ(batch_predict(arguments()).exit_code, 0);
  EXPECT_EQ(read_file(labels()), expected);
  const auto without =
      batch_predict({"--model", model(), "--input", pictures(), "--output", labels(), "--preprocess", "imagenet-tf"});
  EXPECT_EQ(without.exit_code, 2);
  EXPECT_NE(without.err.find("unknown size"), std::string::npos) << without.err;
}

TEST_F(BatchPredict, ADemoCardMarksEverything) {
  make_pictures();
  ASSERT_EQ(batch_predict(arguments({"--classes", "a,b,c,d,e"})).exit_code, 0);
  nlohmann::json card = read_record()["card"]["content"];
  card["demo"] = true;
  write_file(folder_ / "tiny.json", card.dump());
  // Neither another preparation nor another card turns a demo model into a real one, and --quiet does not hide it.
  card["demo"] = false;
  write_file(folder_ / "other.json", card.dump());
  for (const Words& more : {Words{}, Words{"--card", folder_ / "other.json"}, Words{"--quiet"}}) {
    const ToolResult result = batch_predict(arguments(more));
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_NE(result.out.find("demo, not for patients"), std::string::npos);
    EXPECT_EQ(read_record()["demo"], true);
    EXPECT_EQ(read_record()["warning"], "demo, not for patients");
  }
  ASSERT_EQ(batch_predict(arguments({"--details"})).exit_code, 0);
  EXPECT_EQ(read_labels().rows[0].cells.back(), "demo, not for patients");
}

TEST_F(BatchPredict, TheShippedDemoRuns) {
  if (!fs::exists(FOVEA_SOURCE_DIR "/weights/demo.h5")) GTEST_SKIP() << "weights/demo.h5 is not there";
  const ToolResult result = batch_predict({"--demo", "--output", labels(), "--plot", folder_ / "d.png"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(result.out.starts_with("*** demo, not for patients ***\n")) << result.out;
  EXPECT_EQ(read_record()["demo"], true);
  EXPECT_EQ(read_record()["result"]["graded"], read_labels().rows.size());
  EXPECT_GT(read_labels().rows.size(), 10u);
}

TEST_F(BatchPredict, DrawsTheDistribution) {
  make_pictures();
  ASSERT_EQ(batch_predict(arguments({"--plot", folder_ / "d.png"})).exit_code, 0);
  EXPECT_EQ(read_image(folder_ / "d.png").width, 1600);
  ASSERT_EQ(batch_predict(arguments({"--plot", folder_ / "d.svg"})).exit_code, 0);
  EXPECT_NE(read_file(folder_ / "d.svg").find("</svg>"), std::string::npos);
  EXPECT_EQ(leftovers(folder_.path()), 0u);
}

TEST_F(BatchPredict, HelpAndVersion) {
  const ToolResult help = batch_predict({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_EQ(help.err, "");
  for (const char* part : {"--save-preprocessed", "--thresholds", "Examples:", "Exit code:"}) {
    EXPECT_NE(help.out.find(part), std::string::npos) << part;
  }
  std::size_t longest = 0;
  for (std::size_t at = 0; at < help.out.size();) {
    const std::size_t end = std::min(help.out.find('\n', at), help.out.size());
    longest = std::max(longest, end - at);
    at = end + 1;
  }
  EXPECT_LE(longest, 110u);
  const ToolResult version = batch_predict({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_NE(version.out.find(fovea::version()), std::string::npos);
  for (const std::string& isa : available_isas()) EXPECT_NE(version.out.find(isa), std::string::npos);
}

TEST_F(BatchPredict, QuietPrintsNothing) {
  make_pictures();
  const ToolResult result = batch_predict(arguments({"--quiet"}));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST_F(BatchPredict, ClosedStreamsDoNoHarm) {
  make_pictures();
  ASSERT_EQ(batch_predict(arguments()).exit_code, 0);
  const std::string normal = read_file(labels());
  for (const char* after : {">&- 2>&-", "<&- >&- 2>&-", "| true", "2>&1 | head -c 1"}) {
    fs::remove(labels());
    EXPECT_EQ(batch_predict(arguments(), "", after).exit_code, 0) << after;
    EXPECT_EQ(read_file(labels()), normal) << after;
    EXPECT_EQ(nlohmann::json::parse(read_file(record()))["result"]["graded"], 12) << after;
  }
}

}  // namespace
}  // namespace fovea::test
