// Small copies of the images that a report shows.
#include "tools/compare/report/thumbnails.h"

#include <algorithm>
#include <exception>

#include <fovea/prepare.h>
#include <fovea/version.h>
#include "pictures/decode/image.h"
#include "text/html.h"
#include "tools/common/input/input_list.h"
#include "tools/compare/input/match_ids.h"

namespace fovea::tools {

namespace {

constexpr int kThumbnailSide = 240;  // the longer one
constexpr int kQuality = 85;

std::string thumbnail(const std::string& path, int page) {
  const Image image = read_picture(path, {.page = page, .accept_damaged = true}).image;
  const double scale = std::min(1.0, static_cast<double>(kThumbnailSide) / std::max(image.width, image.height));
  const auto side = [&](int whole) { return std::max(1, static_cast<int>(whole * scale)); };
  const int width = side(image.width), height = side(image.height);
  Preprocessing smaller;
  smaller.steps = {Resize{width, height, Interpolation::area}};
  // Any instruction set gives the same bytes: one that is there whatever the environment says.
  const Image small = apply_steps(image, smaller, width, height, available_isas().back());
  return data_uri("image/jpeg", encode_jpeg(small, kQuality));
}

}  // namespace

void find_images(GradedList& predictions, const std::string& folder, bool recursive) {
  const InputList inputs = list_inputs({{folder}, "", "", recursive, true, {}});
  const Matches matches = match_ids(predictions, as_list(inputs.items, folder));
  for (std::size_t i = 0; i < predictions.entries.size(); ++i) {
    const std::size_t match = matches.of_first[i];
    if (match == kNone || !inputs.items[match].error.empty()) continue;
    predictions.entries[i].path = inputs.items[match].path;
    predictions.entries[i].page = inputs.items[match].page;
  }
}

std::string thumbnail_of(const GradedEntry& prediction) {
  if (prediction.path.empty()) return "";
  try {
    return thumbnail(prediction.path, prediction.page);
  } catch (const std::exception&) {
    return "";  // the picture of a case is a help, not a result
  }
}

}  // namespace fovea::tools
