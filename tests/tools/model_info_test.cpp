// model-info: what it prints of a model that runs, of one that does not, and of no model at all.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/tools/run_tool.h"
#include "tests/tools/temporary_folder.h"
#include "tests/tools/tiny_model.h"

namespace fovea {
namespace {

using test::run_tool;
using test::ToolResult;

const std::string kDemo = std::string(FOVEA_SOURCE_DIR) + "/weights/demo.h5";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(ModelInfo, TellsWhatTheFileHoldsAndWhatItBecomes) {
  const ToolResult result = run_tool("model-info", {kDemo});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  for (const char* part : {"format        keras-h5\n", "SHA-256", "conv5_block3_3_bn    BatchNormalization",
                           "part of conv5_block3_3_conv", "parameters    1,766,117\n", "activations an image"}) {
    EXPECT_TRUE(has(result.out, part)) << part << "\n" << result.out;
  }
}

TEST(ModelInfo, TheTotalsAreTheSumsOfTheLayers) {
  const ToolResult result = run_tool("model-info", {kDemo, "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  std::int64_t parameters = 0;
  std::int64_t macs = 0;
  for (const auto& layer : json["layers"]) {
    parameters += layer["parameters"].get<std::int64_t>();
    macs += layer["macs"].get<std::int64_t>();
    EXPECT_FALSE(layer["output"].is_null()) << layer["name"];
  }
  EXPECT_EQ(json["parameters"], parameters);
  EXPECT_EQ(json["macs"], macs);
  EXPECT_GT(macs, 300'000'000);
  EXPECT_EQ(json["sha256"].get<std::string>().size(), 64U);
  EXPECT_GT(json["activation_bytes"].get<std::int64_t>(), 0);
}

TEST(ModelInfo, DrawsEveryConnection) {
  const ToolResult result = run_tool("model-info", {kDemo, "--dot"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.rfind("digraph ", 0), 0U);
  EXPECT_TRUE(has(result.out, "\"conv5_block3_3_bn\" -> \"conv5_block3_add\";"));
  EXPECT_TRUE(has(result.out, "\"conv5_block2_out\" -> \"conv5_block3_add\";"));
  EXPECT_EQ(result.out.substr(result.out.size() - 2), "}\n");
}

TEST(ModelInfo, ShowsAllInputsAndOutputs) {
  const test::TemporaryFolder folder;
  const std::string file = (folder.path() / "two.h5").string();
  test::write_tiny_model(file, {.two_outputs = true});
  const ToolResult text = run_tool("model-info", {file});
  EXPECT_TRUE(has(text.out, "\ninput         in 24x24x3\noutputs       head 5, flat 3872\n")) << text.out;
  const auto json = nlohmann::json::parse(run_tool("model-info", {file, "--json"}).out);
  EXPECT_EQ(json["inputs"], nlohmann::json::parse(R"([{"name":"in","shape":[24,24,3]}])"));
  EXPECT_EQ(json["outputs"], nlohmann::json::parse(R"([{"name":"head","shape":[5]},{"name":"flat","shape":[3872]}])"));
  const ToolResult dot = run_tool("model-info", {file, "--dot"});
  for (const char* part : {"InputLayer\\n24x24x3\\ninput", "Dense\\n5\\noutput 1", "Flatten\\n3872\\noutput 2"}) {
    EXPECT_TRUE(has(dot.out, part)) << part << "\n" << dot.out;
  }
}

TEST(ModelInfo, SaysWhatAModelThatCannotRunIsToStartFrom) {
  const test::TemporaryFolder folder;
  const std::string file = (folder.path() / "own.h5").string();
  test::write_tiny_model(file, {.unsupported_layer = true});
  const ToolResult text = run_tool("model-info", {file});
  EXPECT_EQ(text.exit_code, 2);
  for (const std::string& output : {text.out, text.err}) {
    EXPECT_TRUE(has(output, "; to say what runs in their place: --layers with a file of {\"")) << output;
  }
}

TEST(ModelInfo, ErrorsAreOneLine) {
  const test::TemporaryFolder folder;
  const std::string text = (folder.path() / "text.h5").string();
  std::ofstream(text) << "not a model\n";
  for (const auto& arguments : std::vector<std::vector<std::string>>{{text},
                                                                     {folder.path().string()},
                                                                     {text + "\n.absent"},
                                                                     {kDemo, "--json", "--dot"},
                                                                     {kDemo, "--isa", "z80"},
                                                                     {},
                                                                     {kDemo, "--config", text}}) {
    const ToolResult result = run_tool("model-info", arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err.rfind("model-info: ", 0), 0U) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
}

}  // namespace
}  // namespace fovea
