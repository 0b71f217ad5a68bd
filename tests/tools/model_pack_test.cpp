// model-pack: what it writes, what it refuses, and that the other tools take its files where they take a Keras file.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include <fovea/version.h>
#include "tests/tools/run_tool.h"
#include "tests/tools/temporary_folder.h"
#include "tests/tools/tiny_model.h"

namespace fovea::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

const std::string kWeights = std::string(FOVEA_SOURCE_DIR) + "/weights";

class ModelPack : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kWeights + "/demo.h5")) GTEST_SKIP() << "there is no weights/demo.h5";
    fs::copy_file(kWeights + "/demo.h5", keras());
    fs::copy_file(kWeights + "/demo.json", card());
    fs::permissions(card(), fs::perms::owner_write, fs::perm_options::add);
  }

  std::string keras() const { return folder_ / "demo.h5"; }
  std::string card() const { return folder_ / "demo.json"; }
  std::string packed() const { return folder_ / "alone/demo.fovea"; }
  ToolResult pack(const Words& more = {}) const {
    fs::create_directories(fs::path(packed()).parent_path());
    Words words{keras(), "--output", packed()};
    words.insert(words.end(), more.begin(), more.end());
    return run_tool("model-pack", words);
  }
  std::string labels_of(const std::string& model, const Words& more = {}) const {
    const std::string labels = folder_ / "labels.csv";
    Words words{"--model", model, "--input", kWeights + "/samples/drawn3_00000.jpg", "--output", labels, "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    const ToolResult result = run_tool("batch-predict", words);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const std::string text = read_file(labels);
    fs::remove(labels);
    return text;
  }
  void expect_refused(const ToolResult& result, const std::string& part) const {
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err.rfind("model-pack: ", 0), 0U) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
    EXPECT_EQ(leftovers(folder_.path()), 0U);
  }

  TemporaryFolder folder_;
};

