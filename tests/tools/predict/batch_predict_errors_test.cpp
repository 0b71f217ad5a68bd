// batch-predict and everything that can be wrong: a clear line, the right exit code, nothing lost.
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "tests/tools/predict/batch_predict_fixture.h"

namespace fovea::test {
namespace {

namespace fs = std::filesystem;

class BatchPredictErrors : public BatchPredict {
 protected:
  /// Exit code 2, one line with all parts, no file made.
  void expect_refused(const Words& words, const Words& parts, const std::string& before = "") const {
    const ToolResult result = batch_predict(words, before);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    expect_one_line(result, parts);
    expect_no_results();
  }

  static std::string shared_model(const std::string& name) {
    const char* set = std::getenv("FOVEA_SHARED_DATA");
    return std::string(set != nullptr ? set : FOVEA_SOURCE_DIR "/../shared/data") + "/models/" + name;
  }
};

TEST_F(BatchPredictErrors, WrongUsage) {
  make_pictures();
  expect_refused({}, {"--model FILE is needed"});
  expect_refused({"--model", model(), "--output", labels()}, {"--input is needed"});
  expect_refused({"--model", model(), "--input", pictures()}, {"--output FILE is needed"});
  expect_refused(arguments({"--no-such-option"}), {"--no-such-option"});
  expect_refused(arguments({"--threads", "0"}), {"--threads"});
  expect_refused(arguments({"--threads", "two"}), {"--threads"});
  expect_refused(arguments({"--batch", "-1"}), {"--batch"});
  expect_refused(arguments({"--tta", "9"}), {"--tta"});
  expect_refused(arguments({"--demo"}), {"--demo", "--model"});
  expect_refused(arguments({"--isa", "mmx"}), {"mmx"});
  expect_refused(arguments({"--scale", "fast"}), {"--scale fast"});
  expect_refused(arguments({"--classes", "a,b"}), {"5 outputs", "2 classes"});
  expect_refused({"--demo", "--weights-dir", folder_ / "none", "--output", labels()}, {"demo.h5", folder_ / "none"});
}

TEST_F(BatchPredictErrors, NothingAboutAModelsInputIsGuessed) {
  make_pictures();
  expect_refused({"--model", model(), "--input", pictures(), "--output", labels()},
                 {"tiny.h5", "--card FILE", "tiny.json", "--preprocess NAME", "gaussian-700"});
  expect_refused({"--model", model(), "--input", pictures(), "--output", labels(), "--preprocess", "magic"},
                 {"magic", "gaussian-700"});
  write_file(folder_ / "card.json", "{\"fovea_card\": 1, ");
  expect_refused({"--model", model(), "--input", pictures(), "--output", labels(), "--card", folder_ / "card.json"},
                 {"card.json"});
}

TEST_F(BatchPredictErrors, BadModels) {
  make_pictures();
  const auto expect_bad = [&](const std::string& file, const Words& parts) {
    Words words = arguments();
    words[1] = file;
    SCOPED_TRACE(file);
    expect_refused(words, parts);
  };
  expect_bad(folder_ / "none.h5", {"none.h5"});
  expect_bad(pictures(), {pictures()});
  write_file(folder_ / "text.h5", "this is no HDF5 file");
  expect_bad(folder_ / "text.h5", {"text.h5", "HDF5"});
  const std::string whole = read_file(model());
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{600}, whole.size() / 2, whole.size() - 1}) {
    write_file(folder_ / "cut.h5", whole.substr(0, size));
    expect_bad(folder_ / "cut.h5", {"cut.h5"});
  }
  const std::vector<std::pair<TinyModel, Words>> faults{
      {{.missing_tensor = true}, {"conv", "bias"}},         {{.extra_tensor = true}, {"head", "3 weights"}},
      {{.wrong_shape = true}, {"head", "kernel"}},          {{.nan_weight = true}, {"conv", "kernel"}},
      {{.unsupported_layer = true}, {"mystery", "Lambda"}}, {{.two_outputs = true}, {"1 input and 2 outputs"}}};
  for (const auto& [fault, parts] : faults) {
    write_tiny_model(folder_ / "bad.h5", fault);
    expect_bad(folder_ / "bad.h5", parts);
  }
}

