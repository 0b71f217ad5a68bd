// Buffers in blocks of 16 channels around one method, and seven loops beside it.
#include "tests/layers/winograd_case.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "tests/support/model_builder.h"

namespace fovea::test {

namespace {

// What lies in the lanes past the last channel: anything finite.
constexpr float kFiniteGarbage = 1000;
constexpr std::int64_t kFloat = sizeof(float);

std::byte* bytes_of(Buffer& buffer) { return reinterpret_cast<std::byte*>(buffer.data()); }

// Copies an image from channels last to blocks.
void put(const std::vector<float>& image, const TensorDesc& desc, float* out) {
  std::fill_n(out, desc.values(), kFiniteGarbage);
  for (std::int64_t pixel = 0; pixel < desc.pixels(); ++pixel) {
    for (std::int64_t c = 0; c < desc.shape.c(); ++c) {
      out[(c / kBlock * desc.pixels() + pixel) * kBlock + c % kBlock] = image[pixel * desc.shape.c() + c];
    }
  }
}

std::vector<float> take(const float* in, const TensorDesc& desc) {
  std::vector<float> image;
  for (std::int64_t pixel = 0; pixel < desc.pixels(); ++pixel) {
    for (std::int64_t c = 0; c < desc.shape.c(); ++c) {
      image.push_back(in[(c / kBlock * desc.pixels() + pixel) * kBlock + c % kBlock]);
    }
  }
  return image;
}

// Number of padding lanes that are neither zero nor, from an image of NaN, NaN.
std::int64_t dirty_lanes(const float* out, const TensorDesc& desc) {
  std::int64_t dirty = 0;
  for (std::int64_t c = desc.shape.c(); c < desc.blocks() * kBlock; ++c) {
    for (std::int64_t pixel = 0; pixel < desc.pixels(); ++pixel) {
      const float x = out[(c / kBlock * desc.pixels() + pixel) * kBlock + c % kBlock];
      dirty += x != 0 && !std::isnan(x);
    }
  }
  return dirty;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const WinogradShape& s) {
  return out << "tile " << s.tile << ": " << s.h << "x" << s.w << "x" << s.channels << " to " << s.filters
             << ", padding " << s.top << " " << s.bottom << " " << s.left << " " << s.right << ", residual "
             << static_cast<int>(s.residual) << (s.integers ? ", whole numbers" : "");
}

WinogradCase::WinogradCase(const WinogradShape& s) : shape_(s) {
  Random random;
  const auto values = [&](std::int64_t count) {
    std::vector<float> v(static_cast<std::size_t>(count));
    random.fill(v, s.integers);
    return v;
  };
  kernel_ = weight("kernel", {3, 3, s.channels, s.filters}, values(9 * s.channels * s.filters));
  for (std::int64_t f = 0; f < s.filters; ++f)
    scale_.push_back(!s.integers ? random.real(0.5f, 2) : f % 2 == 0 ? 1 : -1);
  bias_ = values(s.filters);
  for (int i = 0; i < 3; ++i) {
    images_.push_back({values(s.h * s.w * s.channels), values(s.out_h() * s.out_w() * s.filters)});
  }
}

void WinogradCase::poison(int image) { std::ranges::fill(images_[static_cast<std::size_t>(image)].in, kNaN); }

ConvGeometry WinogradCase::geometry(const KernelTable& table) const {
  const WindowAxis three{3, 1, 1};
  return {.kernels = table,
          .in = {{shape_.h, shape_.w, shape_.channels}, Layout::c16},
          .out = {{shape_.out_h(), shape_.out_w(), shape_.filters}, Layout::c16},
          .y = three,
          .x = three,
          .pad_top = shape_.top,
          .pad_left = shape_.left};
}

std::vector<std::vector<float>> WinogradCase::run(const KernelTable& table, int threads,
                                                  const std::vector<int>& order) const {
  const ConvGeometry g = geometry(table);
  ThreadTeam team(threads);
  Packer packer(team);
  const auto op = make_winograd_conv(shape_.tile, spec(table), packer);
  EXPECT_NE(op->report().kernel.find("winograd" + std::to_string(shape_.tile)), std::string::npos);
  return run(*op, g, team, order);
}

std::vector<float> WinogradCase::run_direct(const KernelTable& table, int image) const {
  ThreadTeam team(1);
  Packer packer(team);
  return run(*make_direct_conv(spec(table), packer), geometry(table), team, {image})[0];
}

ConvSpec WinogradCase::spec(const KernelTable& table) const {
  const ConvGeometry g = geometry(table);
  AlignedFloats bias(g.out.blocks() * kBlock);
  std::ranges::copy(bias_, bias.data());
  return {.geometry = g,
          .weights = {kernel_, scale_},
          .epilogue = {std::move(bias), shape_.clamp, shape_.residual != Residual::none}};
}

std::vector<std::vector<float>> WinogradCase::run(const Op& op, const ConvGeometry& g, ThreadTeam& team,
                                                  const std::vector<int>& order) const {
  const int batch = static_cast<int>(order.size());
  const OpNeeds needs = op.needs();
  Buffer in(batch * g.in.values()), out(batch * g.out.values()), residual(batch * g.out.values());
  Buffer scratch(team.threads() * needs.thread_scratch / kFloat), shared(needs.shared_scratch / kFloat);
  Buffer& second = shape_.residual == Residual::in_place ? out : residual;
  const std::array<Operand, 2> operands = {{{bytes_of(in), g.in.bytes()}, {bytes_of(second), g.out.bytes()}}};
  for (int repetition = 0; repetition < 2; ++repetition) {
    for (int i = 0; i < batch; ++i) {
      const Image& image = images_[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])];
      put(image.in, g.in, in.data() + i * g.in.values());
      if (shape_.residual != Residual::none) put(image.residual, g.out, second.data() + i * g.out.values());
    }
    op.run({.kernels = g.kernels,
            .team = team,
            .batch = batch,
            .in = operands,
            .out = {bytes_of(out), g.out.bytes()},
            .scratch = bytes_of(scratch),
            .scratch_stride = needs.thread_scratch,
            .shared = bytes_of(shared)});
  }
  divided_channels_ = shared.touched() > 0;
  for (const Buffer* buffer : {&in, &out, &residual, &scratch, &shared}) {
    EXPECT_TRUE(buffer->guards_whole()) << "something was written beside a buffer";
  }
  EXPECT_EQ(out.touched(), out.size()) << "values were left unwritten";
  std::vector<std::vector<float>> results;
  for (int i = 0; i < batch; ++i) {
    const float* image = out.data() + i * g.out.values();
    results.push_back(take(image, g.out));
    if (shape_.residual == Residual::none) {
      EXPECT_EQ(dirty_lanes(image, g.out), 0) << "padding lanes are not zero";
    }
  }
  return results;
}

