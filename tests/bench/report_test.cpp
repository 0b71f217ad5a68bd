// The forms of a report that was made up: the table's width, and what stands in JSON, CSV and picture.
#include "bench/report.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include <fovea/error.h>
#include "bench/roofline_plot.h"
#include "tests/tools/temporary_folder.h"
#include "text/csv.h"
#include "text/text.h"
#include "tools/common/drawing/picture_file.h"
#include "tools/common/files/atomic_file.h"

namespace fovea::bench {
namespace {

Row row(const std::string& name, std::int64_t macs) {
  Row made;
  made.names = {name, name + "_again"};
  made.layer.name = name;
  made.layer.class_name = macs > 0 ? "Conv2D" : "MaxPooling2D";
  made.layer.kernel = "avx512/conv_f32_c16_with_a_long_name 14x32";
  made.layer.inputs = {{1234, 1234, 1024}, {1234, 1234, 2048}};
  made.layer.output = {1234, 1234, 2048};
  made.layer.macs = macs;
  made.kind = macs > 0 ? "1x1" : "MaxPooling2D";
  made.work = {2.0 * static_cast<double>(macs), 4e9};
  made.times = {1000.5, 1001.5, 1002.5};
  made.alone = {900.25, 901.25, 902.25};
  made.efficiency = efficiency(made.work, made.times.min, {.gflops = 100, .gb_per_s = 10});
  made.share = 0.5;
  return made;
}

Report report() {
  Report made;
  made.header.model = "folder/net.h5";
  made.header.batch = 1;
  made.header.gmacs = 100;
  made.peaks.peaks = {.gflops = 100, .gb_per_s = 10};
  made.rows = {row("a_layer_with_a_name_far_too_long_for_any_table_that_fits_a_console", 123456789012), row("pool", 0)};
  made.whole = made.pass = {4000, 4001, 4002};
  made.sum_of_minima = 4002;
  return made;
}

TEST(Report, TheTableFits160Columns) {
  std::istringstream lines(to_table(report()));
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, tools::columns(line));
  EXPECT_LE(widest, 160u);
  EXPECT_GT(widest, 120u);
}

TEST(Report, WhatIsNotCountedIsADash) {
  std::istringstream lines(to_table(report()));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("pool")) continue;
    EXPECT_NE(line.find(" - "), std::string::npos) << line;
    return;
  }
  FAIL() << "no row of the pooling";
}

TEST(Report, JsonAndCsvSayTheSame) {
  const auto json = nlohmann::json::parse(to_json(report()));
  const tools::CsvTable csv = tools::parse_csv(to_csv(report()), "csv");
  ASSERT_EQ(json["layers"].size(), 2u);
  ASSERT_EQ(csv.rows.size(), 2u);
  const auto cell = [&](std::size_t row, const char* name) { return csv.rows[row].cells[csv.column(name).value()]; };
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& layer = json["layers"][i];
    EXPECT_EQ(cell(i, "count"), "2");
    EXPECT_EQ(layer["count"], 2);
    EXPECT_EQ(std::stod(cell(i, "ms_min")), layer["ms"]["min"].get<double>());
    EXPECT_EQ(std::stod(cell(i, "alone_ms_min")), layer["alone_ms"]["min"].get<double>());
    for (const char* key : {"intensity", "gflops", "percent_of_peak", "percent_of_roofline", "percent_of_time"}) {
      EXPECT_EQ(std::stod(cell(i, key)), layer[key].get<double>()) << key;
    }
  }
  EXPECT_EQ(cell(0, "output"), "1234x1234x2048");
}

TEST(Report, ThePictureIsWholeInBothFormats) {
  const test::TemporaryFolder folder;
  for (const auto& [name, start] : {std::pair{"a.png", "\x89PNG"}, {"a.svg", "<?xml"}}) {
    tools::AtomicFile file(folder / name);
    tools::write_picture(roofline_drawing(report()), file);
    file.publish();
    EXPECT_TRUE(test::read_file(folder / name).starts_with(start)) << name;
    EXPECT_GT(test::read_file(folder / name).size(), 2000u) << name;
  }
}

// Lets no file grow over a kilobyte while it lives, as a full disk would.
class SmallFiles {
 public:
  SmallFiles() {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{1024, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  rlimit before_{};
  void (*signal_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

TEST(Report, APictureThatDoesNotFitOnTheDiskIsAnError) {
  const test::TemporaryFolder folder;
  for (const std::string name : {"a.png", "a.svg"}) {
    std::string message;
    {
      const SmallFiles limit;
      message = test::message_of<Error>([&] {
        tools::AtomicFile file(folder / name);
        tools::write_picture(roofline_drawing(report()), file);
        file.publish();
      });
    }
    EXPECT_TRUE(message.starts_with(folder / name + ": ")) << message;
    EXPECT_FALSE(std::filesystem::exists(folder / name));
  }
}

}  // namespace
}  // namespace fovea::bench
