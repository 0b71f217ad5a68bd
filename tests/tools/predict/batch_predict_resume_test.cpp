// Long runs: whatever ends one, --resume goes on, and the results are those of a run that nothing disturbed.
#include <sys/mount.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <thread>

#include "tests/support/random.h"
#include "tests/tools/long_run_fixture.h"

namespace fovea::test {
namespace {

namespace fs = std::filesystem;

TEST_F(LongRun, KilledAtRandomMomentsItLosesNothingAndRepeatsNothing) {
  const int kills = full_sweep() ? 50 : 8;
  const auto begun = std::chrono::steady_clock::now();
  const Results expected = undisturbed();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  Random random;
  SCOPED_TRACE("seed " + std::to_string(test_seed()));
  std::size_t resumed_with_images = 0;
  const auto expect_complete = [&] {
    EXPECT_EQ(results(), expected);
    EXPECT_FALSE(fs::exists(journal()));
    std::map<std::string, int> graded;
    for (const nlohmann::json& event : parsed(read_file(log()))) {
      if (event["event"] == "image") ++graded[event["id"]];
      if (event["event"] == "start" && event["resumed"] > 0) ++resumed_with_images;
    }
    for (const auto& [id, times] : graded) EXPECT_EQ(times, 1) << id << " was graded again";
    remove_results();
  };
  const Words words = slow({"--resume", "--log-json", log()});
  for (int killed = 0; killed < kills;) {
    RunningTool tool(words);
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds * static_cast<double>(random.real(0, 1))));
    tool.signal(SIGKILL);
    const ToolResult result = tool.wait();
    if (result.exit_code == -SIGKILL) {
      ++killed;
      EXPECT_TRUE(!fs::exists(labels()) || read_file(labels()) == expected.labels) << "half a result";
      if (fs::exists(labels()) && !fs::exists(journal())) expect_complete();  // killed when all was done
    } else {
      EXPECT_EQ(result.exit_code, 1) << result.err;
      expect_complete();
    }
  }
  const ToolResult last = batch_predict(words);
  EXPECT_EQ(last.exit_code, 1) << last.err;
  expect_complete();
  EXPECT_GT(resumed_with_images, 0u) << "runs that all began anew show nothing";
}

TEST_F(LongRun, SignalsLeaveAJournalAndSayHowToGoOn) {
  const Results expected = undisturbed();
  for (const auto& [number, code] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}, std::pair{SIGHUP, 129}}) {
    const ToolResult result = interrupt(slow(), number);
    EXPECT_EQ(result.exit_code, code) << result.err;
    const std::size_t images = kept();
    EXPECT_LT(images, 62u);
    expect_one_line(result, {"interrupted; " + journal() + " keeps " + std::to_string(images) + " of 62 images",
                             "the same command with --resume goes on"});
    EXPECT_FALSE(fs::exists(labels()));
    EXPECT_FALSE(fs::exists(errors()));
    EXPECT_FALSE(fs::exists(record()));
    EXPECT_EQ(leftovers(folder_.path()), 0u);
    ASSERT_EQ(batch_predict(slow({"--resume"})).exit_code, 1);
    EXPECT_EQ(results(), expected);
    EXPECT_EQ(read_record()["run"]["resumed"], images);
    EXPECT_EQ(read_record()["result"]["graded"], kPictures);
    EXPECT_FALSE(fs::exists(journal()));
    remove_results();
  }
}

TEST_F(LongRun, BatchesInWorkAreFinished) {
  const ToolResult result = interrupt(slow({"--batch", "5"}));
  EXPECT_EQ(result.exit_code, 143) << result.err;
  EXPECT_EQ(kept() % 5, 0u);
}

