// The program on a tiny model: what it writes hangs together, and what is wrong ends in one line. No time is asserted.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/tools/run_tool.h"
#include "tests/tools/temporary_folder.h"
#include "tests/tools/tiny_model.h"
#include "text/csv.h"

namespace fovea::test {
namespace {

using nlohmann::json;

ToolResult layer_bench(const std::vector<std::string>& arguments) { return run_tool("layer-bench", arguments); }

class LayerBench : public ::testing::Test {
 protected:
  LayerBench() : model(folder / "tiny.h5") { write_tiny_model(model); }

  void expect_error(std::vector<std::string> arguments, const std::string& said) {
    const ToolResult result = layer_bench(arguments);
    EXPECT_EQ(result.exit_code, 2) << said;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_TRUE(result.err.starts_with("layer-bench: ")) << result.err;
    EXPECT_NE(result.err.find(said), std::string::npos) << result.err;
  }

  TemporaryFolder folder;
  std::string model;
};

void expect_near(double a, double b) { EXPECT_NEAR(a, b, 1e-6 * std::abs(b)); }

TEST_F(LayerBench, FiguresHangTogether) {
  const std::string files[]{folder / "a.json", folder / "a.csv", folder / "a.png"};
  const ToolResult result = layer_bench({"--model", model, "--batch", "2", "--threads", "1", "--repetitions", "3",
                                         "--json", files[0], "--csv", files[1], "--plot", files[2]});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_NE(result.out.find("measured peaks: arithmetic "), std::string::npos);

  const json all = json::parse(read_file(files[0]));
  for (const char* key : {"model", "cpu", "isa", "arithmetic", "compiler", "version", "commit"}) {
    EXPECT_FALSE(all.at(key).get<std::string>().empty()) << key;
  }
  EXPECT_EQ(all["threads"], 1);
  EXPECT_EQ(all["batch"], 2);
  const double peak = all["peak_gflops"], bandwidth = all["peak_read_gb_per_s"];
  ASSERT_GT(peak, 0);
  ASSERT_GT(bandwidth, 0);

  double sum = 0, share = 0, macs = 0;
  for (const json& layer : all["layers"]) {
    const double ms = layer["ms"]["min"], count = layer["count"], work = layer["macs"], bytes = layer["bytes"];
    EXPECT_EQ(layer["names"].size(), count);
    ASSERT_GT(ms, 0);
    EXPECT_LE(ms, layer["ms"]["median"].get<double>());
    EXPECT_LE(layer["ms"]["median"].get<double>(), layer["ms"]["p95"].get<double>());
    EXPECT_GT(layer["alone_ms"]["min"].get<double>(), 0);
    const double gflops = 2 * work * 2 / ms * 1e-6;  // of two images
    expect_near(layer["gflops"], gflops);
    expect_near(layer["percent_of_peak"], 100 * gflops / peak);
    const double least_ms = std::max(4 * work / peak, bytes / bandwidth) * 1e-6;
    expect_near(layer["percent_of_roofline"], 100 * least_ms / ms);
    expect_near(layer["percent_of_time"], 100 * ms * count / all["sum_of_layer_minima_ms"].get<double>());
    sum += ms * count;
    share += layer["percent_of_time"].get<double>();
    macs += work * count;
  }
  expect_near(all["sum_of_layer_minima_ms"], sum);
  expect_near(share, 100);
  EXPECT_EQ(macs, 22.0 * 22 * 8 * 27 + 22 * 22 * 8 * 5);  // the convolution and the dense layer
  expect_near(all["gmacs"], macs * 1e-9);
  expect_near(all["ms_per_image_min"], all["whole_ms"]["min"].get<double>() / 2);
  EXPECT_EQ(tools::parse_csv(read_file(files[1]), "a.csv").rows.size(), all["layers"].size());
  EXPECT_TRUE(read_file(files[2]).starts_with("\x89PNG"));
  EXPECT_EQ(leftovers(folder.path()), 0u);
}

TEST_F(LayerBench, AFilterShowsWhatItMatchesAndKeepsTheShares) {
  const std::string file = folder / "a.json";
  const ToolResult result = layer_bench(
      {"--model", model, "--threads", "1", "--repetitions", "1", "--filter", "^(conv|none)$", "--json", file});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const json layers = json::parse(read_file(file))["layers"];
  ASSERT_EQ(layers.size(), 1u);
  EXPECT_EQ(layers[0]["names"], json({"conv"}));
  EXPECT_LT(layers[0]["percent_of_time"].get<double>(), 100);
}

TEST_F(LayerBench, EndToEndSaysWhatPeersAreComparedBy) {
  const std::string file = folder / "a.json";
  const ToolResult result = layer_bench({"--end-to-end", "--model", model, "--batch", "3", "--threads", "1",
                                         "--repetitions", "4", "--arithmetic", "direct", "--json", file});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, read_file(file));
  const json all = json::parse(result.out);
  const std::vector<double> times = all["ms_per_image"];
  ASSERT_EQ(times.size(), 4u);
  EXPECT_EQ(all["ms_per_image_min"], *std::min_element(times.begin(), times.end()));
  EXPECT_LE(all["ms_per_image_min"], all["ms_per_image_median"]);
  for (const char* key : {"load_ms", "first_run_ms", "peak_rss_mb"}) EXPECT_GT(all.at(key), 0) << key;
  EXPECT_LT(all["peak_rss_mb"], 100);  // nothing but the program, its libraries and a tiny model
  EXPECT_EQ(all["arithmetic"], "direct");
  EXPECT_EQ(all["batch"], 3);
  EXPECT_FALSE(all.contains("peak_gflops"));
}

TEST_F(LayerBench, WrongUsageIsOneLine) {
  expect_error({"--modell", model}, "--modell");
  expect_error({"--model", model, "--batch", "0"}, "--batch");
  expect_error({"--model", model, "--arithmetic", "sloppy"}, "--arithmetic");
  expect_error({"--end-to-end"}, "needs --model");
  expect_error({"--end-to-end", "--model", model, "--plot", folder / "a.png"}, "do not go with it");
  expect_error({"--model", model, "--json", folder / "a", "--csv", folder / "a"}, "named twice");
}

TEST_F(LayerBench, WhatCannotBeDoneIsOneLineBeforeAnythingIsMeasured) {
  expect_error({"--model", folder / "absent.h5"}, "absent.h5");
  expect_error({"--model", model, "--isa", "mmx"}, "mmx");
  expect_error({"--model", model, "--filter", "("}, "no regular expression");
  expect_error({"--model", model, "--plot", folder / "a.pdf"}, ".png or .svg");
  expect_error({"--model", model, "--json", folder / "no/a.json"}, "folder does not exist");
  expect_error({"--architecture", "vgg"}, "unknown architecture 'vgg'");
}

TEST_F(LayerBench, AFilterWithoutAMatchIsAnErrorAndLeavesNoFile) {
  expect_error({"--model", model, "--filter", "nothing", "--repetitions", "1", "--json", folder / "a.json"},
               "no layer");
  EXPECT_FALSE(std::filesystem::exists(folder / "a.json"));
  EXPECT_EQ(leftovers(folder.path()), 0u);
}

TEST_F(LayerBench, HelpAndVersionArePrinted) {
  const ToolResult help = layer_bench({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* flag : {"--model", "--filter", "--end-to-end", "--plot", "Examples:"}) {
    EXPECT_NE(help.out.find(flag), std::string::npos) << flag;
  }
  EXPECT_NE(layer_bench({"--version"}).out.find("commit "), std::string::npos);
}

}  // namespace
}  // namespace fovea::test
