// Where a picture drove its grade: the engine's Grad-CAM for the server's sessions.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fovea/grad_cam.h>
#include <fovea/session.h>

namespace fovea::tools {

/// Row by row, each value in [0, 1]; stretched it covers what the network saw.
struct HeatMap {
  int width = 0, height = 0;
  std::vector<float> values;
};

/// Immutable; any number of threads may use one.
class HeatMaps {
 public:
  /// A model that allows none is no error: see `available`.
  explicit HeatMaps(const std::shared_ptr<const Model>& model);

  bool available() const { return cam_.has_value(); }
  /// Why there are none, "" if there are.
  const std::string& reason() const { return reason_; }
  /// Of image `image` of the last run of `session`, which was made with keep_last_convolution. Throws Error.
  HeatMap of(const Session& session, int class_index, int image) const;

 private:
  std::optional<GradCam> cam_;
  std::string reason_;
};

}  // namespace fovea::tools
