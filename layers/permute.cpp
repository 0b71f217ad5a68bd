// Keras Permute and RepeatVector: values in another order, or several times. Sources:
// keras/src/layers/reshaping/{permute,repeat_vector}.py.
#include <algorithm>

#include "layers/ceil_div.h"
#include "layers/error.h"
#include "layers/layer.h"

namespace fovea {

namespace {

// Values handed out at once.
constexpr std::int64_t kTaskValues = 4096;

class Permute final : public Layer {
 public:
  explicit Permute(const LayerConfig& config) : Layer(config) {
    const Attribute* attribute = config.find("dims");
    const auto* list = attribute == nullptr ? nullptr : std::get_if<AttributeList>(&attribute->value());
    if (list == nullptr || list->size() > 3) throw Error(where("attribute 'dims' is not a list of up to three axes"));
    for (const Attribute& item : *list) {
      const auto* dim = std::get_if<std::int64_t>(&item.value());
      const bool good = dim != nullptr && *dim >= 1 && *dim <= std::ssize(*list) &&
                        std::count(from_.begin(), from_.end(), *dim - 1) == 0;
      if (!good) throw Error(where("attribute 'dims' is not an order of the axes"));
      from_.push_back(*dim - 1);
    }
  }

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    if (shape.rank() != std::ssize(from_))
      throw Error(where("orders " + std::to_string(from_.size()) + " axes, its input is " + shape.str()));
    std::vector<std::int64_t> dims;
    for (const std::int64_t axis : from_) dims.push_back(shape[static_cast<int>(axis)]);
    return Shape(dims);
  }
  bool is_identity(std::span<const Shape>) const override { return std::is_sorted(from_.begin(), from_.end()); }
  Layout input_layout(std::span<const Shape>) const override { return Layout::nhwc; }
  Layout output_layout() const override { return Layout::nhwc; }

  void prepare(const PrepareContext& ctx) override {
    std::vector<std::int64_t> strides(from_.size(), 1);
    for (std::size_t i = from_.size() - 1; i > 0; --i)
      strides[i - 1] = strides[i] * ctx.in[0].shape[static_cast<int>(i)];
    for (std::size_t i = 0; i < from_.size(); ++i) {
      sizes_.push_back(ctx.out.shape[static_cast<int>(i)]);
      strides_.push_back(strides[static_cast<std::size_t>(from_[i])]);
    }
    while (sizes_.size() < 3) {
      sizes_.insert(sizes_.begin(), 1);
      strides_.insert(strides_.begin(), 0);
    }
  }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t rows = sizes_[0] * sizes_[1], per_task = std::max<std::int64_t>(1, kTaskValues / sizes_[2]);
    const std::int64_t tasks = ceil_div(rows, per_task);
    ctx.team.for_each(ctx.batch * tasks, [&](std::int64_t task, int) {
      const float* in = ctx.in[0].image(task / tasks);
      float* out = ctx.out.image(task / tasks);
      const std::int64_t begin = task % tasks * per_task;
      for (std::int64_t row = begin; row < std::min(rows, begin + per_task); ++row) {
        const float* from = in + row / sizes_[1] * strides_[0] + row % sizes_[1] * strides_[1];
        for (std::int64_t i = 0; i < sizes_[2]; ++i) out[row * sizes_[2] + i] = from[i * strides_[2]];
      }
    });
  }

 private:
  std::vector<std::int64_t> from_, sizes_, strides_;
};

class RepeatVector final : public Layer {
 public:
  explicit RepeatVector(const LayerConfig& config) : Layer(config), n_(config.integer("n", 0)) {
    if (n_ < 1) throw Error(where("n must be positive"));
  }
  Shape infer(std::span<const Shape> in) const override {
    if (only_input(in).rank() != 1) throw Error(where("takes a vector, its input is " + in[0].str()));
    return {n_, in[0][0]};
  }
  Layout output_layout() const override { return Layout::nhwc; }
  void prepare(const PrepareContext& ctx) override { values_ = ctx.in[0].shape[0]; }
  void run(const RunContext& ctx) const noexcept override {
    ctx.team.for_each(ctx.batch * n_, [&](std::int64_t task, int) {
      std::copy_n(ctx.in[0].image(task / n_), values_, ctx.out.image(task / n_) + task % n_ * values_);
    });
  }

 private:
  std::int64_t n_, values_ = 0;
};

}  // namespace

std::unique_ptr<Layer> make_permute(const LayerConfig& config) { return std::make_unique<Permute>(config); }
std::unique_ptr<Layer> make_repeat_vector(const LayerConfig& config) { return std::make_unique<RepeatVector>(config); }

}  // namespace fovea
