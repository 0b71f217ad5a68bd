// Inputs and results as one array, channels last or first.
#include <algorithm>

#include <fovea/error.h>
#include <fovea/session.h>

namespace fovea {
namespace {

void check_array(std::size_t values, int batch, int max_batch, std::size_t of_image, const char* what) {
  if (batch < 1 || batch > max_batch) {
    throw Error("a batch of " + std::to_string(batch) + " is outside the session's 1 to " + std::to_string(max_batch));
  }
  const std::size_t wanted = of_image * static_cast<std::size_t>(batch);
  if (values == wanted) return;
  throw Error("an array of " + std::to_string(values) + " values for " + what + " of " + std::to_string(wanted));
}

/// Calls move(value's index channels last, and channels first) for each value of one image.
template <class Move>
void each_value(const Shape& shape, const Move& move) {
  const auto channels = static_cast<std::size_t>(shape.c());
  const std::size_t places = static_cast<std::size_t>(shape.elements()) / channels;
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t p = 0; p < places; ++p) move(p * channels + c, c * places + p);
  }
}

}  // namespace

void Session::set_input(std::span<const float> values, DataLayout layout, int batch, int index) {
  const Shape& shape = model().input_shape(index);
  const auto size = static_cast<std::size_t>(shape.elements());
  check_array(values.size(), batch, max_batch(), size, "inputs");
  for (int i = 0; i < batch; ++i) {
    const float* from = values.data() + size * static_cast<std::size_t>(i);
    const std::span<float> to = input(i, index);
    if (layout == DataLayout::nhwc) {
      std::copy_n(from, size, to.begin());
    } else {
      each_value(shape, [&](std::size_t last, std::size_t first) { to[last] = from[first]; });
    }
  }
}

void Session::get_output(std::span<float> values, DataLayout layout, int batch, int index) const {
  const Shape& shape = model().output_shape(index);
  const auto size = static_cast<std::size_t>(shape.elements());
  check_array(values.size(), batch, max_batch(), size, "results");
  for (int i = 0; i < batch; ++i) {
    const std::span<const float> from = output(i, index);
    float* to = values.data() + size * static_cast<std::size_t>(i);
    if (layout == DataLayout::nhwc) {
      std::copy_n(from.begin(), size, to);
    } else {
      each_value(shape, [&](std::size_t last, std::size_t first) { to[first] = from[last]; });
    }
  }
}

}  // namespace fovea
