// Pictures: texts keep their place, charts say what they were given, and what is written is a whole picture.
#include "tools/common/drawing/picture_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>

#include <fovea/error.h>
#include "pictures/decode/image.h"
#include "tests/tools/temporary_folder.h"
#include "text/text_width.h"
#include "tools/common/drawing/svg.h"
#include "tools/predict/distribution.h"

namespace fovea::tools {
namespace {

using test::message_of;
using Lines = std::vector<std::string>;

constexpr double kSize = 10;  // a digit is 6.4 wide

TEST(TextWidth, IsAtLeastThatOfAWideFont) {
  EXPECT_NEAR(text_width("0123456789", kSize), 64, 1e-9);
  EXPECT_GT(text_width("mmm", kSize), text_width("iii", kSize) * 3);
  EXPECT_GT(text_width("0", kSize, true), text_width("0", kSize));
  EXPECT_DOUBLE_EQ(text_width("\xE7\xB3\x96\xE5\xB0\xBF", kSize), 20);  // two ideographs
  EXPECT_EQ(text_width("", kSize), 0);
}

TEST(TextWidth, LinesBreakAtBlanksAndLoseNothing) {
  EXPECT_EQ(wrapped("01 23 45", 40, kSize), (Lines{"01 23", "45"}));
  EXPECT_EQ(wrapped("01 23456789 01", 40, kSize), (Lines{"01", "234567", "89 01"}));
  EXPECT_EQ(wrapped("\xC3\xA9\xC3\xA9\xC3\xA9", 17, kSize), (Lines{"\xC3\xA9\xC3\xA9", "\xC3\xA9"}));
  EXPECT_EQ(wrapped("", 40, kSize), Lines{});
  EXPECT_EQ(wrapped("  1  ", 40, kSize), Lines{"1"});
  EXPECT_EQ(wrapped("11", 1, kSize), (Lines{"1", "1"}));  // narrower than any letter
}

TEST(TextWidth, OnlyWhatHasNoEndIsCut) {
  EXPECT_EQ(wrapped("01234 56789 0", 40, kSize, false, 2), (Lines{"01234", "5678\xE2\x80\xA6"}));
  const Lines lines = wrapped(std::string(1 << 20, 'x'), 40, kSize);
  ASSERT_EQ(lines.size(), 12u);
  EXPECT_TRUE(lines.back().ends_with("\xE2\x80\xA6"));
}

TEST(Picture, OtherFormatsAreRefused) {
  EXPECT_EQ(message_of<Error>([] { check_picture("a.pdf"); }), "a.pdf: a picture's name must end in .png or .svg");
  check_picture("a.PNG");
}

TEST(Picture, AMissingFontIsAnErrorBeforehand) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "none.conf", "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
  ::setenv("FONTCONFIG_FILE", (folder / "none.conf").c_str(), 1);
  const std::string message = message_of<Error>([] { check_picture("a.png"); });
  const std::string none = message_of<Error>([] { check_picture("a.svg"); });
  ::unsetenv("FONTCONFIG_FILE");
  EXPECT_EQ(message, "a.png: cannot draw pictures: no font is installed (package fonts-dejavu-core)");
  EXPECT_EQ(none, "");  // an SVG needs none
}

// Counts pixels of exactly this colour.
std::size_t count_colour(const Image& image, Colour colour) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    count += image.pixels[i] == colour.red && image.pixels[i + 1] == colour.green && image.pixels[i + 2] == colour.blue;
  }
  return count;
}

void write(const Drawing& drawing, const std::string& path) {
  AtomicFile file(path);
  write_picture(drawing, file);
  file.publish();
}

Drawing distribution_of(const ModelCard& card, const std::vector<std::size_t>& by_grade) {
  Counts counts;
  counts.by_grade = by_grade;
  for (const std::size_t count : by_grade) counts.graded += count;
  return distribution_drawing(card, counts, "m.h5");
}

