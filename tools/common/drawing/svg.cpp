// A drawing as SVG.
#include "tools/common/drawing/svg.h"

#include <algorithm>

#include "text/html.h"
#include "text/text.h"

namespace fovea::tools {

namespace {

std::string number(double value) {
  std::string text = fixed_text(value, 1);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

std::string attribute(const char* name, const std::string& value) {
  return std::string(" ") + name + "=\"" + value + "\"";
}

std::string colour(Colour colour) {
  constexpr const char* kHexadecimal = "0123456789abcdef";
  std::string text = "#";
  for (const int part : {colour.red, colour.green, colour.blue}) {
    text += kHexadecimal[part / 16 % 16];
    text += kHexadecimal[part % 16];
  }
  return text;
}

std::string element(const Curve& curve) {
  std::string path;
  for (const Point& point : curve.points) {
    path += (path.empty() ? "M" : "L") + number(point.x) + " " + number(point.y);
  }
  std::string dashes;
  if (curve.stroke == Stroke::dashed) dashes = attribute("stroke-dasharray", "8 5");
  if (curve.stroke == Stroke::dotted) dashes = attribute("stroke-dasharray", "1.5 4");
  return "<path" + attribute("d", path) + attribute("fill", "none") + attribute("stroke", colour(curve.colour)) +
         attribute("stroke-width", number(curve.width)) + dashes + "/>";
}

std::string element(const Box& box) {
  const auto [left, right] = std::minmax(box.corner.x, box.opposite.x);
  const auto [top, bottom] = std::minmax(box.corner.y, box.opposite.y);
  std::string edge;
  if (box.outline > 0) edge = attribute("stroke", colour(kInk)) + attribute("stroke-width", number(box.outline));
  return "<rect" + attribute("x", number(left)) + attribute("y", number(top)) +
         attribute("width", number(right - left)) + attribute("height", number(bottom - top)) +
         attribute("fill", colour(box.fill)) + edge + "/>";
}

std::string element(const Disc& disc) {
  return "<circle" + attribute("cx", number(disc.centre.x)) + attribute("cy", number(disc.centre.y)) +
         attribute("r", number(disc.radius)) + attribute("fill", colour(disc.fill)) +
         (disc.opacity < 1 ? attribute("fill-opacity", number(disc.opacity)) : "") + "/>";
}

std::string element(const Label& label) {
  const Point at{label.at.x, label.at.y + label.style.size * kMiddleOverBaseline};
  std::string more;
  if (label.style.bold) more += attribute("font-weight", "bold");
  if (label.style.align == Align::centre) more += attribute("text-anchor", "middle");
  if (label.style.align == Align::right) more += attribute("text-anchor", "end");
  if (label.style.turn != 0) {
    more += attribute(
        "transform", "rotate(" + number(-label.style.turn) + " " + number(label.at.x) + " " + number(label.at.y) + ")");
  }
  return "<text" + attribute("x", number(at.x)) + attribute("y", number(at.y)) +
         attribute("font-size", number(label.style.size)) + attribute("fill", colour(label.colour)) + more + ">" +
         escaped(label.text) + "</text>";
}

}  // namespace

std::string svg_element(const Drawing& drawing, const std::string& name) {
  const std::string width = number(drawing.width()), height = number(drawing.height());
  std::string svg =
      "<svg" + attribute("xmlns", "http://www.w3.org/2000/svg") + attribute("viewBox", "0 0 " + width + " " + height) +
      attribute("width", width) + attribute("height", height) + attribute("role", "img") +
      attribute("aria-labelledby", name + "_title " + name + "_desc") +
      attribute("font-family", "system-ui, &quot;DejaVu Sans&quot;, sans-serif") + ">\n<title" +
      attribute("id", name + "_title") + ">" + escaped(drawing.title()) + "</title>\n<desc" +
      attribute("id", name + "_desc") + ">" + escaped(drawing.description()) + "</desc>\n<rect" +
      attribute("width", width) + attribute("height", height) + attribute("fill", colour(kPaper)) + "/>\n";
  for (const DrawingPart& part : drawing.parts()) {
    svg += std::visit([](const auto& each) { return element(each); }, part) + "\n";
  }
  return svg + "</svg>\n";
}

}  // namespace fovea::tools
