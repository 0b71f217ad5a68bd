// TRANSITION ONLY: a layer that runs itself, as an operation that forwards to it. The engine keeps such layers alive.
#pragma once

#include <optional>

#include "layers/layer.h"
#include "layers/pixel_conv.h"

namespace fovea {

class OldLayer : public Layer {
 public:
  using Layer::Layer;
  virtual Layout input_layout(std::span<const Shape>) const { return Layout::c16; }
  virtual Layout output_layout() const { return Layout::c16; }
  virtual void set_up(const PrepareContext&) {}
  virtual std::int64_t scratch_floats() const { return 0; }
  virtual std::int64_t shared_scratch_floats() const { return 0; }
  virtual int in_place_input() const { return -1; }
  virtual void run(const RunContext&) const noexcept = 0;
  virtual std::int64_t macs() const { return 0; }
  virtual std::string kernel_name() const { return ""; }
  virtual std::int64_t weight_bytes() const { return 0; }
  virtual bool has_gradient() const { return false; }
  virtual void add_gradients(const GradientContext&) const {}
  virtual bool is_identity(std::span<const Shape>) const { return false; }
  virtual std::optional<Clamp> as_clamp() const { return std::nullopt; }
  virtual const ChannelAffine* as_affine() const { return nullptr; }
  virtual std::optional<Padding> as_padding() const { return std::nullopt; }
  virtual bool is_sum() const { return false; }
  virtual bool is_layout_change() const { return false; }
  virtual bool fuse_clamp(Clamp) { return false; }
  virtual bool fuse_affine(const ChannelAffine&) { return false; }
  virtual bool fuse_padding(const Padding&) { return false; }
  virtual bool fuse_sum() { return false; }

  LayerFormats formats(std::span<const Shape> in) const final { return {input_layout(in), output_layout()}; }
  Role role(std::span<const Shape> in) const final {
    if (is_identity(in)) return Identity{};
    if (const auto clamp = as_clamp()) return *clamp;
    if (as_affine() != nullptr) return as_affine();
    if (const auto padding = as_padding()) return *padding;
    if (is_sum()) return Sum{};
    if (is_layout_change()) return LayoutChange{};
    return {};
  }
  bool absorb(const Role& role) final {
    if (const auto* clamp = std::get_if<Clamp>(&role)) return fuse_clamp(*clamp);
    if (const auto* affine = std::get_if<const ChannelAffine*>(&role)) return fuse_affine(**affine);
    if (const auto* padding = std::get_if<Padding>(&role)) return fuse_padding(*padding);
    return is<Sum>(role) && fuse_sum();
  }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) final {
    set_up(ctx);
    return std::make_unique<Forward>(*this);
  }

 private:
  class Forward final : public Op {
   public:
    explicit Forward(const OldLayer& layer) : layer_(layer) {}
    void run(const RunContext& ctx) const noexcept override { layer_.run(ctx); }
    OpNeeds needs() const override {
      return {float_bytes(layer_.scratch_floats()), float_bytes(layer_.shared_scratch_floats()),
              layer_.in_place_input()};
    }
    OpReport report() const override { return {layer_.kernel_name(), layer_.macs(), layer_.weight_bytes(), ""}; }
    bool has_gradient() const override { return layer_.has_gradient(); }
    void add_gradients(const GradientContext& ctx) const override { layer_.add_gradients(ctx); }

   private:
    const OldLayer& layer_;
  };
};

}  // namespace fovea