std::vector<Ref> WinogradCase::expected(int image) const {
  const WinogradShape& s = shape_;
  const Image& data = images_[static_cast<std::size_t>(image)];
  const std::vector<double> in(data.in.begin(), data.in.end());
  const PlainConv conv{s.h,        s.w,
                       s.channels, s.top,
                       s.left,     s.out_h(),
                       s.out_w(),  s.filters,
                       in,         {kernel_.data.get(), static_cast<std::size_t>(9 * s.channels * s.filters)}};
  const std::vector<double> sizes = winograd_sizes(s.tile, conv);
  std::vector<Ref> refs;
  for (std::int64_t i = 0; i < s.out_h() * s.out_w() * s.filters; ++i) {
    const std::int64_t oy = i / s.filters / s.out_w(), ox = i / s.filters % s.out_w(), f = i % s.filters;
    double sum = 0;
    for (std::int64_t tap = 0; tap < 9; ++tap) {
      const std::int64_t y = oy + tap / 3 - s.top, x = ox + tap % 3 - s.left;
      if (y < 0 || y >= s.h || x < 0 || x >= s.w) continue;
      for (std::int64_t c = 0; c < s.channels; ++c) {
        sum += in[(y * s.w + x) * s.channels + c] * conv.kernel[(tap * s.channels + c) * s.filters + f];
      }
    }
    Ref ref{sum * scale_[f], sizes[i] * std::abs(scale_[f]), winograd_terms(s.tile, s.channels)};
    if (s.residual != Residual::none) ref.add(data.residual[i]);
    ref.add(bias_[f]);
    ref.value = reference::clamp(ref.value, s.clamp);
    refs.push_back(ref);
  }
  return refs;
}

}  // namespace fovea::test
