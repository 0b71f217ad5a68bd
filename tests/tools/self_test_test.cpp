// The self-test of a card as the programs run it: a model with one changed weight is refused by each of them.
#include <hdf5.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/tools/predict/batch_predict_fixture.h"

namespace fovea::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// One more for a weight in the middle of the network.
void change_one_weight(const std::string& path) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t data = H5Dopen2(file, "model_weights/conv4_block1_2_conv/conv4_block1_2_conv/kernel", H5P_DEFAULT);
  const hid_t space = H5Dget_space(data);
  std::vector<float> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  ASSERT_GT(values.size(), 1000U) << "the demo model has another layout";
  ASSERT_GE(H5Dread(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
  values[values.size() / 2] += 1;
  ASSERT_GE(H5Dwrite(data, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
  H5Sclose(space);
  H5Dclose(data);
  H5Fclose(file);
}

class SelfTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::copy_file(FOVEA_SOURCE_DIR "/weights/demo.h5", model());
    fs::copy_file(FOVEA_SOURCE_DIR "/weights/demo.json", card());
    fs::permissions(model(), fs::perms::owner_write, fs::perm_options::add);
    fs::permissions(card(), fs::perms::owner_write, fs::perm_options::add);
  }

  std::string model() const { return folder_ / "m.h5"; }
  std::string card() const { return folder_ / "m.json"; }
  std::string labels() const { return folder_ / "labels.csv"; }

  nlohmann::json read_self_test() const { return nlohmann::json::parse(read_file(card()))["self_test"]; }
  void remove_self_test() const {
    auto json = nlohmann::ordered_json::parse(read_file(card()));
    json.erase("self_test");
    write_file(card(), json.dump(2));
  }

  /// The command lines by which each program would grade the first sample. The server would not end by itself.
  std::vector<std::pair<std::string, Words>> programs() const {
    const std::string samples = FOVEA_SOURCE_DIR "/weights/samples";
    return {{"batch-predict",
             {"--model", model(), "--input", samples + "/drawn3_00000.jpg", "--output", labels(), "--quiet"}},
            {"benchmark-compare",
             {"--model", model(), "--benchmark", samples + "/labels.csv", "--images", samples, "--output",
              folder_ / "comparison", "--quiet"}},
            {"grade-server", {"--model", model(), "--port", "0"}}};
  }
  ToolResult run(const std::pair<std::string, Words>& program, const Words& more = {}) const {
    Words words = program.second;
    words.insert(words.end(), more.begin(), more.end());
    return run_tool(program.first, words, "timeout 120 ");
  }
  void expect_refused(const std::pair<std::string, Words>& program, const Words& parts, const Words& more = {}) const {
    const ToolResult result = run(program, more);
    EXPECT_EQ(result.exit_code, 2) << program.first << result.out;
    expect_one_line(result, parts);
    EXPECT_EQ(result.out.find("\nready"), std::string::npos) << result.out;
    EXPECT_FALSE(fs::exists(labels()));
    EXPECT_FALSE(fs::exists(folder_ / "comparison"));
    EXPECT_EQ(leftovers(folder_.path()), 0U);
  }

  TemporaryFolder folder_;
};

TEST_F(SelfTest, OneChangedWeightIsRefusedByEachProgram) {
  change_one_weight(model());
  for (const auto& program : programs()) {
    expect_refused(program, {program.first + ": ", card() + ": self-test: output ", " is ", ", expected ",
                             " from keras ", "m.h5 is not the file that the test was made with"});
  }
  const ToolResult info = run_tool("model-info", {model(), "--self-test"});
  EXPECT_EQ(info.exit_code, 2);
  expect_one_line(info, {"model-info: ", card() + ": self-test: output "});
  const ToolResult other_card = run(programs().front(), {"--card", FOVEA_SOURCE_DIR "/weights/demo.json"});
  EXPECT_EQ(other_card.exit_code, 2);

  const ToolResult skipped = run(programs().front(), {"--no-self-test"});
  EXPECT_EQ(skipped.exit_code, 0) << skipped.err;
  EXPECT_EQ(nlohmann::json::parse(read_file(folder_ / "labels.run.json"))["run"]["self_test"], "not run");
}

TEST_F(SelfTest, ItIsRunAndOnRecord) {
  const ToolResult result = run(programs().front(), {"--self-test", "--arithmetic", "direct", "--threads", "1"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string said = nlohmann::json::parse(read_file(folder_ / "labels.run.json"))["run"]["self_test"];
  EXPECT_EQ(said, "passed, answer of " + read_self_test()["computed_by"].get<std::string>());
}

TEST_F(SelfTest, AnotherCardDoesNotHideIt) {
  change_one_weight(model());
  const std::string plain = folder_ / "plain.json";
  write_file(plain, R"({"fovea_card": 1, "preprocessing": {"preset": "imagenet-torch"}, "demo": true})");
  expect_refused(programs().front(), {card() + ": self-test: output "}, {"--card", plain});
}

TEST_F(SelfTest, InsistingOnOneThatIsNotThere) {
  remove_self_test();
  for (const auto& program : programs()) {
    expect_refused(program, {program.first + ": " + card() + ": holds no self-test"}, {"--self-test"});
    expect_refused(program, {"--self-test and --no-self-test exclude each other"}, {"--self-test", "--no-self-test"});
  }
  const ToolResult result = run_tool("model-info", {model(), "--self-test"});
  EXPECT_EQ(result.exit_code, 2);
  expect_one_line(result, {card() + ": holds no self-test"});
  const ToolResult without_model =
      run_tool("benchmark-compare", {"--benchmark", "b.csv", "--predictions", "p.csv", "--output", "o", "--self-test"});
  EXPECT_EQ(without_model.exit_code, 2);
  expect_one_line(without_model, {"go with --model"});
}

TEST_F(SelfTest, ModelInfoWritesFoveasAnswer) {
  const std::string before = read_file(card());
  const ToolResult kept = run_tool("model-info", {model(), "--write-self-test"});
  EXPECT_EQ(kept.exit_code, 2);
  expect_one_line(kept, {card() + ": holds the answer of keras "});
  EXPECT_EQ(read_file(card()), before);

  remove_self_test();
  const ToolResult written = run_tool("model-info", {model(), "--write-self-test"});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  EXPECT_EQ(read_self_test()["computed_by"].get<std::string>().rfind("fovea ", 0), 0U);
  EXPECT_EQ(run_tool("model-info", {model(), "--self-test"}).exit_code, 0);
  EXPECT_EQ(run_tool("model-info", {model(), "--write-self-test"}).exit_code, 0);  // its own is replaced
  EXPECT_EQ(run_tool("model-info", {model(), "--self-test", "--isa", "portable"}).exit_code, 0);
  change_one_weight(model());
  expect_refused(programs().front(), {card() + ": self-test: output ", " from fovea "});

  fs::remove(card());
  const ToolResult no_card = run_tool("model-info", {model(), "--write-self-test"});
  EXPECT_EQ(no_card.exit_code, 2);
  expect_one_line(no_card, {model() + ": has no model card beside it"});
}

TEST_F(SelfTest, OutputsThatAreNoNumbersKeepTheServerFromBeingReady) {
  write_tiny_model(model(), TinyModel{.overflows = true});
  fs::remove(card());
  expect_refused({"grade-server", {"--model", model(), "--port", "0", "--preprocess", "none"}},
                 {"grade-server: self-test: output ", "is not a finite number"});
}

}  // namespace
}  // namespace fovea::test
