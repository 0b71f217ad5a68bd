// Keras Dot: the products of all vectors along an axis of one input with all along an axis of the other. Source:
// keras/src/layers/merging/dot.py.
#include <algorithm>
#include <array>
#include <cmath>

#include <fovea/error.h>
#include "base/aligned.h"
#include "base/ceil_div.h"
#include "layers/axes.h"
#include "layers/conv/dense_weights.h"
#include "layers/layer.h"

namespace fovea {

namespace {

// Of the result handed out at once: so many vectors of the first input by so many blocks of 16 of the second.
constexpr std::int64_t kTaskRows = 8, kTaskBlocks = 4;
constexpr std::int64_t kTaskWidth = kTaskBlocks * kBlock;

// The vectors along one axis of an input.
struct Vectors {
  std::int64_t count = 0;
  std::int64_t step = 1;    ///< from one value of a vector to the next
  std::int64_t length = 0;  ///< values of a vector
  std::int64_t first(std::int64_t vector) const { return vector / step * step * length + vector % step; }
};

class DotOp final : public Op {
 public:
  DotOp(const std::array<Vectors, 2>& vectors, bool normalize, const TensorDesc& out)
      : vectors_(vectors), normalize_(normalize), out_(out), blocks_(ceil_div(vectors[1].count, kBlock)) {
    // Vectors that lie value by value are read where they are.
    const bool in_rows = vectors_[0].step == 1 && !normalize_;
    row_floats_ = in_rows ? 0 : ceil_div(vectors_[0].count * vectors_[0].length, kBlock) * kBlock;
  }

  OpNeeds needs() const override {
    return {.thread_scratch = float_bytes(kTaskRows * kTaskWidth),
            .shared_scratch = float_bytes(row_floats_ + blocks_ * vectors_[1].length * kBlock)};
  }
  OpReport report() const override {
    return {.kernel = "dense_f32", .macs = vectors_[0].count * vectors_[1].count * vectors_[0].length};
  }

  bool has_gradient() const override { return !normalize_; }
  void add_gradients(const GradientContext& ctx) const override {
    const GradientOperand &a = ctx.in[0], &b = ctx.in[1];
    const auto at = [](const Vectors& vectors, std::int64_t vector, std::int64_t k) {
      return static_cast<std::size_t>(vectors.first(vector) + k * vectors.step);
    };
    for (std::int64_t i = 0; i < vectors_[0].count * vectors_[1].count; ++i) {
      const double gradient = ctx.out.gradient[static_cast<std::size_t>(i)];
      for (std::int64_t k = 0; k < vectors_[0].length; ++k) {
        const std::size_t at_a = at(vectors_[0], i / vectors_[1].count, k);
        const std::size_t at_b = at(vectors_[1], i % vectors_[1].count, k);
        a.gradient[at_a] += b.value[at_b] * gradient;
        b.gradient[at_b] += a.value[at_a] * gradient;
      }
    }
  }

  void run(const RunContext& ctx) const noexcept override {
    for (int image = 0; image < ctx.batch; ++image) {
      pack(ctx, image);
      multiply(ctx, image);
    }
  }

 private:
  // The first input's vectors one after the other, those of the second as Dense has its weights.
  void pack(const RunContext& ctx, int image) const noexcept {
    const std::int64_t row_tasks = row_floats_ > 0 ? ceil_div(vectors_[0].count, kBlock) : 0;
    ctx.team.for_each(row_tasks + blocks_, [&](std::int64_t task, int) {
      const bool rows = task < row_tasks;
      const Vectors& vectors = vectors_[rows ? 0 : 1];
      const float* in = ctx.in[rows ? 0 : 1].image(image);
      const std::int64_t block = rows ? task : task - row_tasks;
      for (std::int64_t i = 0; i < kBlock; ++i) {
        const std::int64_t vector = block * kBlock + i;
        if (rows && vector < vectors.count) {
          copy(in + vectors.first(vector), vectors, 1, [&](std::int64_t first, std::int64_t) {
            return ctx.shared_scratch() + vector * vectors.length + first;
          });
        } else if (!rows) {
          // Lanes past the last vector repeat it; nothing reads their products.
          copy(in + vectors.first(std::min(vector, vectors.count - 1)), vectors, kBlock,
               [&](std::int64_t first, std::int64_t count) {
                 return ctx.shared_scratch() + row_floats_ + dense_weights_at(first, blocks_, block, count) + i;
               });
        }
      }
    });
  }

  // With the length 1, where that is asked for; Keras bounds the factor so. `place` says where `count` values from
  // value `first` on go, `step` floats apart.
  template <class Place>
  void copy(const float* in, const Vectors& vectors, std::int64_t step, const Place& place) const noexcept {
    constexpr double kLargestFactor = 1e12;
    double factor = 1;
    if (normalize_) {
      double squares = 0;
      for (std::int64_t k = 0; k < vectors.length; ++k) {
        const double value = in[k * vectors.step];
        squares += value * value;
      }
      factor = std::min(1 / std::sqrt(squares), kLargestFactor);
    }
    for (std::int64_t first = 0; first < vectors.length; first += kDenseBlock) {
      const std::int64_t count = std::min<std::int64_t>(kDenseBlock, vectors.length - first);
      float* out = place(first, count);
      for (std::int64_t k = 0; k < count; ++k) {
        out[k * step] = static_cast<float>(in[(first + k) * vectors.step] * factor);
      }
    }
  }

