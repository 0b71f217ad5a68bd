// Which layers are the same work, what they are called, and how much they move.
#include "bench/distinct.h"

#include <gtest/gtest.h>

namespace fovea::bench {
namespace {

LayerReport conv(const std::string& name, std::int64_t side, std::int64_t channels, std::int64_t taps) {
  LayerReport layer;
  layer.name = name;
  layer.class_name = "Conv2D";
  layer.kernel = "avx2/conv_f32_c16 6x16";
  layer.inputs = {{side, side, channels}};
  layer.output = {side, side, 32};
  layer.macs = layer.output.elements() * channels * taps;
  layer.weight_bytes = channels * 32 * taps * 4;
  return layer;
}

std::vector<std::size_t> first_row(const std::vector<LayerReport>& layers) {
  return distinct_layers(layers).front().layers;
}

TEST(Distinct, EqualLayersAreOneRowInOrderAndInputsNone) {
  LayerReport input;
  input.class_name = "InputLayer";
  const auto rows = distinct_layers({input, conv("a", 8, 16, 9), conv("b", 8, 16, 1), conv("c", 8, 16, 9)});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].layers, (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(rows[1].layers, (std::vector<std::size_t>{2}));
  EXPECT_EQ(rows[0].kind, "3x3");
  EXPECT_EQ(rows[1].kind, "1x1");
}

TEST(Distinct, EveryDifferenceIsARowOfItsOwn) {
  const LayerReport a = conv("a", 8, 16, 9);
  EXPECT_EQ(first_row({a, a}).size(), 2u);
  std::vector<LayerReport> others(6, a);
  others[0].class_name = "Dense";
  others[1].kernel = "avx2/winograd";
  others[2].inputs.push_back(a.output);
  others[3].output = {4, 16, 32};
  others[4].absorbed = {"relu"};
  others[5].weight_bytes += 4;
  for (const LayerReport& other : others) EXPECT_EQ(first_row({a, other}).size(), 1u);
}

TEST(Distinct, KindsAreToldFromTheArithmetic) {
  EXPECT_EQ(kind_of(conv("a", 8, 3, 49)), "7x7");
  EXPECT_EQ(kind_of(conv("a", 8, 3, 7)), "7 taps");
  LayerReport winograd = conv("a", 8, 16, 9);
  winograd.kernel = "avx2/conv_f32_c16_winograd4";
  EXPECT_EQ(kind_of(winograd), "3x3 Winograd");
  winograd.class_name = "MaxPooling2D";
  EXPECT_EQ(kind_of(winograd), "MaxPooling2D");
}

TEST(Distinct, AThinnedOutResultDoesNotChangeTheKind) {
  LayerReport layer = conv("a", 8, 16, 9);
  layer.output = {4, 4, 32};  // every second row and column; the arithmetic counted stays
  EXPECT_EQ(kind_of(layer), "3x3");
  layer.weight_bytes += 32 * 4;  // a bias
  EXPECT_EQ(kind_of(layer), "3x3");
}

TEST(Distinct, WeightsMoveOnceAndActivationsForEachImage) {
  LayerReport layer = conv("a", 8, 16, 1);
  layer.inputs.push_back(layer.output);
  const double activations = 4.0 * (8 * 8 * 16 + 2 * 8 * 8 * 32), weights = 4.0 * 16 * 32;
  EXPECT_EQ(work_of(layer, 1).bytes, weights + activations);
  EXPECT_EQ(work_of(layer, 8).bytes, weights + 8 * activations);
  EXPECT_EQ(work_of(layer, 8).flops, 8 * 2.0 * 8 * 8 * 16 * 32);
  EXPECT_EQ(shapes_text(layer), "8x8x16 (+1) -> 8x8x32");
}

}  // namespace
}  // namespace fovea::bench
