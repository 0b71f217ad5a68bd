// A drawing as pixels: FreeType's rasteriser fills letters, and every other shape as an outline too.
#include "tools/common/drawing/painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <span>

#include "pictures/prepare/make_image.h"
#include "text/text.h"
#include "tools/common/drawing/fonts.h"
#include FT_OUTLINE_H
#include FT_STROKER_H

namespace fovea::tools {

namespace {

using Points = std::vector<Point>;

// Cuts a curve into strokes of `on` units with gaps of `off` units.
std::vector<Points> dashes(const Points& points, double on, double off) {
  std::vector<Points> strokes;
  double left = on;  // of the current stroke or gap
  bool pen = true;
  if (!points.empty()) strokes.push_back({points.front()});
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Point from = points[i - 1], to = points[i];
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    double done = 0;
    while (length - done > left) {
      done += left;
      const Point at{from.x + (to.x - from.x) * done / length, from.y + (to.y - from.y) * done / length};
      if (pen) {
        strokes.back().push_back(at);
      } else {
        strokes.push_back({at});
      }
      pen = !pen;
      left = pen ? on : off;
    }
    left -= length - done;
    if (pen) strokes.back().push_back(to);
  }
  return strokes;
}

// FreeType counts the points of an outline in 16 bits; of a stroke it makes up to four from one.
constexpr std::size_t kMostStrokePoints = 4000;

// Draws shapes on an image. FreeType's units are 64ths of a pixel, counted upwards from the lower left.
class Painter {
 public:
  Painter(Image& image, Fonts& fonts, double pixels) : image_(image), fonts_(fonts), pixels_(pixels) {}

  void operator()(const Curve& curve) {
    if (curve.stroke == Stroke::solid) return stroke(curve.points, curve.colour, curve.width);
    const bool dashed = curve.stroke == Stroke::dashed;
    for (const Points& part : dashes(curve.points, dashed ? 8 : 1.5, dashed ? 5 : 4)) {
      stroke(part, curve.colour, curve.width);
    }
  }

  void operator()(const Box& box) {
    const std::array<Point, 4> corners{
        box.corner, {box.opposite.x, box.corner.y}, box.opposite, {box.corner.x, box.opposite.y}};
    std::array<FT_Vector, 4> points{};
    std::transform(corners.begin(), corners.end(), points.begin(), [&](Point point) { return vector(point); });
    std::array<char, 4> tags{FT_CURVE_TAG_ON, FT_CURVE_TAG_ON, FT_CURVE_TAG_ON, FT_CURVE_TAG_ON};
    fill(points, tags, box.fill, 1);
    if (box.outline > 0) stroke({corners[0], corners[1], corners[2], corners[3], corners[0]}, kInk, box.outline);
  }

  void operator()(const Disc& disc) {
    constexpr double kHandle = 0.5522847498;  // of the cubic curve that is nearest to a quarter of a circle
    constexpr std::array<std::array<double, 2>, 12> kCircle{{{1, 0},
                                                             {1, kHandle},
                                                             {kHandle, 1},
                                                             {0, 1},
                                                             {-kHandle, 1},
                                                             {-1, kHandle},
                                                             {-1, 0},
                                                             {-1, -kHandle},
                                                             {-kHandle, -1},
                                                             {0, -1},
                                                             {kHandle, -1},
                                                             {1, -kHandle}}};
    std::array<FT_Vector, 12> points{};
    std::array<char, 12> tags{};
    for (std::size_t i = 0; i < kCircle.size(); ++i) {
      points[i] = vector({disc.centre.x + disc.radius * kCircle[i][0], disc.centre.y + disc.radius * kCircle[i][1]});
      tags[i] = i % 3 == 0 ? FT_CURVE_TAG_ON : FT_CURVE_TAG_CUBIC;
    }
    fill(points, tags, disc.fill, disc.opacity);
  }

  void operator()(const Label& label) {
    const std::string text = printable(label.text);
    const double size = label.style.size * pixels_;
    FT_Vector start{0, -std::lround(size * kMiddleOverBaseline * 64)};
    if (label.style.align != Align::left) {
      const FT_Pos width = fonts_.set(text, size, label.style.bold, [](FT_Outline&) {});
      start.x = label.style.align == Align::centre ? -width / 2 : -width;
    }
    const double turn = label.style.turn * std::numbers::pi / 180;
    const FT_Fixed cosine = std::lround(std::cos(turn) * 65536), sine = std::lround(std::sin(turn) * 65536);
    const FT_Matrix turned{cosine, -sine, sine, cosine};
    const FT_Vector at = vector(label.at);
    fonts_.set(text, size, label.style.bold, [&](FT_Outline& letter) {
      FT_Outline_Translate(&letter, start.x, start.y);
      if (label.style.turn != 0) FT_Outline_Transform(&letter, &turned);
      FT_Outline_Translate(&letter, at.x, at.y);
      fill(letter, label.colour, 1);
    });
  }

