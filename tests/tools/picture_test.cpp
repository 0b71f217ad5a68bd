// The bar chart: its layout rules, and that what is written is a whole picture.
#include "tools/common/picture.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "layers/error.h"
#include "loaders/image/image.h"
#include "tests/tools/temporary_folder.h"
#include "tools/common/distribution.h"
#include "tools/common/page.h"

namespace fovea::tools {
namespace {

using test::message_of;
using Lines = std::vector<std::string>;

TEST(Picture, LabelsWrapAtBlanks) {
  EXPECT_EQ(wrapped("Proliferative DR", 20, 2), Lines{"Proliferative DR"});
  EXPECT_EQ(wrapped("Proliferative DR", 13, 2), (Lines{"Proliferative", "DR"}));
  EXPECT_EQ(wrapped("one two three four", 8, 2), (Lines{"one two", "three\xE2\x80\xA6"}));
  EXPECT_EQ(wrapped("unbreakable", 5, 2), Lines{"unbr\xE2\x80\xA6"});
  EXPECT_EQ(wrapped("", 5, 2), Lines{});
}

TEST(Picture, AxisStepsAreRound) {
  EXPECT_EQ(axis_step(0, 6), 1u);
  EXPECT_EQ(axis_step(6, 6), 1u);
  EXPECT_EQ(axis_step(7, 6), 2u);
  EXPECT_EQ(axis_step(1805, 6), 500u);
}

TEST(Picture, OtherFormatsAreRefused) {
  EXPECT_EQ(message_of<Error>([] { check_picture("a.pdf"); }), "a.pdf: a picture's name must end in .png or .svg");
  check_picture("a.PNG");
}

TEST(Picture, AMissingDriverIsAnErrorNotAQuestion) {
  ::setenv("PLPLOT_DRV_DIR", "/nowhere", 1);
  const std::string message = message_of<Error>([] { check_picture("a.png"); });
  ::unsetenv("PLPLOT_DRV_DIR");
  EXPECT_EQ(message,
            "a.png: cannot draw pictures: PLplot's cairo driver is not installed (/nowhere/cairo.driver_info is "
            "missing; package plplot-driver-cairo)");
}

// Counts pixels of exactly this colour.
std::size_t count_colour(const Image& image, int r, int g, int b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    count += image.pixels[i] == r && image.pixels[i + 1] == g && image.pixels[i + 2] == b;
  }
  return count;
}

TEST(Picture, BarAreasAreProportionalToCounts) {
  const test::TemporaryFolder folder;
  BarChart chart;
  chart.title = "Title";
  chart.bars = {{"0", "plain", 30, false}, {"1", "highlighted", 60, true}, {"2", "none", 0, false}};
  draw_bar_chart(chart, folder / "a.png", folder / "a.png");
  const Image image = read_image(folder / "a.png");
  ASSERT_EQ(image.width, 1600);
  ASSERT_EQ(image.height, 1000);
  const auto plain = static_cast<double>(count_colour(image, 58, 110, 165));
  const auto highlighted = static_cast<double>(count_colour(image, 214, 118, 44));
  EXPECT_GT(plain, 10000);
  EXPECT_NEAR(highlighted / plain, 2.0, 0.05);
  EXPECT_EQ(count_colour(image, 178, 34, 34), 0u);
}

TEST(Picture, TheMarkIsABandInWarningColour) {
  const test::TemporaryFolder folder;
  ModelCard card;
  card.demo = true;
  card.classes = {"a & <b>", "#c"};
  Counts counts;
  counts.by_grade = {1, 2};
  counts.graded = 3;
  const BarChart chart = distribution_chart(card, counts, "demo.h5");
  EXPECT_EQ(chart.mark, "demo, not for patients");
  draw_bar_chart(chart, folder / "a.png", folder / "a.png");
  EXPECT_GT(count_colour(read_image(folder / "a.png"), 178, 34, 34), 40000u);
}

TEST(Picture, SvgIsWhole) {
  const test::TemporaryFolder folder;
  BarChart chart;
  chart.bars = {{"0", "No DR", 3, false}};
  draw_bar_chart(chart, folder / "a.svg", folder / "a.svg");
  const std::string svg = test::read_file(folder / "a.svg");
  EXPECT_TRUE(svg.starts_with("<?xml"));
  EXPECT_NE(svg.find("</svg>"), std::string::npos);
}

TEST(Picture, OfManyGradesTheMostFrequentAreShown) {
  Counts counts;
  counts.by_grade.assign(1000, 0);
  counts.by_grade[700] = 5;
  counts.by_grade[3] = 2;
  counts.graded = 7;
  const BarChart chart = distribution_chart(ModelCard(), counts, "m.h5");
  ASSERT_EQ(chart.bars.size(), 12u);
  EXPECT_EQ(chart.bars.back().key, "700");
  EXPECT_EQ(chart.bars.back().count, 5u);
}

}  // namespace
}  // namespace fovea::tools
