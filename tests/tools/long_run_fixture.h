// A run of batch-predict that takes a second or two, long enough to be disturbed.
#pragma once

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/tools/predict/batch_predict_fixture.h"
#include "tests/tools/running_tool.h"

namespace fovea::test {

class LongRun : public BatchPredict {
 protected:
  static constexpr int kPictures = 60;

  std::string journal() const { return labels() + ".journal"; }
  std::string log() const { return folder_ / "log.jsonl"; }

  static std::string name(int i) { return (i < 10 ? "0" : "") + std::to_string(i); }

  /// Sixty pictures that take a while, and two that are none.
  void SetUp() override {
    BatchPredict::SetUp();
    for (int i = 0; i < kPictures; ++i) {
      write_png(picture(200 + 5 * i, 320, static_cast<unsigned>(i)), pictures() + "/" + name(i) + ".png");
    }
    write_file(pictures() + "/07-bad.png", "no picture");
    write_file(pictures() + "/40-bad.png", "");
  }

  Words slow(const Words& more = {}) const {
    Words words = arguments({"--quiet", "--details", "--threads", "1"});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  struct Results {
    std::string labels, errors;
    bool operator==(const Results&) const = default;
  };
  Results results() const { return {read_file(labels()), read_file(errors())}; }
  void remove_results() const {
    for (const std::string& file : {labels(), errors(), record(), log()}) std::filesystem::remove(file);
  }
  Results undisturbed() const {
    const ToolResult result = batch_predict(slow());
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_FALSE(std::filesystem::exists(journal()));
    EXPECT_EQ(read_record()["run"]["resumed"], 0);
    const Results found = results();
    remove_results();
    return found;
  }
  std::size_t kept() const {
    const std::string text = read_file(journal());
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) - 1;
  }
  /// Begins a run and ends it by a signal once some images are in the journal.
  ToolResult interrupt(const Words& words, int number = SIGTERM) const {
    RunningTool tool(words);
    EXPECT_TRUE(tool.wait_for_lines(journal(), 6));
    tool.signal(number);
    return tool.wait();
  }
  static std::vector<nlohmann::json> parsed(const std::string& text) {
    std::vector<nlohmann::json> events;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      EXPECT_NE(end, std::string::npos) << "a line has no end";
      events.push_back(nlohmann::json::parse(text.substr(at, end - at)));
      at = end == std::string::npos ? text.size() : end + 1;
    }
    return events;
  }
};

}  // namespace fovea::test
