// A tiny model and a folder of small pictures for the tests of batch-predict.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "pictures/decode/image.h"
#include "tests/tools/run_tool.h"
#include "tests/tools/temporary_folder.h"
#include "tests/tools/tiny_model.h"
#include "text/csv.h"

namespace fovea::test {

class BatchPredict : public ::testing::Test {
 protected:
  using Words = std::vector<std::string>;

  void SetUp() override {
    write_tiny_model(model());
    std::filesystem::create_directories(pictures());
  }

  std::string model() const { return folder_ / "tiny.h5"; }
  std::string pictures() const { return folder_ / "pictures"; }
  std::string labels() const { return folder_ / "labels.csv"; }
  std::string errors() const { return folder_ / "labels.errors.csv"; }
  std::string record() const { return folder_ / "labels.run.json"; }

  /// A picture of smooth random colours; other seeds, other colours.
  static Image picture(int width, int height, unsigned seed) {
    Image image{width, height, {}};
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        for (unsigned c = 0; c < 3; ++c) {
          const unsigned hash = (seed * 3 + c + 1) * 2654435761u;
          const unsigned wave =
              hash / 65536 * static_cast<unsigned>(x) / 64 + (hash % 65536) * static_cast<unsigned>(y) / 64;
          image.pixels.push_back(static_cast<std::uint8_t>((wave / 128 + hash / 16777216) % 256));
        }
      }
    }
    return image;
  }

  /// Twelve pictures of different sizes, named so that the order of their names is not the order of their making.
  void make_pictures() const {
    for (unsigned i = 0; i < 12; ++i) {
      const std::string name = std::string(1, static_cast<char>('a' + (i * 7) % 12)) + "_eye.png";
      write_png(picture(30 + 5 * static_cast<int>(i), 64 - 3 * static_cast<int>(i), i), pictures() + "/" + name);
    }
  }

  /// The arguments of an ordinary run, and `more`.
  Words arguments(const Words& more = {}) const {
    Words words{"--model", model(),        "--input",      pictures(), "--output",
                labels(),  "--preprocess", "gaussian-700", "--resize", "24x24"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  tools::CsvTable read_labels() const { return tools::read_csv(labels()); }
  nlohmann::json read_record() const { return nlohmann::json::parse(read_file(record())); }

  /// Nothing of an earlier or a half run may lie about.
  void expect_no_results() const {
    EXPECT_FALSE(std::filesystem::exists(labels()));
    EXPECT_FALSE(std::filesystem::exists(record()));
    EXPECT_FALSE(std::filesystem::exists(errors()));
    EXPECT_EQ(leftovers(folder_.path()), 0u);
  }

  TemporaryFolder folder_;
};

/// Exactly one line on stderr, which holds every part.
inline void expect_one_line(const ToolResult& result, const std::vector<std::string>& parts) {
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  for (const std::string& part : parts)
    EXPECT_NE(result.err.find(part), std::string::npos) << part << "\n" << result.err;
}

}  // namespace fovea::test