 private:
  FT_Vector vector(Point point) const {
    return {std::lround(point.x * pixels_ * 64), std::lround((image_.height - point.y * pixels_) * 64)};
  }

  template <std::size_t N>
  void fill(std::array<FT_Vector, N>& points, std::array<char, N>& tags, Colour colour, double opacity) {
    short last = N - 1;
    FT_Outline outline{1, N, points.data(), tags.data(), &last, FT_OUTLINE_NONE};
    fill(outline, colour, opacity);
  }

  void fill(FT_Outline& outline, Colour colour, double opacity) {
    struct Fill {
      Image& image;
      std::array<int, 3> colour;
      double opacity;
    } target{image_, {colour.red, colour.green, colour.blue}, opacity};
    FT_Raster_Params params{};
    params.flags = FT_RASTER_FLAG_AA | FT_RASTER_FLAG_DIRECT | FT_RASTER_FLAG_CLIP;
    params.clip_box = {0, 0, image_.width, image_.height};
    params.user = &target;
    params.gray_spans = [](int y, int count, const FT_Span* spans, void* user) {
      const Fill& to = *static_cast<Fill*>(user);
      std::uint8_t* row = to.image.pixels.data() + std::int64_t{3} * to.image.width * (to.image.height - 1 - y);
      for (const FT_Span& span : std::span(spans, as_size(count))) {
        const double share = to.opacity * span.coverage / 255;
        for (int i = 3 * span.x; i < 3 * (span.x + span.len); ++i) {
          row[i] = static_cast<std::uint8_t>(std::lround(row[i] + (to.colour[as_size(i % 3)] - row[i]) * share));
        }
      }
    };
    check_freetype(FT_Outline_Render(fonts_.library(), &outline, &params), "cannot fill an outline");
  }

  void stroke(const Points& points, Colour colour, double width) {
    for (std::size_t first = 0; first + 1 < points.size(); first += kMostStrokePoints - 1) {
      const std::size_t count = std::min(points.size() - first, kMostStrokePoints);
      stroke(std::span(points).subspan(first, count), colour, width);
    }
  }

  void stroke(std::span<const Point> points, Colour colour, double width) {
    FT_Stroker made = nullptr;
    check_freetype(FT_Stroker_New(fonts_.library(), &made), "cannot draw a line");
    const std::unique_ptr<FT_StrokerRec_, FreeBy<FT_Stroker_Done>> stroker(made);
    // As SVG joins lines where nothing is said.
    FT_Stroker_Set(made, std::lround(width * pixels_ * 32), FT_STROKER_LINECAP_BUTT, FT_STROKER_LINEJOIN_MITER_FIXED,
                   4 << 16);
    FT_Vector start = vector(points.front());
    const FT_Vector end = vector(points.back());
    const bool closed = start.x == end.x && start.y == end.y;
    check_freetype(FT_Stroker_BeginSubPath(made, &start, !closed), "cannot draw a line");
    for (const Point& point : points.subspan(1)) {
      FT_Vector to = vector(point);
      check_freetype(FT_Stroker_LineTo(made, &to), "cannot draw a line");
    }
    check_freetype(FT_Stroker_EndSubPath(made), "cannot draw a line");
    FT_UInt count = 0, contours = 0;
    check_freetype(FT_Stroker_GetCounts(made, &count, &contours), "cannot draw a line");
    std::vector<FT_Vector> corners(count);
    std::vector<char> tags(count);
    std::vector<short> ends(contours);
    FT_Outline outline{0, 0, corners.data(), tags.data(), ends.data(), FT_OUTLINE_NONE};
    FT_Stroker_Export(made, &outline);
    fill(outline, colour, 1);
  }

  Image& image_;
  Fonts& fonts_;
  double pixels_;
};

}  // namespace

void check_fonts() { const Fonts fonts; }

Image painted(const Drawing& drawing, double pixels) {
  Image image = make_image(static_cast<int>(std::lround(drawing.width() * pixels)),
                           static_cast<int>(std::lround(drawing.height() * pixels)));
  Fonts fonts;
  Painter painter(image, fonts, pixels);
  painter(Box{kPaper, {0, 0}, {drawing.width(), drawing.height()}});
  for (const DrawingPart& part : drawing.parts()) std::visit(painter, part);
  return image;
}

}  // namespace fovea::tools
