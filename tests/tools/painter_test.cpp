// What is painted has the place, the extent and the colour that the drawing states.
#include "tools/common/drawing/painter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "text/text_width.h"

namespace fovea::tools {
namespace {

constexpr double kSide = 40, kScale = 2;
constexpr Colour kBlack{0, 0, 0};

using Pixel = std::array<int, 3>;

Pixel pixel(const Image& image, int x, int y) {
  const std::uint8_t* at = image.pixels.data() + std::ptrdiff_t{3} * (std::ptrdiff_t{y} * image.width + x);
  return {at[0], at[1], at[2]};
}

// How much ink there is of black on white, in square units of the drawing, and where its middle and its edges are.
struct Ink {
  double area = 0, x = 0, y = 0, left = 1e9, right = -1, top = 1e9, bottom = -1;
};

Ink ink(const Image& image) {
  Ink all;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const double share = (255 - pixel(image, x, y)[1]) / 255.0;
      if (share == 0) continue;
      all.area += share;
      all.x += share * (x + 0.5);
      all.y += share * (y + 0.5);
      all.left = std::min(all.left, x / kScale);
      all.right = std::max(all.right, (x + 1) / kScale);
      all.top = std::min(all.top, y / kScale);
      all.bottom = std::max(all.bottom, (y + 1) / kScale);
    }
  }
  all.x /= all.area * kScale;
  all.y /= all.area * kScale;
  all.area /= kScale * kScale;
  return all;
}

Drawing page() {
  Drawing drawing("", kSide);
  drawing.extend(kSide);
  return drawing;
}

Ink ink_of(const Drawing& drawing) { return ink(painted(drawing, kScale)); }

TEST(Painter, ThePageIsPaperOfItsSize) {
  const Image image = painted(page(), 2.5);
  EXPECT_EQ(image.width, 100);
  EXPECT_EQ(image.height, 100);
  EXPECT_TRUE(std::all_of(image.pixels.begin(), image.pixels.end(), [](std::uint8_t value) { return value == 255; }));
}

TEST(Painter, ABoxFillsExactlyItsPixels) {
  Drawing drawing = page();
  drawing.box({10, 20, 30}, {5, 6}, {15, 10});
  const Image image = painted(drawing, kScale);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const bool inside = x >= 10 && x < 30 && y >= 12 && y < 20;
      ASSERT_EQ(pixel(image, x, y), inside ? (Pixel{10, 20, 30}) : (Pixel{255, 255, 255})) << x << " " << y;
    }
  }
}

TEST(Painter, AnEdgeStandsHalfInsideTheBox) {
  Drawing drawing = page();
  drawing.box(kPaper, {10, 10}, {30, 20}, 1);
  const Image image = painted(drawing, kScale);
  const Pixel edge{kInk.red, kInk.green, kInk.blue}, paper{255, 255, 255};
  EXPECT_EQ(pixel(image, 19, 30), edge);
  EXPECT_EQ(pixel(image, 20, 30), edge);
  EXPECT_EQ(pixel(image, 18, 30), paper);
  EXPECT_EQ(pixel(image, 21, 30), paper);
  EXPECT_EQ(pixel(image, 19, 19), edge);  // corners are pointed
  EXPECT_EQ(pixel(image, 60, 40), edge);
}

TEST(Painter, ADiscIsRoundAndLetsThroughWhatItShould) {
  Drawing drawing = page();
  drawing.disc(kBlack, {21, 17}, 9);
  const Ink disc = ink_of(drawing);
  EXPECT_NEAR(disc.area, std::numbers::pi * 81, 2);  // curves are drawn as polygons
  EXPECT_NEAR(disc.x, 21, 0.01);
  EXPECT_NEAR(disc.y, 17, 0.01);
  EXPECT_EQ(disc.left, 12);
  EXPECT_EQ(disc.bottom, 26);
  Drawing pale = page();
  pale.disc({55, 155, 255}, {21, 17}, 9, 0.25);
  EXPECT_EQ(pixel(painted(pale, kScale), 42, 34), (Pixel{205, 230, 255}));
}