ModelCard card_of(const Lines& classes, bool demo = false) {
  ModelCard card;
  card.classes = classes;
  card.referable = 1;
  card.demo = demo;
  return card;
}

TEST(Picture, BarsAreAsLongAsTheirCounts) {
  const test::TemporaryFolder folder;
  write(distribution_of(card_of({"plain", "referable", "none"}), {30, 60, 0}), folder / "a.png");
  const Image image = read_image(folder / "a.png");
  ASSERT_EQ(image.width, 1600);
  const auto plain = static_cast<double>(count_colour(image, kDark));
  const auto referable = static_cast<double>(count_colour(image, kLight));
  EXPECT_GT(plain, 5000);
  EXPECT_NEAR(referable / plain, 2.0, 0.1);
  EXPECT_EQ(count_colour(image, kMarkFill), 0u);
}

TEST(Picture, TheMarkIsABandInWarningColour) {
  const test::TemporaryFolder folder;
  const Drawing drawing = distribution_of(card_of({"a & <b>", "#c"}, true), {1, 2});
  EXPECT_NE(drawing.description().find("demo, not for patients"), std::string::npos);
  write(drawing, folder / "a.png");
  EXPECT_GT(count_colour(read_image(folder / "a.png"), kMarkFill), 40000u);
}

TEST(Picture, AnSvgHoldsItsTextsAsText) {
  const test::TemporaryFolder folder;
  const std::string longest = "Proliferative DR";
  write(distribution_of(card_of({"a & <b>", "\xEF\xBF\xBF\x1B" + longest}), {3, 1}), folder / "a.svg");
  const std::string svg = test::read_file(folder / "a.svg");
  EXPECT_TRUE(svg.starts_with("<?xml"));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  EXPECT_NE(svg.find(">0 a &amp; &lt;b&gt;</text>"), std::string::npos) << svg;
  EXPECT_NE(svg.find(longest + "</text>"), std::string::npos) << svg;
  EXPECT_NE(svg.find(">3 (75.0 %)</text>"), std::string::npos) << svg;
  EXPECT_NE(svg.find("role=\"img\""), std::string::npos);
  EXPECT_NE(svg.find("<title id=\"drawing_title\">Predicted grades</title>"), std::string::npos) << svg;
  EXPECT_EQ(svg.find("\xEF\xBF\xBF"), std::string::npos);
  EXPECT_EQ(svg.find('\x1B'), std::string::npos);
}

TEST(Picture, ALongNameStaysWholeAndInside) {
  const Drawing drawing = distribution_of(card_of({std::string(150, 'W') + " end", "b"}), {1, 1});
  std::string texts;
  for (const DrawingPart& part : drawing.parts()) {
    const auto* label = std::get_if<Label>(&part);
    if (label == nullptr) continue;
    texts += label->text;
    const double width = text_width(label->text, label->style.size, label->style.bold);
    EXPECT_GE(label->style.align == Align::right ? label->at.x - width : label->at.x, 0) << label->text;
    EXPECT_LE(label->style.align == Align::right ? label->at.x : label->at.x + width, drawing.width()) << label->text;
    EXPECT_LE(label->at.y, drawing.height());
  }
  EXPECT_EQ(std::count(texts.begin(), texts.end(), 'W'), 150);
}

TEST(Picture, OfManyGradesTheMostFrequentAreShown) {
  std::vector<std::size_t> counts(1000, 0);
  counts[700] = 5;
  counts[3] = 2;
  const Drawing drawing = distribution_of(ModelCard(), counts);
  EXPECT_EQ(drawing.title(), "Predicted grades (the 12 most frequent of 1000)");
  EXPECT_NE(drawing.description().find(" 700: 5 (71.4 %);"), std::string::npos) << drawing.description();
  EXPECT_EQ(drawing.description().find("999:"), std::string::npos);
}

}  // namespace
}  // namespace fovea::tools
