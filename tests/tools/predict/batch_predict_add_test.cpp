// --resume=add: pictures that came while a run was interrupted are graded, and nothing is graded twice.
#include <map>

#include "tests/tools/long_run_fixture.h"

namespace fovea::test {
namespace {

namespace fs = std::filesystem;

TEST_F(LongRun, PicturesThatCameLaterAreAdded) {
  RunningTool first(slow());
  ASSERT_TRUE(first.wait_for_lines(journal(), 12));  // the bad one among them
  first.signal(SIGTERM);
  ASSERT_EQ(first.wait().exit_code, 143);
  const std::size_t graded_before = kept();
  ASSERT_GE(graded_before, 10u);
  ASSERT_LT(graded_before, 40u);
  write_png(picture(300, 200, 99), pictures() + "/00-new.png");
  write_png(picture(300, 200, 98), pictures() + "/99-new.png");
  // What was half copied when it was met is whole now: bad and graded are other things.
  write_png(picture(300, 200, 97), pictures() + "/07-bad.png");
  const ToolResult refused = batch_predict(slow({"--resume"}));
  EXPECT_EQ(refused.exit_code, 2);
  expect_one_line(refused, {"the number of images was '62' and is '64'", "--resume=add", "--restart begins anew"});
  EXPECT_EQ(kept(), graded_before);
  EXPECT_EQ(batch_predict(slow({"--resume=sub"})).exit_code, 2);

  // Interrupted once more, it is gone on with as any run.
  RunningTool tool(slow({"--resume=add"}));
  ASSERT_TRUE(tool.wait_for_lines(journal(), graded_before + 4));
  tool.signal(SIGTERM);
  ASSERT_EQ(tool.wait().exit_code, 143);
  const ToolResult result = batch_predict(slow({"--resume", "--log-json", log()}));
  EXPECT_EQ(result.exit_code, 1) << result.err;
  std::vector<std::string> ids, expected;
  for (const tools::CsvRow& row : read_labels().rows) ids.push_back(row.cells[0]);
  const Results added = results();
  remove_results();
  ASSERT_EQ(batch_predict(slow()).exit_code, 1);
  std::map<std::string, std::vector<std::string>> rows;
  for (const tools::CsvRow& row : read_labels().rows) {
    expected.push_back(row.cells[0]);
    rows[row.cells[0]] = row.cells;
  }
  ASSERT_EQ(expected.size(), 63u);
  write_file(labels(), added.labels);
  for (const tools::CsvRow& row : read_labels().rows) EXPECT_EQ(row.cells, rows[row.cells[0]]);
  // First what was there before, then the rest, each in the order of the list.
  const auto later = std::find(ids.begin(), ids.end(), "00-new");
  ASSERT_NE(later, ids.end());
  EXPECT_GE(static_cast<std::size_t>(later - ids.begin()), graded_before - 1);
  const auto before = [&](const std::string& x, const std::string& y) {
    return std::find(expected.begin(), expected.end(), x) < std::find(expected.begin(), expected.end(), y);
  };
  EXPECT_TRUE(std::is_sorted(ids.begin(), later, before));
  EXPECT_TRUE(std::is_sorted(later, ids.end(), before));
  std::sort(ids.begin(), ids.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(ids, expected);
}

TEST_F(LongRun, WhatWasGradedMayNotGoAwayInSilence) {
  ASSERT_EQ(interrupt(slow(), SIGTERM).exit_code, 143);
  const std::string before = read_file(journal());
  fs::rename(pictures() + "/00.png", folder_ / "00.png");
  const ToolResult refused = batch_predict(slow({"--resume=add"}));
  EXPECT_EQ(refused.exit_code, 2);
  expect_one_line(refused, {"00: was graded, and is not in the list any more; --restart begins anew"});
  EXPECT_EQ(read_file(journal()), before);
  fs::rename(folder_ / "00.png", pictures() + "/00.png");
  write_png(picture(30, 40, 5), pictures() + "/00.png");
  const ToolResult changed = batch_predict(slow({"--resume=add"}));
  EXPECT_EQ(changed.exit_code, 2);
  expect_one_line(changed, {"00.png: was changed after it had been graded"});
  fs::remove(pictures() + "/59.png");  // not graded yet
  EXPECT_EQ(batch_predict(slow({"--restart"})).exit_code, 1);
}

}  // namespace
}  // namespace fovea::test
