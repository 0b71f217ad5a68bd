// Where a picture drove its grade.
#include "tools/serve/heat_map.h"

#include <fovea/error.h>

namespace fovea::tools {

HeatMaps::HeatMaps(const std::shared_ptr<const Model>& model) {
  try {
    cam_.emplace(model);
  } catch (const UnsupportedError& e) {
    reason_ = e.what();
  }
}

HeatMap HeatMaps::of(const Session& session, int class_index, int image) const {
  if (!cam_) throw Error(reason_);
  HeatMap heat{cam_->width(), cam_->height(), {}};
  heat.values.resize(static_cast<std::size_t>(heat.width) * static_cast<std::size_t>(heat.height));
  cam_->map(session, class_index, heat.values, image);
  return heat;
}

}  // namespace fovea::tools
