// A chart of lying bars.
#include "tools/common/drawing/bars.h"

#include <algorithm>

#include "text/text_width.h"

namespace fovea::tools {

namespace {

constexpr double kGap = 8, kOutline = 1;
constexpr double kBarHeight = 15;                        // of a bar with its number
constexpr double kSmallShare = 0.3, kLargeShare = 0.42;  // of the width: names up to this stand beside their bars,
                                                         // the latter where there is room

struct Room {
  double names = 0;            // 0 = names stand above
  double left = 0, right = 0;  // of the bars
};

Room room_for(const Drawing& drawing, const std::vector<BarGroup>& groups) {
  double names = 0, numbers = 0;
  for (const BarGroup& group : groups) {
    names = std::max(names, text_width(group.name, kTextSize, true));
    for (const Bar& bar : group.bars) numbers = std::max(numbers, text_width(bar.text, kTextSize, true));
  }
  const double width = drawing.width() - 2 * kGap;
  Room room;
  if (names <= kSmallShare * width || drawing.width() >= kRoomBeside) room.names = std::min(names, kLargeShare * width);
  room.left = kGap + (room.names > 0 ? room.names + kGap : 0);
  room.right = std::max(drawing.width() - kGap - numbers - kGap, room.left + 10);
  return room;
}

void draw_keys(Drawing& drawing, const std::vector<BarKey>& keys) {
  constexpr double kSwatch = 12;
  double y = drawing.height() + kLineHeight / 2;
  for (const BarKey& key : keys) {
    drawing.box(key.fill, {kGap, y - kSwatch / 2}, {kGap + kSwatch, y + kSwatch / 2}, kOutline);
    const double left = kGap + kSwatch + kGap;
    y = drawing.lines(kInk, {}, {left, y}, drawing.width() - left - kGap, key.text);
  }
  if (!keys.empty()) drawing.extend(y - kLineHeight / 2 + kGap);
}

std::string in_words(const BarGroup& group) {
  std::string words = group.name + ":";
  for (const Bar& bar : group.bars) words += (words.back() == ':' ? " " : ", ") + bar.text;
  return words + ";";
}

// Returns where the next group begins.
double draw_group(Drawing& drawing, const BarGroup& group, const Room& room, double top, double scale) {
  const bool beside = room.names > 0;
  const std::vector<std::string> name =
      wrapped(group.name, beside ? room.names + 1 : drawing.width() - 2 * kGap, kTextSize, true);
  const double names = kLineHeight * static_cast<double>(name.size());
  const double bars = kBarHeight * static_cast<double>(group.bars.size());
  const double slot = beside ? std::max(bars, names) : names + bars;
  double y = beside ? top + (slot - names) / 2 : top;
  for (const std::string& line : name) {
    drawing.text(kInk, {kTextSize, true, beside ? Align::right : Align::left},
                 {beside ? kGap + room.names : kGap, y + kLineHeight / 2}, line);
    y += kLineHeight;
  }
  y = beside ? top + (slot - bars) / 2 : y;
  drawing.line(kSoftInk, 1, {room.left, y}, {room.left, y + bars});
  for (const Bar& bar : group.bars) {
    const double end = room.left + bar.length * scale;
    if (bar.length > 0) drawing.box(bar.fill, {room.left, y + 1}, {end, y + kBarHeight - 1}, kOutline);
    drawing.text(kInk, {}, {end + kGap / 2, y + kBarHeight / 2}, bar.text);
    y += kBarHeight;
  }
  drawing.describe(in_words(group));
  return top + slot + kGap;
}

}  // namespace

void draw_bars(Drawing& drawing, const std::vector<BarKey>& keys, const std::vector<BarGroup>& groups) {
  draw_keys(drawing, keys);
  const Room room = room_for(drawing, groups);
  double largest = 0;
  for (const BarGroup& group : groups) {
    for (const Bar& bar : group.bars) largest = std::max(largest, bar.length);
  }
  const double scale = largest > 0 ? (room.right - room.left) / largest : 0;
  for (const BarGroup& group : groups) {
    drawing.extend(draw_group(drawing, group, room, drawing.height(), scale));
  }
}

}  // namespace fovea::tools