  void multiply(const RunContext& ctx, int image) const noexcept {
    const std::int64_t length = vectors_[0].length, rows = vectors_[0].count, width = vectors_[1].count;
    const std::int64_t pieces = ceil_div(blocks_, kTaskBlocks);
    const float* in = row_floats_ > 0 ? ctx.shared_scratch() : ctx.in[0].image(image);
    const float* weights = ctx.shared_scratch() + row_floats_;
    float* out = ctx.out.image(image);
    // A vector's last block is whole.
    std::fill(out + out_.shape.elements(), out + out_.values(), 0.0f);
    ctx.team.for_each(ceil_div(rows, kTaskRows) * pieces, [&](std::int64_t task, int thread) {
      const std::int64_t row = task / pieces * kTaskRows, block = task % pieces * kTaskBlocks;
      const std::int64_t count = std::min(kTaskRows, rows - row);
      float* products = ctx.thread_scratch(thread);
      ctx.kernels.dense.f32({.in = in + row * length,
                             .in_stride = length,
                             .images = static_cast<int>(count),
                             .k = static_cast<int>(length),
                             .k_block = kDenseBlock,
                             .weights = weights,
                             .all_blocks = static_cast<int>(blocks_),
                             .first_block = static_cast<int>(block),
                             .out_blocks = static_cast<int>(std::min(kTaskBlocks, blocks_ - block)),
                             .bias = no_bias_.data(),
                             .out = products,
                             .out_stride = kTaskWidth,
                             .clamp = kNoClamp});
      const std::int64_t first = block * kBlock, values = std::min(kTaskWidth, width - first);
      for (std::int64_t i = 0; i < count; ++i) {
        std::copy_n(products + i * kTaskWidth, values, out + (row + i) * width + first);
      }
    });
  }

  std::array<Vectors, 2> vectors_;
  bool normalize_;
  TensorDesc out_;
  std::int64_t blocks_, row_floats_ = 0;
  AlignedFloats no_bias_{kTaskWidth};
};

class Dot final : public Layer {
 public:
  explicit Dot(const LayerConfig& config)
      : Layer(config), axes_(read_axes(config, "axes", 0)), normalize_(config.boolean("normalize", false)) {
    if (!config.has("axes") || axes_.empty() || axes_.size() > 2) {
      throw Error(where("attribute 'axes' is not one axis or two"));
    }
  }

  Shape infer(std::span<const Shape> in) const override {
    if (in.size() != 2) throw Error(where("takes two inputs, has " + std::to_string(in.size())));
    const std::array<int, 2> axes = summed_axes(in);
    std::vector<std::int64_t> dims;
    for (std::size_t i = 0; i < 2; ++i) {
      for (int axis = 0; axis < in[i].rank(); ++axis) {
        if (axis != axes[i]) dims.push_back(in[i][axis]);
      }
    }
    if (in[0][axes[0]] != in[1][axes[1]]) {
      throw Error(where("cannot multiply " + in[0].str() + " and " + in[1].str() + " along these axes"));
    }
    if (dims.size() > 3) {
      throw UnsupportedError(where("inputs of shapes " + in[0].str() + " and " + in[1].str() + " are not supported"));
    }
    if (dims.empty()) dims.push_back(1);
    return Shape(dims);
  }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    const std::array<Shape, 2> in{ctx.in[0].shape, ctx.in[1].shape};
    const std::array<int, 2> axes = summed_axes(in);
    std::array<Vectors, 2> all;
    for (std::size_t i = 0; i < 2; ++i) {
      Vectors& vectors = all[i];
      vectors.length = in[i][axes[i]];
      vectors.count = in[i].elements() / vectors.length;
      for (int axis = axes[i] + 1; axis < in[i].rank(); ++axis) vectors.step *= in[i][axis];
    }
    return std::make_unique<DotOp>(all, normalize_, ctx.out);
  }

 private:
  std::array<int, 2> summed_axes(std::span<const Shape> in) const {
    std::array<int, 2> axes{};
    for (std::size_t i = 0; i < 2; ++i) {
      const std::vector<bool> marks =
          marked_axes({axes_[std::min(i, axes_.size() - 1)]}, in[i].rank(), name(), class_name());
      axes[i] = static_cast<int>(std::find(marks.begin(), marks.end(), true) - marks.begin());
    }
    return axes;
  }

  std::vector<std::int64_t> axes_;
  bool normalize_;
};

}  // namespace

std::unique_ptr<Layer> make_dot(const LayerConfig& config) { return std::make_unique<Dot>(config); }

}  // namespace fovea
