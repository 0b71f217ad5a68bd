// Grad-CAM: which places of the picture drove a score (Selvaraju et al., "Grad-CAM: Visual Explanations from Deep
// Networks via Gradient-based Localization", 2017).
#pragma once

#include <memory>
#include <span>
#include <string>

#include <fovea/session.h>

namespace fovea {

/// Heat maps of one model. Immutable; any number of threads may share one, each with a session of its own.
///
///   const GradCam cam(model);
///   Session session(model, {.keep_last_convolution = true});
///   ... session.run();
///   std::vector<float> heat(cam.height() * cam.width());
///   cam.map(session, grade, heat);
///
/// The score is the model's own output of the class, as it is: behind its softmax, if it has one. It is differentiated
/// by the feature map A of the last convolution over more than one pixel, taken behind everything that follows it on
/// the same grid (conv5_block3_out of ResNet50, block5_conv3 of VGG16). The heat is relu(sum over channels of w[c] *
/// A[c]), where w[c] is the mean of the gradient over the places, divided by its maximum. The gradient is computed in
/// double from the values of the run.
class FOVEA_API GradCam {
 public:
  /// Throws UnsupportedError if the model has no such convolution, its output is no vector of scores, or a layer
  /// between the two, which is named, cannot be differentiated.
  explicit GradCam(std::shared_ptr<const Model> model);
  ~GradCam();
  GradCam(GradCam&&) noexcept;
  GradCam& operator=(GradCam&&) noexcept;

  /// Size of a heat map: that of the feature map.
  int height() const;
  int width() const;
  int classes() const;
  /// The layer whose result the feature map is, by its name in the file; "conv/swish" for an activation inside a layer.
  const std::string& layer() const;

  /// Heat of image `image` of the session's last run for one class, [height][width] in [0, 1]. The largest value is 1,
  /// or all are 0 where nothing speaks for the class. The same bits for any number of threads and any batch.
  /// Throws Error if the session is of another model, was made without keep_last_convolution or has not run that image,
  /// for a class or a size of `out` that does not fit, and if the run's values are not finite.
  void map(const Session& session, int class_index, std::span<float> out, int image = 0) const;

 private:
  struct Impl;
  const Impl& impl() const;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace fovea