TEST_F(BatchPredictErrors, RealBadModels) {
  const Words names{"truncated_best_model.h5", "truncated_resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
                    "dl4j_model_lambda.h5", "keras2c_lstm_example.h5"};
  if (!fs::exists(shared_model(names[0]))) GTEST_SKIP() << "no shared data: set FOVEA_SHARED_DATA";
  make_pictures();
  for (const std::string& name : names) {
    Words words = arguments();
    words[1] = shared_model(name);
    expect_refused(words, {name});
  }
}

TEST_F(BatchPredictErrors, BadPicturesAreReportedAndTheOthersGraded) {
  make_pictures();
  write_file(pictures() + "/bad-text.png", "this is no picture");
  write_file(pictures() + "/bad-empty.jpg", "");
  write_png(picture(1, 1, 0), pictures() + "/bad-1x1.png");
  const Image photo = picture(200, 200, 3);
  const cv::Mat pixels(200, 200, CV_8UC3, const_cast<std::uint8_t*>(photo.pixels.data()));
  cv::imwrite(pictures() + "/bad-cut.jpg", pixels);
  const std::string whole = read_file(pictures() + "/bad-cut.jpg");
  write_file(pictures() + "/bad-cut.jpg", whole.substr(0, whole.size() / 2));
  const ToolResult result = batch_predict(arguments());
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_EQ(read_labels().rows.size(), 12u);
  const tools::CsvTable wrong = tools::read_csv(errors());
  EXPECT_EQ(wrong.header, (Words{"id_code", "path", "error"}));
  ASSERT_EQ(wrong.rows.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    const std::vector<std::string> ids{"bad-1x1", "bad-cut", "bad-empty", "bad-text"};
    EXPECT_EQ(wrong.rows[i].cells[0], ids[i]);
    EXPECT_TRUE(wrong.rows[i].cells[1].starts_with(pictures() + "/" + ids[i]));
    EXPECT_NE(wrong.rows[i].cells[2], "");
    EXPECT_NE(result.err.find(wrong.rows[i].cells[1] + ": " + wrong.rows[i].cells[2]), std::string::npos);
  }
  EXPECT_EQ(wrong.rows[0].cells[2], "the picture is 1x1, too small to be graded");
  EXPECT_EQ(read_record()["result"]["errors"], 4);

  // Once they are gone, so is the report.
  for (const char* name : {"bad-text.png", "bad-empty.jpg", "bad-1x1.png", "bad-cut.jpg"}) {
    fs::remove(pictures() + "/" + name);
  }
  EXPECT_EQ(batch_predict(arguments()).exit_code, 0);
  EXPECT_FALSE(fs::exists(errors()));
}

TEST_F(BatchPredictErrors, UncommonPicturesAreGraded) {
  cv::Mat deep(40, 40, CV_16UC3, cv::Scalar(20000, 40000, 60000));
  cv::imwrite(pictures() + "/deep.png", deep);
  cv::imwrite(pictures() + "/grey.png", cv::Mat(40, 40, CV_8UC1, cv::Scalar(99)));
  cv::imwrite(pictures() + "/rgba.png", cv::Mat(40, 40, CV_8UC4, cv::Scalar(10, 200, 30, 128)));
  cv::imwrite(pictures() + "/tiff.tif", cv::Mat(40, 40, CV_8UC3, cv::Scalar(10, 200, 30)));
  cv::imwrite(pictures() + "/bmp.bmp", cv::Mat(40, 40, CV_8UC3, cv::Scalar(10, 200, 30)));
  const ToolResult result = batch_predict(arguments());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(read_labels().rows.size(), 5u);
}

TEST_F(BatchPredictErrors, WhenNoPictureCanBeGradedTheTableIsEmpty) {
  write_file(pictures() + "/a.png", "no picture");
  EXPECT_EQ(batch_predict(arguments({"--plot", folder_ / "d.png"})).exit_code, 1);
  EXPECT_EQ(read_file(labels()), "id_code,diagnosis\n");
}

TEST_F(BatchPredictErrors, OutputsThatAreNoNumbersAreErrorsOfTheirImage) {
  make_pictures();
  write_tiny_model(model(), {.overflows = true});
  const ToolResult result = batch_predict(arguments());
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_EQ(read_file(labels()), "id_code,diagnosis\n");
  EXPECT_EQ(tools::read_csv(errors()).rows.at(0).cells[2], "the network's output is not a number");
}

