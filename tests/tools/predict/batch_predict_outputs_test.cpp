// Where results go: folders that are made, standard output, devices and pipes, links that nobody should follow.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "tests/tools/predict/batch_predict_fixture.h"

namespace fovea::test {
namespace {

namespace fs = std::filesystem;

class BatchPredictOutputs : public BatchPredict {
 protected:
  void SetUp() override {
    BatchPredict::SetUp();
    make_pictures();
    for (int i = 0; i < 7; ++i) write_file(pictures() + "/bad" + std::to_string(i) + ".png", "no picture");
    ASSERT_EQ(batch_predict(arguments()).exit_code, 1);
    expected_ = read_file(labels());
    for (const std::string& file : {labels(), errors(), record()}) fs::remove(file);
  }
  Words to(const std::string& output, const Words& more = {}) const {
    Words words = arguments(more);
    words[5] = output;
    return words;
  }
  std::string expected_;
};

TEST_F(BatchPredictOutputs, TheFolderIsMade) {
  const std::string file = folder_ / "a/b c/labels.csv";
  EXPECT_EQ(batch_predict(to(file)).exit_code, 1);
  EXPECT_EQ(read_file(file), expected_);
  EXPECT_TRUE(fs::exists(folder_ / "a/b c/labels.run.json"));
}

TEST_F(BatchPredictOutputs, StandardOutputHoldsTheGradesAndNothingElse) {
  for (const char* output : {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
    const ToolResult result = batch_predict(to(output));
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_EQ(result.out, expected_) << output;
    EXPECT_NE(result.err.find("referable (grade 2"), std::string::npos) << result.err;
    for (int i = 0; i < 7; ++i) EXPECT_NE(result.err.find("bad" + std::to_string(i) + ".png: "), std::string::npos);
  }
  // Also into a file that is there already, which is written and not replaced.
  const std::string file = folder_ / "out.txt";
  EXPECT_EQ(batch_predict(to("/dev/stdout", {"--quiet"}), "", ">>" + shell_word(file)).exit_code, 1);
  EXPECT_EQ(read_file(file), expected_);
  EXPECT_EQ(leftovers(folder_.path()), 0u);
  const ToolResult closed = batch_predict(to("-", {"--quiet"}), "", "| true");
  EXPECT_TRUE(closed.exit_code == 1 || closed.exit_code == 2) << closed.exit_code;
  EXPECT_EQ(batch_predict(to("-", {"--quiet"}), "", ">/dev/full").exit_code, 2);
  EXPECT_EQ(batch_predict(to("-", {"--resume"})).exit_code, 2);
}

TEST_F(BatchPredictOutputs, DevicesAndPipesAreWrittenNotReplaced) {
  EXPECT_EQ(batch_predict(to("/dev/null", {"--quiet"})).exit_code, 1);
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  const ToolResult full = batch_predict(to("/dev/full", {"--quiet"}));
  EXPECT_EQ(full.exit_code, 2);
  expect_one_line(full, {"/dev/full: cannot be written: No space left on device; no result was written"});
  const std::string pipe = folder_ / "pipe.csv";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::string got;
  std::thread reader([&] { got = read_file(pipe); });
  EXPECT_EQ(batch_predict(to(pipe, {"--quiet"})).exit_code, 1);
  reader.join();
  EXPECT_EQ(got, expected_);
  EXPECT_TRUE(fs::is_fifo(pipe));
  EXPECT_FALSE(fs::exists(pipe + ".journal"));
}

TEST_F(BatchPredictOutputs, LinksOfOthersInFoldersOfAllAreNotFollowed) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to make another user's link";
  const std::string shared = folder_ / "shared", victim = folder_ / "victim.csv";
  fs::create_directory(shared);
  ::chmod(shared.c_str(), 01777);
  write_file(victim, "precious");
  const auto link = [&](const std::string& name, const std::string& target, uid_t owner) {
    fs::create_symlink(target, shared + "/" + name);
    ASSERT_EQ(::lchown((shared + "/" + name).c_str(), owner, owner), 0);
  };
  link("theirs.csv", victim, 12345);
  link("indirect.csv", "theirs.csv", 0);
  link("folder", folder_.path().string(), 12345);
  link("none.csv", folder_ / "none.csv", 12345);
  for (const char* name : {"theirs.csv", "indirect.csv", "none.csv", "folder/victim.csv", "folder/deep/new.csv"}) {
    const ToolResult result = batch_predict(to(shared + "/" + name));
    EXPECT_EQ(result.exit_code, 2) << name;
    expect_one_line(result, {"another user's symbolic link"});
    EXPECT_EQ(read_file(victim), "precious");
    EXPECT_FALSE(fs::exists(folder_ / "deep"));
  }
  EXPECT_EQ(batch_predict(to(labels(), {"--log-json", shared + "/theirs.csv"})).exit_code, 2);
  EXPECT_EQ(batch_predict(to(labels(), {"--write-ids", shared + "/theirs.csv"})).exit_code, 2);
  EXPECT_EQ(read_file(victim), "precious");
  // One's own, and those of the folder's owner, are.
  link("mine.csv", victim, 0);
  EXPECT_EQ(batch_predict(to(shared + "/mine.csv")).exit_code, 1);
  EXPECT_EQ(read_file(victim), expected_);
}

}  // namespace
}  // namespace fovea::test
