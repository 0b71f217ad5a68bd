// Small copies of the images that a report shows.
#include "tools/compare/report/thumbnails.h"

#include <algorithm>
#include <exception>

#include "pictures/decode/image.h"
#include "pictures/prepare/steps.h"
#include "text/html.h"
#include "tools/common/input/input_list.h"

namespace fovea::tools {

namespace {

constexpr int kThumbnailSide = 240;  // the longer one
constexpr int kQuality = 85;

std::string thumbnail(const std::string& path) {
  const Image image = read_image(path);
  const double scale = std::min(1.0, static_cast<double>(kThumbnailSide) / std::max(image.width, image.height));
  const auto side = [&](int whole) { return std::max(1, static_cast<int>(whole * scale)); };
  const Image small = resize({side(image.width), side(image.height), Interpolation::area}, image);
  return data_uri("image/jpeg", encode_jpeg(small, kQuality));
}

}  // namespace

Thumbnails::Thumbnails(const std::string& folder, bool recursive) {
  if (folder.empty()) return;
  for (const InputItem& item : list_inputs({{folder}, "", "", recursive, true, {}}).items) {
    if (item.error.empty()) paths_.emplace(id_key(item.id), item.path);
  }
}

std::string Thumbnails::of(const GradedEntry& prediction) const {
  const auto known = paths_.find(prediction.key);
  const std::string path = !prediction.path.empty() ? prediction.path : known != paths_.end() ? known->second : "";
  if (path.empty()) return "";
  try {
    return thumbnail(path);
  } catch (const std::exception&) {
    return "";  // the picture of a case is a help, not a result
  }
}

}  // namespace fovea::tools