TEST_F(BatchPredictErrors, BadInputs) {
  const auto with_input = [&](const Words& input) {
    Words words{"--model", model(), "--output", labels(), "--preprocess", "none", "--input"};
    words.insert(words.end(), input.begin(), input.end());
    return words;
  };
  expect_refused(with_input({pictures()}), {pictures(), "no images"});
  expect_refused(with_input({folder_ / "none"}), {"none", "no such file or folder"});
  make_pictures();
  const std::string list = folder_ / "list.csv";
  write_file(list, "colour\na_eye\n");
  expect_refused(with_input({list, "--images", pictures()}), {"list.csv", "id_code"});
  write_file(list, "id_code\na_eye\na_eye\n");
  expect_refused(with_input({list, "--images", pictures()}), {"two images have the id 'a_eye'"});
  write_file(list, "id_code,x\na_eye,\"1\n");
  expect_refused(with_input({list, "--images", pictures()}), {"list.csv:2", "quote"});
  fs::copy(pictures() + "/a_eye.png", pictures() + "/a_eye.jpg");
  expect_refused(with_input({pictures()}), {"two images have the id 'a_eye'", "a_eye.jpg", "a_eye.png"});
}

TEST_F(BatchPredictErrors, OutputsThatCannotBeWritten) {
  make_pictures();
  const auto with_output = [&](const std::string& file) {
    Words words = arguments();
    words[5] = file;
    return words;
  };
  expect_refused(with_output(model() + "/labels.csv"), {"tiny.h5/labels.csv"});
  expect_refused(with_output("/proc/labels.csv"), {"/proc/labels.csv", "cannot be written"});
  expect_refused(with_output("/proc/none/labels.csv"), {"/proc/none/labels.csv", "folder does not exist"});
  // A folder that was made is not left when nothing comes into it.
  Words words = with_output(folder_ / "new/deep/labels.csv");
  words[1] = folder_ / "none.h5";
  expect_refused(words, {"none.h5"});
  EXPECT_FALSE(fs::exists(folder_ / "new"));
  expect_refused(with_output(folder_.path().string()), {"is a folder"});
  expect_refused(arguments({"--plot", folder_ / "none/d.png"}), {"none/d.png"});
  expect_refused(arguments({"--plot", folder_ / "d.pdf"}), {"d.pdf", ".png or .svg"});
  expect_refused(arguments({"--plot", folder_ / "d.png"}), {"no font is installed"},
                 "echo '<fontconfig></fontconfig>' >" + folder_ / "none.conf" +
                     "; export FONTCONFIG_FILE=" + folder_ / "none.conf" + ";");
  expect_refused(arguments({"--write-ids", folder_ / "none/ids.csv"}), {"none/ids.csv"});
  expect_refused(arguments({"--save-preprocessed", model() + "/sub"}), {"tiny.h5/sub"});
}

TEST_F(BatchPredictErrors, InputsAreNeverOverwritten) {
  make_pictures();
  const std::string list = folder_ / "list.csv", before = read_file(pictures() + "/a_eye.png");
  write_file(list, "id_code\na_eye\n");
  const Words words{"--model", model(), "--input", list, "--images", pictures(), "--preprocess", "none", "--output"};
  const auto with = [&](Words more) {
    more.insert(more.begin(), words.begin(), words.end());
    return more;
  };
  expect_refused(with({list}), {"list.csv", "is an input"});
  expect_refused(with({model()}), {"tiny.h5", "is an input"});
  expect_refused(with({labels(), "--plot", pictures() + "/a_eye.png"}), {"a_eye.png", "is an input"});
  expect_refused(with({labels(), "--write-ids", labels()}), {"labels.csv", "written twice"});
  expect_refused(with({labels(), "--save-preprocessed", pictures()}), {"would replace the input"});
  EXPECT_EQ(read_file(pictures() + "/a_eye.png"), before);
}

TEST_F(BatchPredictErrors, AFullDiskLosesNothing) {
  make_pictures();
  write_file(labels(), "earlier");
  write_file(record(), "earlier");
  // 4 KiB for a file: the journal fits, the record with its long command line does not. The shell's limit is in units
  // of 1024 bytes.
  const ToolResult result = batch_predict(arguments({"--quiet", "--classes", "a,b,c,d," + std::string(3000, 'e')}),
                                          "ulimit -f 4; trap '' XFSZ;");
  EXPECT_EQ(result.exit_code, 2) << result.err;
  expect_one_line(result, {"labels.run.json", "cannot be written", "--resume goes on"});
  EXPECT_EQ(read_file(labels()), "earlier");
  EXPECT_EQ(read_file(record()), "earlier");
  EXPECT_EQ(leftovers(folder_.path()), 0u);
}