TEST(Painter, LinesHaveTheirWidthAndLength) {
  Drawing drawing = page();
  drawing.curve(kBlack, 2, Stroke::solid, {{5, 5}, {29, 12}, {29, 35}});
  const double length = std::hypot(24, 7) + 23;
  EXPECT_NEAR(ink_of(drawing).area, 2 * length, 1);
  Drawing dashed = page();
  dashed.curve(kBlack, 2, Stroke::dashed, {{1, 20}, {40, 20}});  // three strokes of 8 units, gaps of 5
  EXPECT_NEAR(ink_of(dashed).area, 3 * 8 * 2, 0.1);
  const Image image = painted(dashed, kScale);
  EXPECT_EQ(pixel(image, 17, 40), (Pixel{0, 0, 0}));
  EXPECT_EQ(pixel(image, 19, 40), (Pixel{255, 255, 255}));
  Drawing dotted = page();
  dotted.curve(kBlack, 2, Stroke::dotted, {{0, 20}, {33, 20}});  // six dots of 1.5 units, gaps of 4
  EXPECT_NEAR(ink_of(dotted).area, 6 * 1.5 * 2, 0.1);
}

TEST(Painter, ACurveOfVeryManyPointsIsWhole) {
  Drawing drawing = page();
  std::vector<Point> points;
  for (int i = 0; i <= 30000; ++i) points.push_back({i % 2 == 0 ? 10.0 : 30.0, 5 + i / 1000.0});
  drawing.curve(kBlack, 0.5, Stroke::solid, points);
  const Ink all = ink_of(drawing);
  EXPECT_NEAR(all.area, 20 * 30, 40);
  EXPECT_NEAR(all.y, 20, 0.1);
}

TEST(Painter, WhatLeavesThePageIsCut) {
  Drawing drawing = page();
  drawing.box(kBlack, {-100, -100}, {200, 5});
  drawing.disc(kBlack, {20, 1000}, 3);
  drawing.text(kBlack, {}, {-500, 20}, "far away");
  drawing.line(kBlack, 1, {-300, 30.5}, {400, 30.5});
  EXPECT_NEAR(ink_of(drawing).area, 6 * kSide, 0.5);
}

TEST(Painter, TextStandsWhereItIsPut) {
  TextStyle style;
  style.size = 10;
  for (const auto& [align, left] : {std::pair{Align::left, 20.0}, {Align::centre, 12.5}, {Align::right, 5.0}}) {
    Drawing drawing = page();
    style.align = align;
    drawing.text(kBlack, style, {20, 20}, "HH");  // 7.5 wide each in DejaVu Sans
    const Ink text = ink_of(drawing);
    EXPECT_NEAR(text.left, left + 1, 1.5);
    EXPECT_NEAR(text.right, left + text_width("HH", 10) - 1, 1.5);
    EXPECT_NEAR(text.y, 20, 0.2);  // the middle of a capital's height
    EXPECT_NEAR(text.bottom - text.top, 7.3, 1);
  }
}

TEST(Painter, TurnedTextIsReadFromBelow) {
  Drawing level = page(), turned = page();
  TextStyle style;
  style.size = 10;
  level.text(kBlack, style, {20, 20}, "LL");
  style.turn = 90;
  turned.text(kBlack, style, {20, 20}, "LL");
  const Ink a = ink_of(level), b = ink_of(turned);
  EXPECT_NEAR(b.area, a.area, 0.1);
  EXPECT_NEAR(b.y, 20 - (a.x - 20), 0.1);  // what was to the right is above
  EXPECT_NEAR(b.x, 20 + (a.y - 20), 0.1);  // what was below is to the right
}

TEST(Painter, BoldIsBolderAndNoLetterIsLost) {
  const auto area = [](const std::string& text, bool bold) {
    Drawing drawing = page();
    TextStyle style;
    style.bold = bold;
    drawing.text(kBlack, style, {2, 20}, text);
    const Ink all = ink_of(drawing);
    return all.right < 0 ? 0 : all.area;
  };
  EXPECT_GT(area("word", true), area("word", false) * 1.2);
  EXPECT_EQ(area(" ", false), 0);
  EXPECT_GT(area("\xC3\xA9", false), area("e", false));
  EXPECT_GT(area("\xF0\x93\x80\x80", false), 2);  // in no usual font: the sign for a missing one
  EXPECT_GT(area("\xFF\x1B", false), 2);          // spelled out
}

}  // namespace
}  // namespace fovea::tools