TEST_F(LongRun, ASecondSignalEndsItAtOnce) {
  write_png(picture(1200, 1200, 1), folder_ / "large.png");
  for (int i = 0; i < 200; ++i) {
    fs::create_hard_link(folder_ / "large.png", pictures() + "/large-" + std::to_string(i) + ".png");
  }
  for (const auto& [first, second] : {std::pair{SIGINT, SIGINT}, std::pair{SIGINT, SIGTERM}}) {
    RunningTool tool(slow({"--batch", "256"}));
    ASSERT_TRUE(tool.wait_for_lines(journal(), 1));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    tool.signal(first);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    tool.signal(second);
    EXPECT_EQ(tool.wait().exit_code, -second);
    EXPECT_FALSE(fs::exists(labels()));
    fs::remove(journal());
  }
}

TEST_F(LongRun, WithoutResumeAJournalIsNeverLost) {
  const Results expected = undisturbed();
  ASSERT_EQ(interrupt(slow()).exit_code, 143);
  const std::string before = read_file(journal());
  const ToolResult refused = batch_predict(slow());
  EXPECT_EQ(refused.exit_code, 2);
  expect_one_line(
      refused, {journal() + ": an earlier run was not finished", "--resume goes on with it", "--restart begins anew"});
  EXPECT_EQ(read_file(journal()), before);
  EXPECT_EQ(batch_predict(slow({"--resume", "--restart"})).exit_code, 2);
  EXPECT_EQ(batch_predict(slow({"--restart"})).exit_code, 1);
  EXPECT_EQ(results(), expected);
  EXPECT_EQ(read_record()["run"]["resumed"], 0);
  const ToolResult again = interrupt(slow({"--restart"}));
  EXPECT_EQ(again.exit_code, 143);
  expect_one_line(again, {"with --resume in place of --restart goes on"});
}

TEST_F(LongRun, AnotherRunIsRefusedByName) {
  const Results expected = undisturbed();
  ASSERT_EQ(interrupt(slow()).exit_code, 143);
  const std::string before = read_file(journal());
  const auto expect_refused = [&](const Words& more, const std::string& part) {
    Words words = slow({"--resume"});
    words.insert(words.end(), more.begin(), more.end());
    const ToolResult result = batch_predict(words);
    EXPECT_EQ(result.exit_code, 2) << part;
    expect_one_line(result, {part, "--restart begins anew"});
    EXPECT_EQ(read_file(journal()), before);
    EXPECT_FALSE(fs::exists(labels()));
  };
  expect_refused({"--tta", "2"}, "--tta was '1' and is '2'");
  expect_refused({"--fast-decode"}, "--fast-decode was 'not given' and is 'given'");
  expect_refused({"--arithmetic", "direct"}, "--arithmetic was 'fast' and is 'direct'");
  expect_refused({"--sigma", "12"}, "the model card was ");
  expect_refused({"--classes", "a,b,c,d,e"}, "the model card was ");
  expect_refused({"--save-preprocessed", folder_ / "saved"}, "--save-preprocessed was 'none'");
  const auto changed = [&](const std::string& file, const std::string& text, const std::string& part) {
    SCOPED_TRACE(part);
    const std::string whole = read_file(file);
    const fs::file_time_type time = fs::exists(file) ? fs::last_write_time(file) : fs::file_time_type();
    write_file(file, text);
    expect_refused({}, part);
    if (whole.empty()) {
      fs::remove(file);
    } else {
      write_file(file, whole);
      fs::last_write_time(file, time);
    }
  };
  write_tiny_model(folder_ / "other.h5", {.overflows = true});
  changed(model(), read_file(folder_ / "other.h5"), "the model was ");
  changed(pictures() + "/99.png", "one more", "the number of images was '62' and is '63'");
  // Of the same length: only the time of the last change tells.
  changed(pictures() + "/00.png", read_file(pictures() + "/00.png"), "00.png: was changed after it had been graded");
  fs::rename(pictures() + "/59.png", pictures() + "/59b.png");
  expect_refused({}, "the list of images was ");
  fs::rename(pictures() + "/59b.png", pictures() + "/59.png");

  // What changes no result may be another.
  Words words = slow({"--resume", "--threads", "2", "--batch", "3"});
  words.erase(std::find(words.begin(), words.end(), "--threads"), std::find(words.begin(), words.end(), "--resume"));
  EXPECT_EQ(batch_predict(words).exit_code, 1);
  EXPECT_EQ(results(), expected);
}

