// Keras Dense on vectors: activation(x * kernel + bias). On maps it is a 1x1 convolution. Source:
// keras/src/layers/core/dense.py.
#include <algorithm>
#include <array>
#include <memory>

#include <fovea/error.h>
#include "base/aligned.h"
#include "base/ceil_div.h"
#include "layers/conv/dense_weights.h"
#include "layers/elementwise/activation.h"
#include "layers/layer.h"
#include "layers/registry.h"
#include "layers/row_layer.h"

namespace fovea {

namespace {

// Output blocks handed out at once: 64 outputs, whose weights are one stream in each K-block.
constexpr std::int64_t kBlocksPerTask = 4;

class DenseOp final : public Op {
 public:
  /// `kernel` is {k, units} and may be packed where it lies, `bias` {units} or nothing.
  DenseOp(const Weight& kernel, const Weight& bias, std::int64_t blocks, Clamp clamp, Packer& packer)
      : units_(kernel.shape[1]),
        blocks_(blocks),
        k_(static_cast<int>(kernel.shape[0])),
        clamp_(clamp),
        bias_(blocks * kBlock) {
    weights_ = packer.make("dense_f32", blocks_ * k_ * kBlock, [&] { return pack(kernel, packer.team()); });
    if (bias.data) std::copy_n(bias.data.get(), units_, bias_.data());
  }

  OpReport report() const override {
    return {
        .kernel = "dense_f32", .macs = k_ * units_, .weight_bytes = float_bytes(blocks_ * k_ * kBlock + bias_.size())};
  }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override {
    std::array<double, kBlock> gradient;
    for (std::int64_t block = 0; block < blocks_; ++block) {
      gradient.fill(0);
      for (std::int64_t n = block * kBlock; n < std::min(units_, (block + 1) * kBlock); ++n) {
        const std::size_t at = static_cast<std::size_t>(n);
        gradient[at % kBlock] = before_clamp(clamp_, ctx.out.value[at], ctx.out.gradient[at]);
      }
      for (std::int64_t k = 0; k < k_; ++k) {
        const std::int64_t begin = k / kDenseBlock * kDenseBlock, rows = k_block_rows(begin);
        const float* weights = weights_.data() + dense_weights_at(begin, blocks_, block, rows) + (k - begin) * kBlock;
        double& in = ctx.in[0].gradient[static_cast<std::size_t>(k)];
        for (std::size_t n = 0; n < kBlock; ++n) in += weights[n] * gradient[n];
      }
    }
  }

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t tasks = (blocks_ + kBlocksPerTask - 1) / kBlocksPerTask;
    ctx.team.for_each(tasks, [&](std::int64_t task, int) {
      const std::int64_t block = task * kBlocksPerTask;
      ctx.kernels.dense.f32({.in = ctx.in[0].image(0),
                             .in_stride = ctx.in[0].stride / std::int64_t{sizeof(float)},
                             .images = ctx.batch,
                             .k = k_,
                             .k_block = kDenseBlock,
                             .weights = weights_.data(),
                             .all_blocks = static_cast<int>(blocks_),
                             .first_block = static_cast<int>(block),
                             .out_blocks = static_cast<int>(std::min(kBlocksPerTask, blocks_ - block)),
                             .bias = bias_.data() + block * kBlock,
                             .out = ctx.out.image(0) + block * kBlock,
                             .out_stride = ctx.out.stride / std::int64_t{sizeof(float)},
                             .clamp = clamp_});
    });
  }

 private:
  std::int64_t k_block_rows(std::int64_t begin) const { return std::min<std::int64_t>(kDenseBlock, k_ - begin); }

