// benchmark-compare as a program: its files from predictions, two models, what does not fit, and that nothing is lost.
#include "tests/compare/benchmark_compare_fixture.h"

#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <set>

#include <fovea/session.h>
#include "pictures/decode/image.h"
#include "tests/tools/tiny_model.h"

namespace fovea::test {
namespace {

namespace fs = std::filesystem;

TEST_F(BenchmarkCompare, WritesEverything) {
  const ToolResult r = run(arguments({"--timing"}));
  ASSERT_EQ(r.exit_code, 0) << r.err;
  EXPECT_EQ(read_file(result("benchmark_predictions.csv")),
            "id_code,Actual,site,Predictions\na.png,0,x,0\nb.png,1,x,1\nc.png,2,y,2\nd.png,3,\"y,z\",0\ne.png,4,y,4\n");
  const nlohmann::json json = metrics();
  EXPECT_EQ(json["n"], 5);
  EXPECT_DOUBLE_EQ(json["metrics"]["accuracy"]["value"], 0.8);
  EXPECT_EQ(json["metrics"]["referable_sensitivity"]["count"], 2);
  EXPECT_EQ(json["metrics"]["referable_sensitivity"]["of"], 3);
  EXPECT_DOUBLE_EQ(json["metrics"]["mean_absolute_error"]["value"], 0.6);
  EXPECT_EQ(json["confusion"][3], nlohmann::json({1, 0, 0, 0, 0}));
  EXPECT_EQ(json["demo"], false);
  EXPECT_GT(json["timing"]["seconds"]["measure"], 0);
  EXPECT_NE(r.out.find("Accuracy"), std::string::npos);
  for (const char* name : {"distributions", "confusion", "grade_errors", "roc", "precision_recall", "reliability"}) {
    const Image picture = read_image(result(std::string(name) + ".png"));
    EXPECT_EQ(picture.width, 1600) << name;
    EXPECT_NE(read_file(result(std::string(name) + ".svg")).find("</svg>"), std::string::npos) << name;
  }
  EXPECT_FALSE(fs::exists(result("findings.csv")));
  EXPECT_EQ(leftovers(output()), 0u);
  const std::string csv = read_file(result("metrics.csv"));
  EXPECT_NE(csv.find("\naccuracy,overall,,Accuracy,0.8,"), std::string::npos) << csv;
  EXPECT_NE(csv.find("\ngrade_3_support,grade,3,Support,1,"), std::string::npos) << csv;
}

TEST_F(BenchmarkCompare, WithoutProbabilitiesTheirPicturesAreLeftOut) {
  write_file(predictions(), "id_code,diagnosis\na,0\nb,1\nc,2\nd,0\ne,4\n");
  ASSERT_EQ(run(arguments()).exit_code, 0);
  EXPECT_TRUE(fs::exists(result("confusion.png")));
  EXPECT_FALSE(fs::exists(result("roc.png")));
  EXPECT_FALSE(metrics()["metrics"].contains("referable_roc_auc"));
  EXPECT_NE(metrics()["no_probabilities"].get<std::string>().find("no columns p0"), std::string::npos);
}

TEST_F(BenchmarkCompare, WhatIsUndefinedIsADashAndNullNeverZero) {
  write_file(benchmark(), "id_code,Actual\na,0\nb,0\nc,0\nd,0\n");
  write_file(predictions(),
             "id_code,diagnosis,p0,p1,p2,p3,p4\na,0,0.9,0.1,0,0,0\nb,0,0.8,0.1,0.1,0,0\nc,1,0.2,0.6,0.2,0,0\n"
             "d,0,0.95,0.05,0,0,0\n");
  const ToolResult r = run(arguments());
  ASSERT_EQ(r.exit_code, 0) << r.err;
  const nlohmann::json json = metrics()["metrics"];
  const tools::CsvTable csv = tools::read_csv(result("metrics.csv"));
  const std::string html = read_file(result("report.html"));
  for (const char* key : {"matthews", "grade_1_recall", "grade_4_precision", "grade_4_f1", "referable_sensitivity",
                          "referable_ppv", "referable_roc_auc", "referable_average_precision",
                          "referable_operating_threshold", "any_operating_sensitivity", "any_operating_specificity"}) {
    EXPECT_TRUE(json[key]["value"].is_null()) << key << json[key];
    EXPECT_EQ(json[key]["interval_95"], nlohmann::json({nullptr, nullptr})) << key;
    EXPECT_TRUE(json[key]["interval_method"].is_null()) << key;
    for (const tools::CsvRow& row : csv.rows) {
      EXPECT_TRUE(row.cells[0] != key || row.cells[csv.column("value").value()].empty()) << key;
    }
  }
  EXPECT_TRUE(metrics()["reliability"][3]["observed"].is_null());
  const auto line = [&](const std::string& title) {
    const std::size_t at = r.out.find("  " + title, r.out.find("Referable: "));
    return r.out.substr(at, r.out.find('\n', at) - at);
  };
  EXPECT_TRUE(line("Sensitivity").find(" - ") != std::string::npos && line("Sensitivity").ends_with(" 0 of 0"));
  EXPECT_TRUE(line("Average precision").ends_with(" -")) << line("Average precision");
  EXPECT_NE(html.find("Sensitivity</th><td class=\"n\"><span>-</span>"), std::string::npos);
  EXPECT_DOUBLE_EQ(json["referable_specificity"]["value"], 1);
}

TEST_F(BenchmarkCompare, APerfectResultOfAFewImagesIsNotCertain) {
  std::string known = "id_code,Actual\n", predicted = "id_code,diagnosis,p0,p1,p2,p3,p4\n";
  for (int i = 0; i < 12; ++i) {
    const std::string id = std::to_string(i);
    known += id + (i < 6 ? ",0\n" : ",3\n");
    predicted += id + (i < 6 ? ",0,0.9,0.1,0,0,0\n" : ",3,0,0,0.1,0.8,0.1\n");
  }
  write_file(benchmark(), known);
  write_file(predictions(), predicted);
  const ToolResult r = run(arguments());
  ASSERT_EQ(r.exit_code, 0) << r.err;
  const nlohmann::json json = metrics()["metrics"];
  EXPECT_EQ(json["accuracy"]["interval_method"], "Wilson");
  EXPECT_NEAR(json["accuracy"]["interval_95"][0], 0.757506, 5e-7);
  EXPECT_EQ(json["accuracy"]["bootstrap_95"][0], nullptr);  // a width of 0
  EXPECT_EQ(json["referable_roc_auc"]["interval_method"], "Newcombe");
  EXPECT_NEAR(json["referable_roc_auc"]["interval_95"][0], 0.689231, 5e-7);
  EXPECT_EQ(json["quadratic_kappa"]["no_interval"], "no spread");
  EXPECT_EQ(r.out.find("1.0000 to 1.0000"), std::string::npos) << r.out;
  const std::string html = read_file(result("report.html"));
  EXPECT_EQ(html.find("1.000 to 1.000"), std::string::npos);
  EXPECT_NE(html.find("0.758 to 1.000"), std::string::npos);
}

TEST_F(BenchmarkCompare, YesOrNoAgainstGradesIsWarnedOfAndComparedAsSuch) {
  write_file(benchmark(), "image,label\na,0\nb,0\nc,1\nd,1\ne,1\n");
  const ToolResult r = run(arguments());
  ASSERT_EQ(r.exit_code, 0) << r.err;
  EXPECT_NE(r.err.find("warning: " + benchmark() + ": its grades are 0 and 1 alone"), std::string::npos) << r.err;
  EXPECT_NE(r.out.find("Yes or no: 1 against grade 2 and above"), std::string::npos) << r.out;
  const nlohmann::json json = metrics(), values = json["metrics"];
  EXPECT_EQ(json["warnings"].size(), 1u);
  // Grades 0 1 2 0 4 were predicted.
  EXPECT_EQ(values["yes_no_2_sensitivity"]["count"], 2);
  EXPECT_EQ(values["yes_no_2_sensitivity"]["of"], 3);
  EXPECT_EQ(values["yes_no_2_specificity"]["count"], 2);
  EXPECT_EQ(values["yes_no_1_specificity"]["count"], 1);
  EXPECT_DOUBLE_EQ(values["yes_no_2_accuracy"]["value"], 0.8);
  EXPECT_DOUBLE_EQ(values["yes_no_2_roc_auc"]["value"], 4.5 / 6);  // tails 0 0.1 | 0.8 0 1
  EXPECT_TRUE(values["referable_sensitivity"]["value"].is_null());
  EXPECT_NE(read_file(result("report.html")).find("as if they said yes or no"), std::string::npos);
  EXPECT_NE(read_file(result("metrics.csv")).find("\nyes_no_2_sensitivity,yes_no,2,Sensitivity,0.66"),
            std::string::npos);
  // The other way round: the predictions say yes or no.
  write_file(benchmark(), "image,label\na,0\nb,1\nc,2\nd,3\ne,4\n");
  write_file(predictions(), "id_code,diagnosis\na,0\nb,1\nc,1\nd,1\ne,0\n");
  const ToolResult other = run(arguments());
  ASSERT_EQ(other.exit_code, 0) << other.err;
  EXPECT_NE(other.err.find(predictions() + ": its grades are 0 and 1 alone"), std::string::npos) << other.err;
  EXPECT_EQ(metrics()["metrics"]["yes_no_2_sensitivity"]["count"], 2);
  EXPECT_EQ(metrics()["metrics"]["yes_no_2_sensitivity"]["of"], 3);
}

TEST_F(BenchmarkCompare, AnotherScaleIsNamed) {
  write_file(benchmark(), "id_code,Actual\na,0\nb,1\nc,2\nd,3\ne,3\n");
  EXPECT_NE(run(arguments()).err.find("its highest grade is 3, and the predictions reach 4"), std::string::npos);
  SetUp();
  const ToolResult fits = run(arguments());
  EXPECT_EQ(fits.err.find("warning"), std::string::npos) << fits.err;
  EXPECT_TRUE(metrics()["warnings"].empty());
  write_file(predictions(), "id_code,diagnosis,p0,p1,p2\na,0,1,0,0\nb,1,0,1,0\nc,2,0,0,1\nd,2,0,0,1\ne,2,0,0,1\n");
  const ToolResult beyond = run(arguments());
  EXPECT_EQ(beyond.exit_code, 1);
  EXPECT_NE(beyond.err.find("2 images left out for grades that the predictions do not have (0 to 2)"),
            std::string::npos)
      << beyond.err;
  std::filesystem::remove_all(output());
  write_file(benchmark(), "id_code,Actual\na,1\nb,2\nc,3\nd,4\ne,5\n");
  SetUp();
  write_file(benchmark(), "id_code,Actual\na,1\nb,2\nc,3\nd,4\ne,5\n");
  expect_refused(arguments(), {"its grades are 1 to 5 and none is 0", "--first-grade 1"});
  ASSERT_EQ(run(arguments({"--first-grade", "1"})).exit_code, 0);
  EXPECT_DOUBLE_EQ(metrics()["metrics"]["accuracy"]["value"], 0.8);
}

TEST_F(BenchmarkCompare, MissedEyesStandApartAndFirst) {
  write_file(benchmark(), "id_code,Actual\na,0\nb,4\nc,2\nd,3\ne,4\nf,4\n");
  write_file(predictions(), "id_code,diagnosis\na,4\nb,3\nc,1\nd,0\ne,1\nf,4\n");
  const ToolResult r = run(arguments());
  ASSERT_EQ(r.exit_code, 0) << r.err;
  EXPECT_EQ(read_file(result("worst_cases.csv")),
            "id_code,Actual,predicted,kind,p_actual,p_predicted,note\n"
            "e,4,1,missed proliferative,,,\nd,3,0,missed referable,,,\nc,2,1,missed referable,,,\n"
            "b,4,3,proliferative graded lower,,,\na,0,4,other,,,\n");
  EXPECT_TRUE(
      r.out.starts_with("missed: 4 eyes with referable retinopathy graded below grade 2, or with proliferative "
                        "retinopathy graded lower\n  e: 4 Proliferative DR, predicted 1 Mild\n  d: 3 Severe"))
      << r.out;
  const std::string html = read_file(result("report.html"));
  EXPECT_LT(html.find("Missed eyes"), html.find("Other wrong grades"));
}

TEST_F(BenchmarkCompare, TheSameSeedGivesTheSameFilesForAnyThreads) {
  std::string known = "id_code,Actual\n", predicted = "id_code,diagnosis\n";
  for (int i = 0; i < 60; ++i) {
    known += std::to_string(i) + "," + std::to_string(i % 5) + "\n";
    predicted += std::to_string(i) + "," + std::to_string(i % 7 % 5) + "\n";
  }
  write_file(benchmark(), known);
  write_file(predictions(), predicted);
  ASSERT_EQ(run(arguments({"--threads", "1"})).exit_code, 0);
  const std::string one = read_file(result("metrics.csv"));
  ASSERT_EQ(run(arguments({"--threads", "3"})).exit_code, 0);
  EXPECT_EQ(one, read_file(result("metrics.csv")));
  ASSERT_EQ(run(arguments({"--seed", "2"})).exit_code, 0);
  EXPECT_NE(one, read_file(result("metrics.csv")));
}

TEST_F(BenchmarkCompare, WhatDoesNotFitDecidesTheExitCode) {
  write_file(benchmark(), "id_code,Actual\na,0\nb,1\nc,2\nd,3\ne,4\na,1\nf,\ng,7\nh,2\n");
  write_file(predictions(), "id_code,diagnosis\na,0\nb,1\nc,2\nd,0\ne,4\nz,1\n");
  const ToolResult r = run(arguments());
  EXPECT_EQ(r.exit_code, 1) << r.err;
  EXPECT_EQ(metrics()["n"], 5);
  const tools::CsvTable findings = tools::read_csv(result("findings.csv"));
  Words found;
  for (const tools::CsvRow& row : findings.rows)
    found.push_back(row.cells[0] + " " + row.cells[2] + " " + row.cells[3]);
  EXPECT_EQ(found,
            (Words{"missing value 8 f", "grade out of range 9 g", "duplicate id 7 a", "id without a prediction 8 f",
                   "id without a prediction 9 g", "id without a prediction 10 h", "prediction without an id 7 z"}));
  EXPECT_NE(r.err.find("left out: 1 missing value, 1 duplicate id, 1 grade out of range, 3 ids without a prediction, "
                       "1 prediction without an id"),
            std::string::npos)
      << r.err;
  // Every row of the benchmark stays, also those that were left out.
  EXPECT_EQ(read_file(result("benchmark_predictions.csv")),
            "id_code,Actual,Predictions\na,0,0\nb,1,1\nc,2,2\nd,3,0\ne,4,4\na,1,0\nf,,\ng,7,\nh,2,\n");
  // A later run that fits has no list of what does not.
  SetUp();
  ASSERT_EQ(run(arguments()).exit_code, 0);
  EXPECT_FALSE(fs::exists(result("findings.csv")));
}

TEST_F(BenchmarkCompare, StrictMakesItAnError) {
  write_file(benchmark(), "id_code,Actual\na,0\nb,\nc,9\n");
  expect_refused(arguments({"--strict"}), {"--strict: " + benchmark() + ":3: missing value 'b'", "1 more"});
  write_file(benchmark(), "id_code,Actual\na,0\nb,1\nc,2\nd,3\ne,4\nf,1\n");
  expect_refused(arguments({"--strict"}), {benchmark() + ":7: id without a prediction 'f'"});
  write_file(benchmark(), "id_code,Actual\na,0\nb,1\nc,2\nd,3\n");
  expect_refused(arguments({"--strict"}), {predictions() + ":6: prediction without an id 'e'"});
}

TEST_F(BenchmarkCompare, MalformedFilesAreRefused) {
  const std::string good = read_file(benchmark());
  write_file(benchmark(), "id_code,Actual\na,0\nb,one\n");
  expect_refused(arguments(), {benchmark() + ":3: 'one' is no grade"});
  write_file(benchmark(), good);
  write_file(predictions(), "id_code,diagnosis,p0,p1,p2,p3,p4\na,0,1,0,0,0,zero\n");
  expect_refused(arguments(), {predictions() + ":2: 'zero' is no probability"});
  write_file(predictions(), "id_code,diagnosis,p0\na,0,1\n");
  expect_refused(arguments(), {predictions() + ":1: 1 probability column"});
  write_file(predictions(), "id_code,diagnosis\nq,0\n");
  expect_refused(arguments(), {"nothing to compare: an id is 'a.png' there and 'q' here"});
  expect_refused(arguments({"--compare", folder_ / "none.csv"}), {"none.csv: no such file"});
}

TEST_F(BenchmarkCompare, WrongUsage) {
  expect_refused({}, {"--benchmark FILE is needed"});
  expect_refused({"--benchmark", benchmark(), "--output", output()}, {"--model FILE with --images DIR"});
  expect_refused({"--benchmark", benchmark(), "--predictions", predictions()}, {"--output DIR is needed"});
  expect_refused(arguments({"--model", "m.h5"}), {"--predictions and --model", "exclude"});
  expect_refused(arguments({"--target-sensitivity", "0"}), {"--target-sensitivity"});
  expect_refused(arguments({"--sigma", "3"}), {"--sigma goes with --model"});
  expect_refused(arguments({"--referable", "5"}), {"--referable", "0 to 4"});
  EXPECT_EQ(run({"--help"}).exit_code, 0);
}

TEST_F(BenchmarkCompare, NothingIsLostOnFailure) {
  ASSERT_EQ(run(arguments()).exit_code, 0);
  std::map<std::string, std::string> before;
  for (const auto& entry : fs::directory_iterator(output())) before[entry.path().filename()] = read_file(entry.path());
  const auto expect_unchanged = [&] {
    std::map<std::string, std::string> now;
    for (const auto& entry : fs::directory_iterator(output())) now[entry.path().filename()] = read_file(entry.path());
    EXPECT_TRUE(before == now);
  };
  // Files may not grow beyond 64 KiB: some result cannot be written whole.
  const ToolResult full = run(arguments({"--seed", "9"}), "ulimit -f 64; trap '' XFSZ;");
  EXPECT_EQ(full.exit_code, 2) << full.err;
  expect_unchanged();
  write_file(predictions(), "id_code,diagnosis\na,none\n");
  EXPECT_EQ(run(arguments()).exit_code, 2);
  expect_unchanged();
}

TEST_F(BenchmarkCompare, InputsAreNeverReplaced) {
  fs::create_directories(output());
  const std::string inside = result("metrics.csv");
  fs::copy_file(benchmark(), inside);
  const ToolResult r = run({"--benchmark", inside, "--predictions", predictions(), "--output", output()});
  EXPECT_EQ(r.exit_code, 2);
  EXPECT_NE(r.err.find("is an input"), std::string::npos) << r.err;
  EXPECT_EQ(read_file(inside), read_file(benchmark()));
  // Predictions may lie where they were written.
  fs::copy_file(predictions(), result("labels.csv"));
  EXPECT_EQ(run({"--benchmark", benchmark(), "--predictions", result("labels.csv"), "--output", output()}).exit_code,
            0);
  EXPECT_EQ(read_file(result("labels.csv")), read_file(predictions()));
}

TEST_F(BenchmarkCompare, TwoModels) {
  write_file(folder_ / "other.csv", "id_code,diagnosis\na,0\nb,1\nc,1\nd,3\ne,4\n");
  const ToolResult r = run(arguments({"--compare", folder_ / "other.csv"}));
  ASSERT_EQ(r.exit_code, 0) << r.err;
  EXPECT_EQ(read_file(result("disagreements.csv")),
            "id_code,Actual,first,second,right,note\nc.png,2,2,1,first,\nd.png,3,0,3,second,\n");
  const nlohmann::json second = metrics()["second"];
  EXPECT_EQ(second["both_right"], 3);
  EXPECT_EQ(second["only_first_right"], 1);
  EXPECT_EQ(second["only_second_right"], 1);
  EXPECT_DOUBLE_EQ(second["mcnemar_exact_p"], 1.0);
  EXPECT_LT(second["kappa_difference"], 0);
  ASSERT_EQ(run(arguments()).exit_code, 0);
  EXPECT_FALSE(fs::exists(result("disagreements.csv")));
}

TEST_F(BenchmarkCompare, TheReportEscapesWhatComesFromOutside) {
  const std::string id = "<img src=x onerror=alert(1)>";
  write_file(benchmark(), "id_code,Actual\na,0\nb,1\n" + id + ",4\n");
  write_file(predictions(), "id_code,diagnosis,class,p0,p1,p2,p3,p4\na,0,<b>none</b>,1,0,0,0,0\nb,1,,0,1,0,0,0\n" + id +
                                ",0,<b>none</b>,1,0,0,0,0\n");
  ASSERT_EQ(run(arguments()).exit_code, 0);
  const std::string html = read_file(result("report.html"));
  EXPECT_EQ(html.find("<img src=x"), std::string::npos);
  EXPECT_EQ(html.find("<b>none"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_NE(html.find("&lt;img src=x onerror=alert(1)&gt;"), std::string::npos);
  EXPECT_NE(html.find("Suspected label errors"), std::string::npos);
}

TEST_F(BenchmarkCompare, TheDemoMarkIsCarriedFromTheRecord) {
  write_file(folder_ / "labels.run.json",
             R"({"demo": true, "model": {"sha256": "abc123"}, "card": {"content": {"classes": [1, 2]}}, "run": 7})");
  const ToolResult r = run(arguments());
  ASSERT_EQ(r.exit_code, 0) << r.err;
  EXPECT_NE(r.out.find("demo, not for patients"), std::string::npos);
  EXPECT_EQ(metrics()["warning"], "demo, not for patients");
  EXPECT_EQ(metrics()["predictions"]["model_sha256"], "abc123");
  EXPECT_NE(read_file(result("report.html")).find("demo, not for patients"), std::string::npos);
  EXPECT_NE(read_file(result("metrics.csv")).find("demo, not for patients"), std::string::npos);
}

class BenchmarkCompareModel : public BenchmarkCompare {
 protected:
  void SetUp() override {
    BenchmarkCompare::SetUp();
    write_tiny_model(folder_ / "tiny.h5");
    fs::create_directories(folder_ / "photos");
    for (const char* name : {"a", "b", "c", "d", "q"}) {
      Image image{40, 40, std::vector<std::uint8_t>(40 * 40 * 3, static_cast<std::uint8_t>(name[0] * 7))};
      for (std::size_t i = 0; i < image.pixels.size(); i += 5) image.pixels[i] = static_cast<std::uint8_t>(i * name[0]);
      write_png(image, folder_ / "photos/" + std::string(name) + ".png");
    }
    write_file(folder_ / "photos/e.png", "this is no picture");
  }
  Words model_arguments(const Words& more = {}) const {
    Words words{"--benchmark", benchmark(), "--model",      folder_ / "tiny.h5", "--images", folder_ / "photos",
                "--output",    output(),    "--preprocess", "gaussian-700",      "--resize", "24x24",
                "--resamples", "20"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(BenchmarkCompareModel, GradesAsBatchPredictDoes) {
  write_file(benchmark(), "id_code,Actual\na.png,0\nb,1\nc,2\nd,3\ne,4\nmissing,1\n");
  const ToolResult r = run(model_arguments({"--timing"}));
  ASSERT_EQ(r.exit_code, 1) << r.err;
  const nlohmann::json json = metrics();
  EXPECT_EQ(json["n"], 4);
  EXPECT_EQ(json["findings"]["image not graded"], 1);
  EXPECT_EQ(json["findings"]["id without an image"], 1);
  EXPECT_EQ(json["findings"]["image without an id"], 1);
  EXPECT_GT(json["timing"]["images_per_second"], 0);
  const ToolResult batch =
      batch_predict({"--model", folder_ / "tiny.h5", "--preprocess", "gaussian-700", "--resize", "24x24", "--input",
                     folder_ / "photos", "--output", folder_ / "batch.csv", "--details"});
  ASSERT_EQ(batch.exit_code, 1) << batch.err;
  std::string expected;  // all but the picture that no id asks for
  const tools::CsvTable labels = tools::read_csv(folder_ / "batch.csv");
  expected = tools::csv_line(labels.header);
  for (const tools::CsvRow& row : labels.rows) {
    if (row.cells[0] != "q") expected += tools::csv_line(row.cells);
  }
  EXPECT_EQ(read_file(result("labels.csv")), expected);
  // The labels measure the same as the run that wrote them.
  const std::string first = read_file(result("metrics.csv"));
  fs::copy_file(result("labels.csv"), folder_ / "again.csv");
  const ToolResult again = run({"--benchmark", benchmark(), "--predictions", folder_ / "again.csv", "--output",
                                folder_ / "out2", "--resamples", "20"});
  EXPECT_EQ(again.exit_code, 1) << again.err;
  EXPECT_EQ(first, read_file(folder_ / "out2/metrics.csv"));
}

TEST_F(BenchmarkCompareModel, ThumbnailsAreOfTheImagesThatIdsMean) {
  const std::string photos = folder_ / "photos/";
  fs::create_directories(photos + "train/3");
  fs::rename(photos + "a.png", photos + "train/3/a.PNG");
  const std::vector<cv::Mat> pages{cv::Mat(40, 40, CV_8UC3, cv::Scalar(20, 90, 160)),
                                   cv::Mat(40, 40, CV_8UC3, cv::Scalar(160, 90, 20))};
  ASSERT_TRUE(cv::imwritemulti(photos + "both.tif", pages));
  write_file(benchmark(), "id_code,Actual\na,0\nboth,0\nboth#2,0\nmissing,0\nd,3\n");
  write_file(predictions(), "id_code,diagnosis\nA.JPG,4\nBoth,4\nboth#2,4\nmissing,4\nd,3\n");
  const ToolResult r = run(arguments({"--images", photos, "--recursive"}));
  ASSERT_EQ(r.exit_code, 0) << r.err;
  const std::string html = read_file(result("report.html")), mark = "src=\"data:image/jpeg";
  std::set<std::string> pictures;
  for (std::size_t at = html.find(mark); at != std::string::npos; at = html.find(mark, at + 1)) {
    pictures.insert(html.substr(at, html.find('"', at + 5) - at));
  }
  EXPECT_EQ(pictures.size(), 3u) << "a picture is missing, or two pages look the same";
}

TEST_F(BenchmarkCompareModel, ImagesAreFoundAsBatchPredictFindsThem) {
  const std::string photos = folder_ / "photos/";
  fs::create_directories(photos + "train/3");
  fs::rename(photos + "a.png", photos + "train/3/a.JFIF");
  fs::rename(photos + "b.png", photos + "b");
  fs::rename(photos + "q.png", photos + "-q.png");
  std::vector<cv::Mat> pages(2, cv::Mat(40, 40, CV_8UC3, cv::Scalar(20, 90, 160)));
  ASSERT_TRUE(cv::imwritemulti(photos + "both.tif", pages));
  write_file(photos + "notes.txt", "no picture");
  write_file(photos + "e.png", std::string(128, '\0') + "DICM");
  write_file(benchmark(), "id_code,Actual\nA,0\nB.png,1\nc,2\nd,3\ne,4\n-q,1\nboth,0\nboth#2,4\n");
  const ToolResult r = run(model_arguments({"--recursive"}));
  ASSERT_EQ(r.exit_code, 1) << r.err;
  EXPECT_EQ(metrics()["n"], 7) << r.err;
  EXPECT_EQ(tools::read_csv(result("findings.csv")).rows.size(), 1u) << read_file(result("findings.csv"));
  EXPECT_EQ(metrics()["findings"]["image not graded"], 1);
  EXPECT_NE(r.out.find("1 other file passed over: .txt 1\n"), std::string::npos) << r.out;
  EXPECT_NE(read_file(result("labels.csv")).find("\n%2Dq,"), std::string::npos) << read_file(result("labels.csv"));
  fs::copy_file(result("labels.csv"), folder_ / "again.csv");
  const ToolResult again = run({"--benchmark", benchmark(), "--predictions", folder_ / "again.csv", "--output",
                                folder_ / "out2", "--resamples", "20"});
  EXPECT_EQ(read_file(result("metrics.csv")), read_file(folder_ / "out2/metrics.csv")) << again.err;
}

TEST_F(BenchmarkCompareModel, AnOrdinalHeadIsMeasuredWithItsProbabilities) {
  TinyModel ordinal;
  ordinal.classes = 4;
  ordinal.sigmoid = true;
  write_tiny_model(folder_ / "tiny.h5", ordinal);
  write_file(benchmark(), "id_code,Actual\na.png,0\nb,1\nc,2\nd,3\n");
  ASSERT_EQ(run(model_arguments({"--decision", "ordinal"})).exit_code, 1);
  EXPECT_TRUE(metrics()["metrics"].contains("referable_roc_auc")) << metrics().dump();
  EXPECT_EQ(metrics()["confusion"].size(), 5U);
  const std::string first = read_file(result("metrics.csv"));
  fs::copy_file(result("labels.csv"), folder_ / "again.csv");
  ASSERT_EQ(run({"--benchmark", benchmark(), "--predictions", folder_ / "again.csv", "--output", folder_ / "out2",
                 "--resamples", "20"})
                .exit_code,
            0);
  EXPECT_EQ(first, read_file(folder_ / "out2/metrics.csv"));
}

TEST_F(BenchmarkCompareModel, StrictStopsBeforeGrading) {
  write_file(benchmark(), "id_code,Actual\na.png,0\nmissing,1\n");
  expect_refused(model_arguments({"--strict"}), {"--strict:", "image without an id"});
  write_file(benchmark(), "id_code,Actual\nx,0\n");
  expect_refused(model_arguments(), {"none of its ids has an image"});
}

}  // namespace
}  // namespace fovea::test