TEST_F(LongRun, OtherLayersInPlaceOfALambdaAreAnotherRun) {
  write_tiny_model(model(), {.unsupported_layer = true});
  const std::string layers = folder_ / "layers.json";
  const auto say = [&](const std::string& activation) {
    write_file(layers, R"({"mystery": {"class_name": "Activation", "config": {"activation": ")" + activation + "\"}}}");
  };
  say("tanh");
  ASSERT_EQ(interrupt(slow({"--layers", layers})).exit_code, 143);
  const std::string before = read_file(journal());
  say("sigmoid");
  const ToolResult refused = batch_predict(slow({"--layers", layers, "--resume"}));
  EXPECT_EQ(refused.exit_code, 2);
  expect_one_line(refused, {"--layers was '", "--restart begins anew"});
  EXPECT_EQ(read_file(journal()), before);
  say("tanh");
  EXPECT_EQ(batch_predict(slow({"--layers", layers, "--resume"})).exit_code, 1);
  const nlohmann::json record = read_record()["model"];
  EXPECT_EQ(record["layers"]["mystery"]["config"]["activation"], "tanh");
  EXPECT_EQ(record["layers_sha256"].get<std::string>().size(), 64u);
}

TEST_F(LongRun, PicturesThatChangeMeanwhileCostTheirOwnRow) {
  const Results expected = undisturbed();
  RunningTool tool(slow());
  ASSERT_TRUE(tool.wait_for_lines(journal(), 3));
  tool.signal(SIGSTOP);
  ASSERT_LT(kept(), 40u) << "too fast to be stopped in time";
  const std::string whole = read_file(pictures() + "/52.png");
  fs::remove(pictures() + "/51.png");
  write_file(pictures() + "/52.png", whole.substr(0, whole.size() / 2));  // as while it is being copied
  write_file(pictures() + "/53.png", read_file(pictures() + "/53.png") + std::string(100000, 'x'));
  fs::remove(pictures() + "/54.png");
  fs::create_directory(pictures() + "/54.png");
  fs::remove(pictures() + "/55.png");
  fs::create_symlink(pictures() + "/55.png", pictures() + "/55.png");
  tool.signal(SIGCONT);
  const ToolResult result = tool.wait();
  EXPECT_EQ(result.exit_code, 1) << result.err;

  std::map<std::string, std::string> before, rows, reasons;
  const std::string other = folder_ / "expected.csv";
  write_file(other, expected.labels);
  for (const tools::CsvRow& row : tools::read_csv(other).rows) before[row.cells[0]] = row.cells.at(5);
  for (const tools::CsvRow& row : read_labels().rows) rows[row.cells[0]] = row.cells.at(5);
  for (const tools::CsvRow& row : tools::read_csv(errors()).rows) reasons[row.cells[0]] = row.cells[2];
  EXPECT_EQ(rows.size() + reasons.size(), 62u);
  for (const char* id : {"51", "52", "54", "55"}) {
    EXPECT_EQ(rows.count(id), 0u) << id;
    EXPECT_NE(reasons[id], "") << id;
  }
  for (const auto& [id, row] : rows) EXPECT_EQ(row, before[id]) << id;
}

