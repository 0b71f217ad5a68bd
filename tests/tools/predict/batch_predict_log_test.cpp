// What batch-predict tells machines with --log-json.
#include "tests/tools/long_run_fixture.h"

namespace fovea::test {
namespace {

TEST_F(LongRun, TheLogTellsMachinesEverything) {
  ASSERT_EQ(interrupt(slow({"--log-json", log()})).exit_code, 143);
  const std::size_t images = kept();
  ASSERT_EQ(batch_predict(slow({"--resume", "--log-json", log()})).exit_code, 1);
  const std::vector<nlohmann::json> events = parsed(read_file(log()));
  std::vector<std::size_t> starts, ends;
  std::size_t next = 0, failed = 0;
  double seconds = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const nlohmann::json& event = events[i];
    if (event["event"] == "start") {
      starts.push_back(i);
      EXPECT_EQ(event["images"], 62);
      EXPECT_EQ(event["sha256"].get<std::string>().size(), 64u);
      seconds = 0;
    }
    EXPECT_GE(event["seconds"].get<double>(), seconds);
    seconds = event["seconds"];
    if (event["event"] == "end") ends.push_back(i);
    if (event["event"] != "image") continue;
    EXPECT_EQ(event["index"], next++);
    EXPECT_NE(event.contains("grade"), event.contains("error"));
    failed += event.contains("error") ? 1 : 0;
  }
  EXPECT_EQ(next, 62u);
  EXPECT_EQ(failed, 2u);
  ASSERT_EQ(starts.size(), 2u);
  ASSERT_EQ(ends.size(), 2u);
  EXPECT_EQ(events[starts[0]]["resumed"], 0);
  EXPECT_EQ(events[starts[1]]["resumed"], images);
  EXPECT_EQ(events[ends[0]]["status"], "interrupted");
  EXPECT_EQ(events[ends[0]]["exit_code"], 143);
  EXPECT_NE(events[ends[0]]["message"].get<std::string>().find("--resume goes on"), std::string::npos);
  EXPECT_EQ(events[ends[1]]["status"], "complete");
  EXPECT_EQ(events[ends[1]]["graded"].get<std::size_t>() + events[ends[1]]["failed"].get<std::size_t>(), 62 - images);
}

TEST_F(LongRun, ALogOnStandardErrorStandsAlone) {
  ToolResult result = batch_predict(arguments({"--log-json", "-"}));
  EXPECT_EQ(result.exit_code, 1);
  std::vector<nlohmann::json> events = parsed(result.err);
  EXPECT_EQ(events.front()["event"], "start");
  EXPECT_EQ(events.back()["event"], "end");
  EXPECT_GE(events.size(), 64u);
  write_file(folder_ / "text.h5", "no model");
  Words words = arguments({"--log-json", "-"});
  words[1] = folder_ / "text.h5";
  result = batch_predict(words);
  EXPECT_EQ(result.exit_code, 2);
  events = parsed(result.err);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0]["status"], "failed");
  EXPECT_NE(events[0]["message"].get<std::string>().find("text.h5"), std::string::npos);
}

TEST_F(LongRun, ALogThatCannotBeWrittenEndsTheRun) {
  ToolResult result = batch_predict(arguments({"--quiet", "--log-json", folder_ / "none/log"}));
  EXPECT_EQ(result.exit_code, 2);
  expect_one_line(result, {"none/log", "cannot be written"});
  result = batch_predict(arguments({"--quiet", "--log-json", "/dev/full"}));
  EXPECT_EQ(result.exit_code, 2);
  expect_one_line(result, {"/dev/full: cannot be written: No space left on device"});
  result = batch_predict(arguments({"--quiet", "--log-json", model()}));
  expect_one_line(result, {"tiny.h5", "is an input"});
}

}  // namespace
}  // namespace fovea::test