  /// In place every K-block goes by way of a copy; all copies together are at most a quarter of the kernel, or one.
  std::shared_ptr<const float[]> pack(const Weight& kernel, ThreadTeam& team) {
    const bool in_place = kernel.reusable && kernel.data.use_count() == 1 && units_ % kBlock == 0;
    const std::int64_t k_blocks = ceil_div(k_, kDenseBlock), copy_floats = k_block_rows(0) * units_;
    const std::int64_t tasks = std::clamp<std::int64_t>(k_blocks / 4, 1, team.threads());
    AlignedFloats copies(in_place ? tasks * copy_floats : 0);
    std::shared_ptr<float[]> to =
        in_place ? std::const_pointer_cast<float[]>(kernel.data) : AlignedFloats(blocks_ * k_ * kBlock).share();
    team.for_each(tasks, [&](std::int64_t task, int) {
      for (std::int64_t k_block = task; k_block < k_blocks; k_block += tasks) {
        const std::int64_t begin = k_block * kDenseBlock, rows = k_block_rows(begin);
        const float* from = kernel.data.get() + begin * units_;
        if (in_place) {
          std::copy_n(from, rows * units_, copies.data() + task * copy_floats);
          from = copies.data() + task * copy_floats;
        }
        for (std::int64_t k = 0; k < rows; ++k) {
          for (std::int64_t n = 0; n < units_; n += kBlock) {
            std::copy_n(from + k * units_ + n, std::min<std::int64_t>(kBlock, units_ - n),
                        to.get() + dense_weights_at(begin, blocks_, n / kBlock, rows) + k * kBlock);
          }
        }
      }
    });
    return to;
  }

  std::int64_t units_, blocks_;
  int k_;
  Clamp clamp_;
  AlignedFloats bias_;
  PackedFloats weights_;  // for each K-block [blocks_][k][16]
};

class DenseLayer final : public Layer {
 public:
  explicit DenseLayer(const LayerConfig& config) : Layer(config), units_(config.integer("units", 0)) {
    if (units_ <= 0) throw Error(where("units must be positive"));
    kernel_ = config.weight("kernel", {kAnySize, units_});
    if (config.boolean("use_bias", true)) bias_ = config.weight("bias", {units_});
    ActivationChoice activation = read_activation(config);
    clamp_ = activation.clamp;
    activation_ = std::move(activation.layer);
    for (const char* key : {"lora_rank", "lora_alpha", "quantization_mode", "quantization_config"}) {
      if (config.has(key)) throw UnsupportedError(config.where(std::string(key) + " is not supported"));
    }
  }

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    if (shape.rank() != 1)
      throw UnsupportedError(where("Dense on an input of shape " + shape.str() + " is not supported"));
    if (shape[0] != kernel_.shape[0]) {
      throw Error(where("kernel is " + Shape(kernel_.shape).str() + ", its input has " + shape.str() + " values"));
    }
    return {units_};
  }

  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    if (in.size() != 1 || in[0].rank() < 2) return nullptr;
    AttributeMap attributes{{"filters", Attribute::Value(units_)},
                            {"kernel_size", Attribute::Value(std::int64_t{1})},
                            {"use_bias", Attribute::Value(bias_.data != nullptr)}};
    std::vector<Weight> weights{kernel_};
    weights[0].shape = {1, 1, kernel_.shape[0], units_};
    if (bias_.data) weights.push_back(bias_);
    auto conv = make_layer(LayerConfig("Conv2D", name(), std::move(attributes), std::move(weights)));
    if (clamp_.lo != kNoClamp.lo || clamp_.hi != kNoClamp.hi) conv->absorb(clamp_);
    return in[0].rank() == 2 ? make_row_layer(name(), class_name(), std::move(conv), false) : std::move(conv);
  }
  std::unique_ptr<Layer> take_activation() override { return std::move(activation_); }
  bool absorb(const Role& neighbour) override {
    const auto* clamp = std::get_if<Clamp>(&neighbour);
    if (clamp == nullptr || clamp_.lo != kNoClamp.lo || clamp_.hi != kNoClamp.hi) return false;
    clamp_ = *clamp;
    return true;
  }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<DenseOp>(kernel_, bias_, ctx.out.blocks(), clamp_, ctx.packer);
  }

 private:
  std::int64_t units_;
  Weight kernel_, bias_;
  Clamp clamp_ = kNoClamp;
  std::unique_ptr<Layer> activation_;
};

}  // namespace

std::unique_ptr<Layer> make_dense(const LayerConfig& config) { return std::make_unique<DenseLayer>(config); }

}  // namespace fovea
