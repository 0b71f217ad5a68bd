// Contrast against the blurred surroundings: saturate(weight * img + blur_weight * blur + offset), to the bit what
// OpenCV's portable GaussianBlur and addWeighted give.
//
// Blocks of rows: the vertical sums of a block, 32 columns at a time, then its horizontal sums, 16 rows at a time. What
// is kept of a block is what the vertical recursion of the next goes on from. Where a resize follows, it takes
// the rows as they come, and rows that it does not read have no horizontal sums.
#include <algorithm>
#include <memory>
#include <new>

#include "pictures/prepare/gaussian_plan.h"
#include "pictures/prepare/gaussian_taps.h"
#include "pictures/prepare/make_image.h"
#include "pictures/prepare/resize_rows.h"
#include "pictures/prepare/steps.h"

namespace fovea {
namespace {

// A block's 16-bit sums, 4 MB for a row of 5000 pixels, are written once and read once.
constexpr int kBlockRows = 128;
constexpr std::int64_t kStrip = kBlockRows * 32;  // from one strip of sums to the next

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

/// One thread's state: scratch and the way through its rows.
class ContrastRows {
 public:
  ContrastRows(const GaussianContrast& step, const Image& image, const KernelTable& kernels)
      : kernels_(kernels),
        image_(image),
        row_bytes_(std::int64_t{3} * image.width),
        strips_((row_bytes_ + 31) / 32),
        taps_(gaussian_taps(step.sigma)),
        chunk_(std::min(image.width, kGaussianChunk)),
        down_(taps_, kDownCost),
        across_(taps_, kAcrossCost),
        down_source_(as_size(down_.reach_before() + kBlockRows + down_.reach_after())),
        across_source_(as_size(across_.reach_before() + image.width + across_.reach_after())),
        down_window_(down_source_.size() * kGaussianColumns),
        down_ring_(as_size(kGaussianRing) * 32),
        kept_(as_size(strips_ * down_.lag()) * 32),
        sums_(as_size(strips_ * kStrip)),
        across_window_(as_size(2 * kGaussianPad + across_.reach_before() + chunk_ + across_.reach_after()) * 48),
        ring_(3 * kGaussianRing * 16),
        blurred_(3 * kGaussianChunk * 16) {
    for (std::size_t k = 0; k < across_source_.size(); ++k) {
      across_source_[k] = reflect(static_cast<int>(k) - across_.reach_before(), image.width);
    }
    across_call_.in_strip = kStrip;
    across_call_.width = image.width;
    across_call_.source = across_source_.data();
    across_call_.sums = across_.sums(across_.lag());
    across_call_.window = across_window_.data();
    across_call_.ring = ring_.data();
    across_call_.blurred = blurred_.data();
    across_call_.picture_stride = across_call_.out_stride = row_bytes_;
    across_call_.weight = static_cast<float>(step.weight);
    across_call_.blur_weight = static_cast<float>(step.blur_weight);
    across_call_.offset = static_cast<float>(step.offset);
  }

  /// take(y, rows): where rows y .. y + rows - 1 of the result, up to 16, are to be put; done(y, rows) when they are.
  template <class Take, class Done>
  void run(Take take, Done done) {
    for_each_block([&](int y, int rows) {
      for (int i = 0; i < rows; i += 16) {
        const int count = std::min(16, rows - i);
        contrast(sums_.data() + i * 32, count, image_.pixels.data() + (y + i) * row_bytes_, take(y + i, count), y + i);
        done(y + i, count);
      }
    });
  }

  /// Into a resize, only the rows that it reads.
  void run(RowResizer& resizer) {
    std::vector<std::uint8_t> out(as_size(16 * row_bytes_));
    if (!skipping_pays(resizer)) {
      run([&](int, int) { return out.data(); },
          [&](int y, int rows) {
            for (int i = 0; i < rows; ++i) {
              if (resizer.needs(y + i)) resizer.take(y + i, out.data() + i * row_bytes_);
            }
          });
      return;
    }
    std::vector<std::uint8_t> picture(as_size(16 * row_bytes_));
    for_each_block([&](int y, int rows) {
      const std::vector<int> needed = move_needed_up(resizer, y, rows);
      for (std::size_t first = 0; first < needed.size(); first += 16) {
        const int count = static_cast<int>(std::min<std::size_t>(16, needed.size() - first));
        const int* row = needed.data() + first;
        for (int i = 0; i < count; ++i) {
          std::copy_n(image_.pixels.data() + row[i] * row_bytes_, row_bytes_, picture.data() + i * row_bytes_);
        }
        // As if the rows before the last one were those before it: a row is longer than what is added otherwise.
        contrast(sums_.data() + first * 32, count, picture.data(), out.data(), row[count - 1] - count + 1);
        for (int i = 0; i < count; ++i) resizer.take(row[i], out.data() + i * row_bytes_);
      }
    });
  }