TEST_F(ModelPack, TheFileGradesAsTheKerasFileDoes) {
  const ToolResult result = pack({"--isa", "all", "--arithmetic", "fast,direct"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find(" MB, card " + card() + ", packed for "), std::string::npos) << result.out;
  for (const Words& options : std::vector<Words>{{}, {"--arithmetic", "direct"}, {"--isa", "portable", "--tta", "2"}}) {
    EXPECT_EQ(labels_of(packed(), options), labels_of(keras(), options));
  }
  EXPECT_NE(labels_of(packed()), "");
}

TEST_F(ModelPack, ModelInfoTellsAndVerifies) {
  ASSERT_EQ(pack().exit_code, 0);
  const ToolResult text = run_tool("model-info", {packed(), "--verify"});
  ASSERT_EQ(text.exit_code, 0) << text.err;
  for (const std::string& part :
       {std::string("format        pack of keras-h5\n"), "packed        " + available_isas().front() + " fast ",
        std::string("card          in the file\n"), std::string("checked       everything\n")}) {
    EXPECT_NE(text.out.find(part), std::string::npos) << part << "\n" << text.out;
  }
  const auto from_pack = nlohmann::json::parse(run_tool("model-info", {packed(), "--json"}).out);
  const auto from_keras = nlohmann::json::parse(run_tool("model-info", {keras(), "--json"}).out);
  for (const char* key : {"sha256", "keras_version", "name", "inputs", "outputs", "layers", "parameters", "macs",
                          "weight_bytes", "activation_bytes", "steps"}) {
    EXPECT_EQ(from_pack[key], from_keras[key]) << key;
  }
  EXPECT_EQ(from_pack["verified"], false);
  const ToolResult self_test = run_tool("model-info", {packed(), "--self-test"});
  EXPECT_NE(self_test.out.find("self-test passed"), std::string::npos) << self_test.err;
  // A damaged weight in the middle of the file.
  std::fstream file(packed(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(fs::file_size(packed()) / 2));
  file << "damage";
  file.close();
  EXPECT_EQ(run_tool("model-info", {packed()}).exit_code, 0);
  const ToolResult damaged = run_tool("model-info", {packed(), "--verify"});
  EXPECT_EQ(damaged.exit_code, 2);
  EXPECT_NE(damaged.err.find("checksum does not fit, the file is damaged"), std::string::npos) << damaged.err;
  EXPECT_EQ(run_tool("model-info", {keras(), "--verify"}).exit_code, 2);
}

TEST_F(ModelPack, ACardThatChangedSinceIsNoChoice) {
  ASSERT_EQ(pack().exit_code, 0);
  const std::string labels = labels_of(packed());
  const std::string beside = folder_ / "alone/demo.json";
  fs::copy_file(card(), beside);
  EXPECT_EQ(labels_of(packed()), labels);
  auto json = nlohmann::ordered_json::parse(read_file(card()));
  json["classes"][0] = "another";
  write_file(beside, json.dump());
  const Words words{"--model", packed(), "--input", kWeights + "/samples", "--output", folder_ / "labels.csv"};
  const ToolResult result = run_tool("batch-predict", words);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("holds another card than " + beside), std::string::npos) << result.err;
  fs::remove(beside);
  EXPECT_EQ(pack({"--no-card"}).exit_code, 0);
  EXPECT_NE(run_tool("batch-predict", words).err.find("no model card says"), std::string::npos);
}

TEST_F(ModelPack, APackFileIsPackedForOthers) {
  ASSERT_EQ(pack({"--isa", "none"}).exit_code, 0);
  const auto size = fs::file_size(packed());
  const std::string second = folder_ / "second.fovea";
  for (const std::string& option : {std::string("--config"), std::string("--layers")}) {
    expect_refused(run_tool("model-pack", {packed(), "--output", second, option, card()}), "holds its network");
    EXPECT_EQ(run_tool("model-info", {packed(), option, card()}).exit_code, 2);
    EXPECT_EQ(run_tool("batch-predict",
                       {"--model", packed(), "--input", kWeights + "/samples", "--output", second, option, card()})
                  .exit_code,
              2);
  }
  ASSERT_EQ(run_tool("model-pack", {packed(), "--output", second, "--isa", "portable"}).exit_code, 0);
  EXPECT_GT(fs::file_size(second), size);
  ASSERT_EQ(pack({"--isa", "portable"}).exit_code, 0);
  EXPECT_EQ(read_file(second), read_file(packed())) << "the Keras file and its pack file make another file";
}

TEST_F(ModelPack, RefusesInOneLine) {
  expect_refused(pack({"--isa", "z80"}), "--isa z80: is no instruction set of this machine");
  expect_refused(pack({"--isa", "none,best"}), "--isa none stands alone");
  expect_refused(pack({"--arithmetic", "slow"}), "slow");
  expect_refused(pack({"--card", card() + ".absent"}), "no such file");
  expect_refused(run_tool("model-pack", {keras(), "--output", keras()}), "is an input");
  expect_refused(run_tool("model-pack", {keras(), "--output", card()}), "is an input");
  expect_refused(run_tool("model-pack", {card(), "--output", packed()}), card());
  expect_refused(run_tool("model-pack", {keras(), "--output", folder_ / "absent/x.fovea"}),
                 "its folder does not exist");
  const std::string nan = folder_ / "nan.h5";
  write_tiny_model(nan, {.nan_weight = true});
  expect_refused(run_tool("model-pack", {nan, "--output", packed()}), "is NaN");
  EXPECT_FALSE(fs::exists(packed()));
  write_tiny_model(nan, {.unsupported_layer = true});
  expect_refused(run_tool("model-pack", {nan, "--output", packed()}), "unsupported");
}

TEST_F(ModelPack, AFullDiskLeavesWhatWasThere) {
  fs::create_directories(fs::path(packed()).parent_path());
  write_file(packed(), "what was there");
  const ToolResult result = run_tool("model-pack", {keras(), "--output", packed()}, "ulimit -f 1000; trap '' XFSZ;");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("cannot be written: File too large"), std::string::npos) << result.err;
  EXPECT_EQ(read_file(packed()), "what was there");
  EXPECT_EQ(leftovers(folder_ / "alone"), 0U);
}

TEST_F(ModelPack, AWrongSelfTestKeepsTheFileFromBeingWritten) {
  auto json = nlohmann::ordered_json::parse(read_file(card()));
  json["self_test"]["outputs"][0] = json["self_test"]["outputs"][0].get<double>() + 0.1;
  write_file(card(), json.dump());
  expect_refused(pack({"--quiet"}), "self-test: output 0 is");
  EXPECT_FALSE(fs::exists(packed()));
  EXPECT_EQ(pack({"--no-self-test"}).exit_code, 0);
}

}  // namespace
}  // namespace fovea::test