TEST_F(LongRun, AFullDiskKeepsWhatFits) {
  const Results expected = undisturbed();
  const ToolResult result = batch_predict(slow(), "ulimit -f 4; trap '' XFSZ;");  // of 1024 bytes
  EXPECT_EQ(result.exit_code, 2);
  const std::size_t images = kept();
  EXPECT_GT(images, 5u);
  EXPECT_LT(images, 60u);
  expect_one_line(result, {journal() + ": cannot be written: File too large; " + journal() + " keeps " +
                           std::to_string(images) + " of 62 images, the same command with --resume goes on"});
  EXPECT_FALSE(fs::exists(labels()));
  EXPECT_EQ(batch_predict(slow({"--resume"})).exit_code, 1);
  EXPECT_EQ(results(), expected);
  EXPECT_EQ(read_record()["run"]["resumed"], images);
}

TEST_F(LongRun, ResultsThatDoNotFitAreWrittenLater) {
  const Results expected = undisturbed();
  // The journal fits into 8 KiB, the record with its long command line does not.
  const Words words = slow({"--classes", "a,b,c,d," + std::string(5000, 'e')});
  ASSERT_EQ(batch_predict(words).exit_code, 1);
  const std::string labels_with_names = read_file(labels());
  remove_results();
  const ToolResult result = batch_predict(words, "ulimit -f 12; trap '' XFSZ;");
  EXPECT_EQ(result.exit_code, 2);
  expect_one_line(result, {"cannot be written", "keeps 62 of 62 images"});
  EXPECT_FALSE(fs::exists(labels()));
  Words again = words;
  again.insert(again.end(), {"--resume", "--log-json", log()});
  EXPECT_EQ(batch_predict(again).exit_code, 1);
  EXPECT_EQ(read_file(labels()), labels_with_names);
  for (const nlohmann::json& event : parsed(read_file(log()))) EXPECT_NE(event["event"], "image");
}

// A real file system that is full, where the tests may mount one.
TEST_F(LongRun, ARealFullDiskKeepsWhatFits) {
  const Results expected = undisturbed();
  const std::string disk = folder_ / "disk";
  fs::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=8k") != 0) GTEST_SKIP() << "no file system may be mounted here";
  struct Unmount {
    std::string disk;
    ~Unmount() { ::umount2(disk.c_str(), MNT_DETACH); }
  } const unmount{disk};
  Words words = slow();
  words[5] = disk + "/labels.csv";
  const ToolResult result = batch_predict(words);
  EXPECT_EQ(result.exit_code, 2);
  expect_one_line(result, {"No space left on device", "--resume goes on"});
  ASSERT_EQ(::mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=1m"), 0);
  words.emplace_back("--resume");
  EXPECT_EQ(batch_predict(words).exit_code, 1);
  EXPECT_EQ(read_file(disk + "/labels.csv"), expected.labels);
  EXPECT_EQ(read_file(disk + "/labels.errors.csv"), expected.errors);
}

TEST_F(LongRun, AForeignFileInPlaceOfTheJournalIsLeftAlone) {
  write_file(journal(), "a letter");
  for (const char* how : {"--resume", "--restart"}) {
    const ToolResult result = batch_predict(slow({how}));
    EXPECT_EQ(result.exit_code, 2);
    expect_one_line(result, {journal() + ": is no journal of batch-predict"});
    EXPECT_EQ(read_file(journal()), "a letter");
  }
}

TEST_F(BatchPredict, AFolderOfManyPictures) {
  const int count = full_sweep() ? 100000 : 3000;
  write_png(picture(24, 24, 1), pictures() + "/0.png");
  std::string source = pictures() + "/0.png";
  for (int i = 1; i < count; ++i) {
    const std::string file = pictures() + "/" + std::to_string(i) + ".png";
    // A file may have tens of thousands of links, not more.
    if (i % 10000 == 0) {
      fs::copy_file(source, file);
      source = file;
    } else {
      fs::create_hard_link(source, file);
    }
  }
  const ToolResult result = batch_predict(
      {"--model", model(), "--input", pictures(), "--output", labels(), "--quiet", "--preprocess", "rescale-700"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(read_labels().rows.size(), static_cast<std::size_t>(count));
}

}  // namespace
}  // namespace fovea::test