TEST_F(BatchPredictErrors, APictureThatDoesNotFitOnTheDiskLeavesTheGrades) {
  make_pictures();
  const ToolResult result =
      batch_predict(arguments({"--quiet", "--plot", folder_ / "d.png"}), "ulimit -f 8; trap '' XFSZ;");
  EXPECT_EQ(result.exit_code, 2) << result.err;
  expect_one_line(result, {"d.png", "cannot be written"});
  EXPECT_EQ(read_labels().rows.size(), 12u);
  EXPECT_FALSE(fs::exists(folder_ / "d.png"));
  EXPECT_EQ(leftovers(folder_.path()), 0u);
}

TEST_F(BatchPredictErrors, APreprocessedPictureThatCannotBeSavedEndsTheRun) {
  write_png(picture(40, 40, 1), pictures() + "/a.png");
  fs::create_directories(folder_ / "saved/a.png");  // where the file should go
  expect_refused(arguments({"--quiet", "--save-preprocessed", folder_ / "saved"}),
                 {"saved/a.png", "cannot be written"});
}

TEST_F(BatchPredictErrors, FileNamesCannotForgeLines) {
  write_file(pictures() + "/a\nb\x1b[2J.png", "no picture");
  const ToolResult result = batch_predict(arguments({"--quiet"}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 2) << result.err;
  EXPECT_EQ(tools::read_csv(errors()).rows.at(0).cells[0], "a%0Ab%1B[2J");
}

TEST_F(BatchPredict, DamagedPicturesAreErrorsUnlessTheyAreAccepted) {
  make_pictures();
  const std::string whole = encode_png(picture(60, 60, 1)), cut = pictures() + "/x.png";
  write_file(cut, whole.substr(0, whole.size() * 3 / 4));
  ASSERT_EQ(batch_predict(arguments({"--details"})).exit_code, 1);
  const tools::CsvTable refused = tools::read_csv(errors());
  ASSERT_EQ(refused.rows.size(), 1u);
  EXPECT_EQ(refused.rows[0].cells[0], "x");
  EXPECT_EQ(read_record()["run"]["accept_damaged"], false);
  EXPECT_EQ(read_labels().rows.size(), 12u);

  const ToolResult accepted = batch_predict(arguments({"--details", "--accept-damaged"}));
  ASSERT_EQ(accepted.exit_code, 0) << accepted.err;
  const tools::CsvTable labels = read_labels();
  ASSERT_EQ(labels.rows.size(), 13u);
  EXPECT_EQ(labels.rows[12].cells[0], "x");
  const std::string& note = labels.rows[12].cells.at(labels.column("note").value());
  EXPECT_NE(note.find("% of the picture)"), std::string::npos) << note;
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(labels.rows[i].cells.at(labels.column("note").value()), "");
  EXPECT_EQ(read_record()["run"]["accept_damaged"], true);
  EXPECT_FALSE(std::filesystem::exists(errors()));
}

TEST_F(BatchPredict, APictureThatNeverFitsIntoTheMemoryIsAnError) {
  make_pictures();
  write_png(picture(900, 700, 1), pictures() + "/x.png");  // 1.8 MiB of pixels
  ASSERT_EQ(batch_predict(arguments({"--memory", "1"})).exit_code, 1);
  const tools::CsvTable refused = tools::read_csv(errors());
  ASSERT_EQ(refused.rows.size(), 1u);
  EXPECT_NE(refused.rows[0].cells[2].find("MiB of memory to be decoded, the limit is 1"), std::string::npos)
      << refused.rows[0].cells[2];
  EXPECT_EQ(read_labels().rows.size(), 12u);
  const std::string few = read_file(labels());
  // Two threads that must wait for each other give what one gives that need not.
  EXPECT_EQ(batch_predict(arguments({"--memory", "8", "--threads", "2"})).exit_code, 0);
  EXPECT_EQ(read_labels().rows.size(), 13u);
  EXPECT_TRUE(read_file(labels()).starts_with(few));
}

}  // namespace
}  // namespace fovea::test
