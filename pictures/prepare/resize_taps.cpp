// Resize with two or four taps a direction: linear, cubic, and what is called area where it enlarges. Each row that is
// read is brought to the new width once; the last few such rows are kept.
#include <algorithm>
#include <array>
#include <type_traits>

#include "pictures/prepare/resize_axis.h"
#include "pictures/prepare/resize_rows.h"

namespace fovea {
namespace {

/// Element: what a row at the new width consists of, float for cubic, words for linear.
template <class Element, int kTaps>
class TapRows final : public RowResizer {
 public:
  TapRows(const KernelTable& kernels, TapAxis columns, TapAxis rows, int width, int height, Image& result)
      : RowResizer(height),
        kernels_(kernels),
        columns_(std::move(columns)),
        rows_(std::move(rows)),
        bottom_(height - 1),
        width_(width),
        result_(result) {
    // The kernels write one value more than a row has, and read up to a multiple of sixteen.
    for (auto& row : kept_) row.resize(as_size((3 * result.width + 1 + 15) / 16 * 16));
    for (int i = 0; i < result.height; ++i) {
      for (int k = 0; k < kTaps; ++k) need(place(i, k));
    }
  }

  void take(int y, const std::uint8_t* row) override {
    const ResizeAcrossArgs call{row, std::int64_t{3} * width_, columns_.first.data(), columns_.weights.data(),
                                result_.width};
    Element* out = kept_[as_size(y % kTaps)].data();
    if constexpr (kTaps == 4) {
      kernels_.resize.cubic_across_u8(call, out);
    } else {
      kernels_.resize.linear_across_u8(call, out);
    }
    for (; next_ < result_.height && place(next_, kTaps - 1) <= y; ++next_) down(next_);
  }

 private:
  /// The row of the picture that tap k of row i reads: outside it the edge, with each tap's own weight.
  int place(int i, int k) const { return std::clamp(rows_.first[as_size(i)] + k, 0, bottom_); }

  void down(int i) {
    std::array<const Element*, kTaps> rows;
    for (int k = 0; k < kTaps; ++k) rows[as_size(k)] = kept_[as_size(place(i, k) % kTaps)].data();
    const std::int16_t* weights = rows_.weights.data() + i * kTaps;
    const int values = 3 * result_.width;
    std::uint8_t* out = result_.pixels.data() + std::int64_t{values} * i;
    if constexpr (kTaps == 4) {
      std::array<float, kTaps> scaled;
      for (int k = 0; k < kTaps; ++k) scaled[as_size(k)] = static_cast<float>(weights[k]) * 0x1p-22f;
      kernels_.resize.cubic_down_f32(rows.data(), scaled.data(), values, out);
      last_in_whole_numbers(rows, weights, out);
    } else {
      kernels_.resize.linear_down_s16(rows.data(), weights, values, out);
    }
  }

  // OpenCV's cubic resize sums in float, but what is left of eight bytes at a row's end in whole numbers, which now and
  // then rounds otherwise. Which channels those are depends on their order, and what imread gives to those who train is
  // BGR.
  void last_in_whole_numbers(const std::array<const Element*, kTaps>& rows, const std::int16_t* weights,
                             std::uint8_t* out) const {
    const int values = 3 * result_.width;
    for (int bgr = values / 8 * 8; bgr < values; ++bgr) {
      const int rgb = bgr + 2 - 2 * (bgr % 3);
      int sum = 1 << 21;
      for (int k = 0; k < kTaps; ++k) sum += static_cast<int>(rows[as_size(k)][rgb]) * weights[k];
      out[rgb] = static_cast<std::uint8_t>(std::clamp(sum >> 22, 0, 255));
    }
  }

  const KernelTable& kernels_;
  TapAxis columns_, rows_;
  int bottom_, width_;
  Image& result_;
  std::array<std::vector<Element>, kTaps> kept_;  // row y at y % kTaps: what one result reads are neighbours
  int next_ = 0;
};

// A column outside counts for the edge with all of a pixel's weight, not each tap's own.
TapAxis linear_columns(int from, int to) {
  TapAxis axis = linear_axis(from, to);
  for (std::size_t i = 0; i < axis.first.size(); ++i) {
    if (axis.first[i] >= 0 && axis.first[i] < from - 1) continue;
    axis.first[i] = std::clamp(axis.first[i], 0, from - 1);
    axis.weights[2 * i] = 2048;
    axis.weights[2 * i + 1] = 0;
  }
  return folded(std::move(axis), from);
}

}  // namespace

std::unique_ptr<RowResizer> cubic_rows(const KernelTable& kernels, int width, int height, Image& result) {
  return std::make_unique<TapRows<float, 4>>(kernels, folded(cubic_axis(width, result.width), width),
                                             cubic_axis(height, result.height), width, height, result);
}

std::unique_ptr<RowResizer> linear_rows(const KernelTable& kernels, int width, int height, Image& result) {
  return std::make_unique<TapRows<std::int16_t, 2>>(kernels, linear_columns(width, result.width),
                                                    linear_axis(height, result.height), width, height, result);
}

std::unique_ptr<RowResizer> enlarged_area_rows(const KernelTable& kernels, int width, int height, Image& result) {
  return std::make_unique<TapRows<std::int16_t, 2>>(kernels, folded(enlarged_area_axis(width, result.width), width),
                                                    enlarged_area_axis(height, result.height), width, height, result);
}

}  // namespace fovea
