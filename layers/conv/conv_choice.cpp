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

// Why Winograd cannot be had, or nothing.
std::string refusal_of_winograd(const ConvGeometry& g, Arithmetic arithmetic) {
  const auto text = [](std::int64_t y, std::int64_t x) { return std::to_string(y) + "x" + std::to_string(x); };
  if (g.y.kernel != 3 || g.x.kernel != 3) return "the kernel is " + text(g.y.kernel, g.x.kernel) + ", not 3x3";
  if (g.y.stride != 1 || g.x.stride != 1) return "the stride is " + text(g.y.stride, g.x.stride);
  if (g.y.dilation != 1 || g.x.dilation != 1) return "the dilation is " + text(g.y.dilation, g.x.dilation);
  if (g.in.format.layout != Layout::c16) return "the input is no map in blocks of channels";
  if (arithmetic == Arithmetic::direct) return "the arithmetic is direct";
  return "";
}

const char* text_of(ConvAlgorithm algorithm) {
  switch (algorithm) {
    case ConvAlgorithm::winograd2:
      return "Winograd 2x2";
    case ConvAlgorithm::winograd4:
      return "Winograd 4x4";
    case ConvAlgorithm::direct:
      break;
  }
  return "direct";
}

}  // namespace

std::vector<ConvCandidate> conv_candidates(const ConvGeometry& g, Arithmetic arithmetic) {
  const std::int64_t pairs = g.in.blocks() * g.out.blocks() * kBlock * kBlock;
  const std::string refusal = refusal_of_winograd(g, arithmetic);
  std::vector<ConvCandidate> candidates{
      {ConvAlgorithm::direct, "", 0}, {ConvAlgorithm::winograd2, refusal, 0}, {ConvAlgorithm::winograd4, refusal, 0}};
  if (!refusal.empty()) return candidates;
  candidates[0].cost = direct_cost(g, pairs);
  candidates[1].cost = winograd_cost<Winograd2>(g, pairs);
  candidates[2].cost = winograd_cost<Winograd4>(g, pairs);
  return candidates;
}

ConvChoice choose_conv(const ConvGeometry& g, Arithmetic arithmetic) {
  const std::vector<ConvCandidate> candidates = conv_candidates(g, arithmetic);
  const ConvCandidate* best = &candidates[0];
  std::string refusals, costs;
  for (const ConvCandidate& candidate : candidates) {
    if (!candidate.refusal.empty()) {
      refusals = candidate.refusal;
      continue;
    }
    if (candidate.cost < best->cost) best = &candidate;
    const std::int64_t percent = candidates[0].cost > 0 ? candidate.cost * 100 / candidates[0].cost : 100;
    costs += (costs.empty() ? "" : ", ") + std::string(text_of(candidate.algorithm)) + " " + std::to_string(percent);
  }
  return {best->algorithm, refusals.empty() ? "least cost of " + costs : refusals};
}

}  // namespace fovea