 private:
  template <class UseSums>
  void for_each_block(UseSums use_sums) {
    for (int y = 0; y < image_.height; y += kBlockRows) {
      const int rows = std::min(kBlockRows, image_.height - y);
      sum_down(y, rows, y == 0 ? down_.lag() : 0);
      use_sums(y, rows);
    }
  }

  // Rows that are needed are copied together first, which costs about as much as every fifth of them.
  bool skipping_pays(const RowResizer& resizer) const {
    int needed = 0;
    for (int y = 0; y < image_.height; ++y) needed += resizer.needs(y) ? 1 : 0;
    return row_bytes_ >= 8 && needed < image_.height / 5 * 4;
  }

  // The needed rows of a block; their sums become the block's first.
  std::vector<int> move_needed_up(const RowResizer& resizer, int y, int rows) {
    std::vector<int> needed;
    for (int i = 0; i < rows; ++i) {
      if (!resizer.needs(y + i)) continue;
      const auto to = static_cast<std::int64_t>(needed.size());
      for (std::int64_t strip = 0; to < i && strip < strips_; ++strip) {
        std::uint16_t* sums = sums_.data() + strip * kStrip;
        std::copy_n(sums + i * 32, 32, sums + to * 32);
      }
      needed.push_back(y + i);
    }
    return needed;
  }

  void sum_down(int y, int rows, int direct_count) {
    for (std::size_t k = 0; k < down_source_.size(); ++k) {
      down_source_[k] = reflect(y + static_cast<int>(k) - down_.reach_before(), image_.height);
    }
    for (std::int64_t x = 0; x < row_bytes_; x += kGaussianColumns) {
      const int columns = static_cast<int>(std::min<std::int64_t>(kGaussianColumns, row_bytes_ - x));
      const std::int64_t strip = x / 32;
      kernels_.gaussian.down_u8({image_.pixels.data() + x, row_bytes_, down_source_.data(), columns, rows,
                                 down_.sums(direct_count), down_window_.data(), down_ring_.data(),
                                 kept_.data() + strip * down_.lag() * 32, sums_.data() + strip * kStrip, kStrip});
    }
  }

  /// `y`: the place of the first row in the picture.
  void contrast(const std::uint16_t* sums, int rows, const std::uint8_t* picture, std::uint8_t* out, int y) {
    GaussianAcrossArgs call = across_call_;
    call.in = sums;
    call.rows = rows;
    call.picture = picture;
    call.out = out;
    // OpenCV takes eight bytes of the whole picture at a time, and what is left at its end one by one.
    const std::int64_t bytes = image_.height * row_bytes_;
    call.other_order_from = bytes / 8 * 8 - y * row_bytes_;
    kernels_.gaussian.across_u16(call);
  }

  const KernelTable& kernels_;
  const Image& image_;
  std::int64_t row_bytes_, strips_;
  std::vector<int> taps_;
  int chunk_;
  GaussianPlan down_, across_;
  std::vector<std::int32_t> down_source_, across_source_;
  Scratch<std::uint16_t> down_window_;
  Scratch<std::uint16_t> down_ring_, kept_, sums_;
  Scratch<float> across_window_, ring_;
  Scratch<std::uint8_t> blurred_;
  GaussianAcrossArgs across_call_{};
};

}  // namespace

Image gaussian_contrast(const GaussianContrast& step, const Image& image, const KernelTable& kernels) {
  Image result = make_image(image.width, image.height);
  const std::int64_t row_bytes = std::int64_t{3} * image.width;
  ContrastRows(step, image, kernels)
      .run([&](int y, int) { return result.pixels.data() + y * row_bytes; }, [](int, int) {});
  return result;
}

Image resized_contrast(const GaussianContrast& contrast, const Resize& step, const Image& image,
                       const KernelTable& kernels) {
  Image result = make_image(step.width, step.height);
  ContrastRows(contrast, image, kernels)
      .run(*row_resizer(kernels, step.interpolation, image.width, image.height, result));
  return result;
}

}  // namespace fovea
