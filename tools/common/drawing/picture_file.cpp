// The files of drawings.
#include "tools/common/drawing/picture_file.h"

#include <algorithm>
#include <filesystem>

#include <fovea/error.h>
#include "pictures/decode/image.h"
#include "text/text.h"
#include "tools/common/drawing/painter.h"
#include "tools/common/drawing/svg.h"

namespace fovea::tools {

namespace {

constexpr double kPixelsPerUnit = 2.5;

bool is_svg(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
  if (extension == ".svg") return true;
  if (extension == ".png") return false;
  throw Error(printable(path) + ": a picture's name must end in .png or .svg");
}

}  // namespace

void check_picture(const std::string& path) {
  if (is_svg(path)) return;
  try {
    check_fonts();
  } catch (const Error& error) {
    throw Error(printable(path) + ": cannot draw pictures: " + error.what());
  }
}

void write_picture(const Drawing& drawing, AtomicFile& file) {
  const std::string path = file.path().string();
  if (is_svg(path)) {
    file.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg_element(drawing, "drawing"));
    return;
  }
  try {
    file.write(encode_png(painted(drawing, kPixelsPerUnit)));
  } catch (const Error& error) {
    throw Error(printable(path) + ": the picture could not be drawn: " + error.what());
  }
}

}  // namespace fovea::tools
