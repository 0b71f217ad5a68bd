// The cost model. Costs are counted in multiply-accumulates of the direct kernel, which runs near the FMA peak
// everywhere; the two factors were fitted to layer times of ResNet50 on AVX-512 and AVX2 machines, batch 1, two
// threads.
#include "layers/conv/conv_choice.h"

#include "base/ceil_div.h"
#include "kernels/winograd.h"

namespace fovea {

namespace {

// A packed weight is read from memory once a run: as long as so many multiplications.
constexpr std::int64_t kWeightCost = 8;
// Transforming one position of a tile for one channel.
constexpr std::int64_t kTransformCost = 8;

std::int64_t direct_cost(const ConvGeometry& g, std::int64_t channel_pairs) {
  return (g.out.pixels() + kWeightCost) * 9 * channel_pairs;
}

template <class F>
std::int64_t winograd_cost(const ConvGeometry& g, std::int64_t channel_pairs) {
  const std::int64_t tiles = ceil_div(g.out.shape.h(), F::kTile) * ceil_div(g.out.shape.w(), F::kTile);
  const std::int64_t positions = F::kSpan * F::kSpan, channels = (g.in.blocks() + g.out.blocks()) * kBlock;
  return positions * ((tiles + kWeightCost) * channel_pairs + kTransformCost * tiles * channels);
}

}  // namespace

ConvAlgorithm choose_conv(const ConvGeometry& g, Arithmetic arithmetic) {
  const auto plain = [](const WindowAxis& axis) { return axis.kernel == 3 && axis.stride == 1 && axis.dilation == 1; };
  if (arithmetic == Arithmetic::direct || g.in.layout != Layout::c16 || !plain(g.y) || !plain(g.x)) {
    return ConvAlgorithm::direct;
  }
  const std::int64_t pairs = g.in.blocks() * g.out.blocks() * kBlock * kBlock;
  const std::int64_t direct = direct_cost(g, pairs), two = winograd_cost<Winograd2>(g, pairs);
  const std::int64_t four = winograd_cost<Winograd4>(g, pairs);
  if (direct <= two && direct <= four) return ConvAlgorithm::direct;
  return two <= four ? ConvAlgorithm::winograd2 : ConvAlgorithm::winograd4;
}

}  // namespace fovea
