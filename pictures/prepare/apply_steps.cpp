// Runs a card's steps in their order and checks that the picture fits the network.
#include <utility>

#include <fovea/error.h>
#include "base/float_mode.h"
#include "engine/kernel_choice.h"
#include "pictures/prepare/steps.h"

namespace fovea {
namespace {

constexpr int kMaxNetworkSide = 16384;  // as for the sizes in a card

std::string size_text(int width, int height) { return std::to_string(width) + "x" + std::to_string(height); }

struct StepRunner {
  Image& image;
  const KernelTable& kernels;
  Image operator()(const CropGrey& step) const { return crop_grey(step, std::move(image)); }
  Image operator()(const CropCircle&) const { return crop_circle(std::move(image)); }
  Image operator()(const GaussianContrast& step) const { return gaussian_contrast(step, image, kernels); }
  Image operator()(const Resize& step) const { return resize(step, image, kernels); }
};

// 0 x 0 becomes the network's size.
std::vector<ImageStep> with_sizes(std::vector<ImageStep> steps, int width, int height) {
  for (ImageStep& step : steps) {
    auto* to = std::get_if<Resize>(&step);
    if (to != nullptr && to->width == 0 && to->height == 0) *to = Resize{width, height, to->interpolation};
  }
  return steps;
}

// Runs the step at `at`, with the one after it where both are one; `at` becomes the next to run.
Image run_step(const std::vector<ImageStep>& steps, std::size_t& at, Image image, const KernelTable& kernels) {
  const ImageStep& step = steps[at++];
  const auto* contrast = std::get_if<GaussianContrast>(&step);
  const auto* to = contrast != nullptr && at < steps.size() ? std::get_if<Resize>(&steps[at]) : nullptr;
  if (to == nullptr) return std::visit(StepRunner{image, kernels}, step);
  ++at;
  return resized_contrast(*contrast, *to, image, kernels);
}

Image run_steps(Image image, const std::vector<ImageStep>& steps, const KernelTable& kernels) {
  for (std::size_t at = 0; at < steps.size();) image = run_step(steps, at, std::move(image), kernels);
  return image;
}

}  // namespace

std::optional<std::array<int, 2>> prepared_size(const Preprocessing& preprocessing) {
  std::optional<std::array<int, 2>> size;
  for (const ImageStep& step : preprocessing.steps) {
    if (const auto* to = std::get_if<Resize>(&step)) {
      size = to->width == 0 ? std::nullopt : std::optional(std::array{to->width, to->height});
    } else if (std::holds_alternative<CropGrey>(step)) {
      size.reset();
    }
  }
  return size;
}

void check_image(const Image& image) {
  if (image.width <= 0 || image.height <= 0) throw Error("the picture has no pixels");
  const auto needed = std::size_t{3} * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  if (image.width > kMaxImageSide || image.height > kMaxImageSide || image.pixels.size() != needed) {
    throw Error("the picture is said to be " + size_text(image.width, image.height) + " and has " +
                std::to_string(image.pixels.size()) + " bytes");
  }
}

Image apply_steps(Image image, const Preprocessing& preprocessing, int width, int height, const std::string& isa) {
  const FloatMode mode(FloatMode::Tiny::kept);
  check_image(image);
  check_preprocessing(preprocessing);
  if (width < 1 || height < 1 || width > kMaxNetworkSide || height > kMaxNetworkSide) {
    throw Error("a network does not take pictures of " + size_text(width, height));
  }
  Image result = run_steps(std::move(image), with_sizes(preprocessing.steps, width, height), choose_kernels(isa));
  if (result.width != width || result.height != height) {
    throw Error("the picture is " + size_text(result.width, result.height) +
                " after preprocessing, the network takes " + size_text(width, height));
  }
  return result;
}

Image apply_steps(Image image, const Preprocessing& preprocessing, int width, int height) {
  return apply_steps(std::move(image), preprocessing, width, height, "");
}

}  // namespace fovea
