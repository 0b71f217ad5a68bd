// Small copies of the images that a report shows.
#include "tools/compare/thumbnails.h"

#include <algorithm>
#include <exception>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "loaders/image/image.h"
#include "tools/common/html.h"
#include "tools/common/input_list.h"

namespace fovea::tools {

namespace {

constexpr int kThumbnailSide = 240;  // the longer one
constexpr int kQuality = 85;

std::string thumbnail(const std::string& path) {
  Image image = read_image(path);
  const cv::Mat whole(image.height, image.width, CV_8UC3, image.pixels.data());
  const double scale = std::min(1.0, static_cast<double>(kThumbnailSide) / std::max(image.width, image.height));
  const cv::Size size(std::max(1, static_cast<int>(image.width * scale)),
                      std::max(1, static_cast<int>(image.height * scale)));
  cv::Mat small;
  cv::resize(whole, small, size, 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, small, cv::COLOR_RGB2BGR);
  std::vector<unsigned char> jpeg;
  if (!cv::imencode(".jpg", small, jpeg, {cv::IMWRITE_JPEG_QUALITY, kQuality})) return "";
  return data_uri("image/jpeg", {reinterpret_cast<const char*>(jpeg.data()), jpeg.size()});
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
