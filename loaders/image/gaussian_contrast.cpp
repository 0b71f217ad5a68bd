// Contrast against the blurred surroundings: saturate(weight * img + blur_weight * blur + offset), to the bit what
// OpenCV's portable GaussianBlur and addWeighted give.
//
// Blocks of rows: the vertical sums of a block, 32 columns at a time, then its horizontal sums, 16 rows at a time. What
// is kept of a block are its last vertical sums, from which those of the next go on.
#include <algorithm>
#include <memory>
#include <new>

#include "engine/kernel_choice.h"
#include "loaders/image/gaussian_taps.h"
#include "loaders/image/make_image.h"
#include "loaders/image/steps.h"

namespace fovea {
namespace {

// A block's 16-bit sums, 4 MB for a row of 5000 pixels, are written once and read once.
constexpr int kBlockRows = 128;

// In the kernels' unit, an addition to each of 32 words or 16 floats.
constexpr TermCost kDownCost{2, 2}, kAcrossCost{1, 1.2};

constexpr std::align_val_t kCacheLine{64};

struct FreeAligned {
  void operator()(void* p) const { ::operator delete(p, kCacheLine); }
};

/// `size` zeros, aligned to a cache line: half of all unaligned 64-byte loads would touch two.
template <class T>
class Scratch {
 public:
  explicit Scratch(std::size_t size) : data_(static_cast<T*>(::operator new(size * sizeof(T), kCacheLine))) {
    std::fill_n(data_.get(), size, T{});
  }
  T* data() { return data_.get(); }

 private:
  std::unique_ptr<T[], FreeAligned> data_;
};

// BORDER_REFLECT_101: ... 2 1 0 1 2 ... n-2 n-1 n-2 ..., as often as needed.
int reflect(int i, int n) {
  if (n == 1) return 0;
  const int period = 2 * (n - 1);
  const int place = ((i % period) + period) % period;
  return place < n ? place : period - place;
}

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

/// One thread's state: scratch and the way through its rows.
class ContrastRows {
 public:
  ContrastRows(const GaussianContrast& step, const Image& image, Image& result)
      : kernels_(choose_kernels("")),
        image_(image),
        result_(result),
        row_bytes_(std::int64_t{3} * image.width),
        strips_((row_bytes_ + 31) / 32),
        taps_(gaussian_taps(step.sigma)),
        down_(taps_, kDownCost),
        across_(taps_, kAcrossCost),
        down_source_(size(down_.reach_before() + kBlockRows + down_.reach_after())),
        across_source_(size(across_.reach_before() + image.width + across_.reach_after())),
        down_window_(down_source_.size() * kGaussianColumns),
        strip_((down_.lag() + kBlockRows) * 32),
        sums_(size(strips_ * strip_)),
        chunk_(std::min(image.width, kGaussianChunk)),
        across_window_(size(1 + across_.reach_before() + chunk_ + across_.reach_after() + 2) * 48),
        across_sums_(size(across_.lag() + chunk_) * 48),
        blurred_(size(chunk_ + 16) * 48) {
    for (std::size_t k = 0; k < across_source_.size(); ++k) {
      across_source_[k] = reflect(static_cast<int>(k) - across_.reach_before(), image.width);
    }
    across_call_.in_strip = strip_;
    across_call_.width = image.width;
    across_call_.source = across_source_.data();
    across_call_.sums = across_.sums(across_.lag());
    across_call_.window = across_window_.data();
    across_call_.sums_scratch = across_sums_.data();
    across_call_.blurred = blurred_.data();
    across_call_.picture_stride = across_call_.out_stride = row_bytes_;
    across_call_.weight = static_cast<float>(step.weight);
    across_call_.blur_weight = static_cast<float>(step.blur_weight);
    across_call_.offset = static_cast<float>(step.offset);
  }

  /// Rows begin .. end - 1 of the result; any split of a picture gives the same bytes.
  void run(int begin, int end) {
    for (int y = begin; y < end; y += kBlockRows) {
      const int rows = std::min(kBlockRows, end - y);
      sum_down(y, rows, y == begin ? down_.lag() : 0);
      for (int i = 0; i < rows; i += 16) contrast(y + i, std::min(16, rows - i), block_sums() + i * 32);
      for (std::int64_t i = 0; i < strips_; ++i) {
        std::uint16_t* strip = sums_.data() + i * strip_;
        std::copy_n(strip + rows * 32, down_.lag() * 32, strip);
      }
    }
  }

 private:
  std::uint16_t* block_sums() { return sums_.data() + down_.lag() * 32; }

  void sum_down(int y, int rows, int direct_count) {
    for (std::size_t k = 0; k < down_source_.size(); ++k) {
      down_source_[k] = reflect(y + static_cast<int>(k) - down_.reach_before(), image_.height);
    }
    for (std::int64_t x = 0; x < row_bytes_; x += kGaussianColumns) {
      const int columns = static_cast<int>(std::min<std::int64_t>(kGaussianColumns, row_bytes_ - x));
      kernels_.gaussian_down_u8({image_.pixels.data() + x, row_bytes_, down_source_.data(), columns, rows,
                                 down_.sums(direct_count), down_window_.data(), block_sums() + x / 32 * strip_,
                                 strip_});
    }
  }

  void contrast(int y, int rows, const std::uint16_t* sums) {
    GaussianAcross call = across_call_;
    call.in = sums;
    call.rows = rows;
    call.picture = image_.pixels.data() + y * row_bytes_;
    call.out = result_.pixels.data() + y * row_bytes_;
    // OpenCV takes eight bytes of the whole picture at a time, and what is left at its end one by one.
    const std::int64_t bytes = image_.height * row_bytes_;
    call.other_order_from = bytes / 8 * 8 - y * row_bytes_;
    kernels_.gaussian_across_u16(call);
  }

  const KernelTable& kernels_;
  const Image& image_;
  Image& result_;
  std::int64_t row_bytes_, strips_;
  std::vector<int> taps_;
  GaussianPlan down_, across_;
  std::vector<std::int32_t> down_source_, across_source_;
  Scratch<std::uint16_t> down_window_;
  std::int64_t strip_;  // from one strip of sums to the next: the rows kept and those of a block
  Scratch<std::uint16_t> sums_;
  int chunk_;
  Scratch<float> across_window_, across_sums_;
  Scratch<std::uint8_t> blurred_;
  GaussianAcross across_call_{};
};

}  // namespace

Image gaussian_contrast(const GaussianContrast& step, const Image& image) {
  Image result = make_image(image.width, image.height);
  ContrastRows(step, image, result).run(0, image.height);
  return result;
}

}  // namespace fovea
