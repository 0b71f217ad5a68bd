// Runs a card's steps in their order and checks that the picture fits the network.
#include "layers/error.h"
#include "loaders/image/steps.h"

namespace fovea {
namespace {

std::string size_text(int width, int height) { return std::to_string(width) + "x" + std::to_string(height); }

struct StepRunner {
  const Image& image;
  int width, height;  // of the network's input
  Image operator()(const CropGrey& step) const { return crop_grey(step, image); }
  Image operator()(const CropCircle&) const { return crop_circle(image); }
  Image operator()(const GaussianContrast& step) const { return gaussian_contrast(step, image); }
  Image operator()(const Resize& step) const {
    if (step.width != 0 || step.height != 0) return resize(step, image);
    return resize(Resize{width, height, step.interpolation}, image);
  }
};

Image run_steps(const Image& image, const std::vector<ImageStep>& steps, int width, int height) {
  if (steps.empty()) return image;
  Image current = std::visit(StepRunner{image, width, height}, steps.front());
  for (std::size_t i = 1; i < steps.size(); ++i) current = std::visit(StepRunner{current, width, height}, steps[i]);
  return current;
}

}  // namespace

Image apply_steps(const Image& image, const Preprocessing& preprocessing, int width, int height) {
  if (image.width <= 0 || image.height <= 0) throw Error("the picture has no pixels");
  Image result = run_steps(image, preprocessing.steps, width, height);
  if (result.width != width || result.height != height) {
    throw Error("the picture is " + size_text(result.width, result.height) +
                " after preprocessing, the network takes " + size_text(width, height));
  }
  return result;
}

}  // namespace fovea
