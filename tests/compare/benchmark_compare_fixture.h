// A benchmark and predictions of it for the tests of benchmark-compare.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/tools/run_tool.h"
#include "tests/tools/temporary_folder.h"
#include "text/csv.h"

namespace fovea::test {

class BenchmarkCompare : public ::testing::Test {
 protected:
  using Words = std::vector<std::string>;

  void SetUp() override {
    write_file(benchmark(),
               "id_code,Actual,site\r\na.png,0,x\r\nb.png,1,x\r\nc.png,2,y\r\nd.png,3,\"y,z\"\r\ne.png,4,y\r\n");
    write_file(predictions(),
               "id_code,diagnosis,p0,p1,p2,p3,p4\na,0,0.9,0.1,0,0,0\nb,1,0.2,0.7,0.1,0,0\nc,2,0,0.2,0.6,0.2,0\n"
               "d,0,0.95,0.05,0,0,0\ne,4,0,0,0.1,0.2,0.7\n");
  }

  std::string benchmark() const { return folder_ / "Benchmark.csv"; }
  std::string predictions() const { return folder_ / "labels.csv"; }
  std::string output() const { return folder_ / "out"; }
  std::string result(const std::string& name) const { return output() + "/" + name; }

  Words arguments(const Words& more = {}) const {
    Words words{"--benchmark", benchmark(), "--predictions", predictions(), "--output", output(), "--resamples", "50"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  static ToolResult run(const Words& words, const std::string& before = "") {
    return run_tool("benchmark-compare", words, before);
  }
  nlohmann::json metrics() const { return nlohmann::json::parse(read_file(result("metrics.json"))); }

  /// Exit code 2, one line with all parts, no folder made.
  void expect_refused(const Words& words, const Words& parts, const std::string& before = "") const {
    const ToolResult refused = run(words, before);
    EXPECT_EQ(refused.exit_code, 2) << refused.err;
    EXPECT_EQ(std::count(refused.err.begin(), refused.err.end(), '\n'), 1) << refused.err;
    for (const std::string& part : parts) EXPECT_NE(refused.err.find(part), std::string::npos) << part << refused.err;
    EXPECT_FALSE(std::filesystem::exists(output()));
  }

  TemporaryFolder folder_;
};

}  // namespace fovea::test
