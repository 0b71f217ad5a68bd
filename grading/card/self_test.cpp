// The picture of a seed, and the network's answer to it beside the expected one.
#include <fovea/self_test.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include <fovea/card.h>
#include <fovea/error.h>
#include <fovea/version.h>
#include "base/float_mode.h"
#include "grading/card/card_text.h"

namespace fovea {
namespace {

constexpr int kSeeds = 8;
constexpr float kTolerance = 1e-4f;  // of the largest output; docs/model-card.md gives the reasons
constexpr const char* kToleranceReason =
    "1e-4 of the largest output: room for float32 sums in another order and for Winograd's convolutions";

// MurmurHash3's last step: every bit of the result depends on every bit of `x`.
constexpr std::uint32_t mixed(std::uint32_t x) {
  x = (x ^ (x >> 16)) * 0x85ebca6bu;
  x = (x ^ (x >> 13)) * 0xc2b2ae35u;
  return x ^ (x >> 16);
}

// 16 bits for each cell of 2^shift x 2^shift pixels: of one row of pixels.
class Cells {
 public:
  Cells(std::uint32_t seed, std::uint32_t y, int shift)
      : row_(mixed(mixed(seed + shift_of(shift)) + (y >> shift))), shift_(shift) {}
  void move_to(std::uint32_t x) { cell_ = mixed(row_ + (x >> shift_)); }
  std::uint32_t operator()(std::uint32_t channel) const { return mixed(cell_ + channel) >> 16; }

 private:
  static std::uint32_t shift_of(int shift) { return static_cast<std::uint32_t>(shift); }
  std::uint32_t row_, cell_ = 0;
  int shift_;
};

// How much of all the answer is its largest part: 1 where one class has everything.
double one_sidedness(const std::vector<float>& outputs) {
  double sum = 0, largest = 0;
  for (const float output : outputs) {
    const double size = std::abs(static_cast<double>(output));
    sum += size;
    largest = std::max(largest, size);
  }
  return sum > 0 ? largest / sum : 1;
}

constexpr const char* kOneOfEach = "only for networks of one input and one output";

bool has_one_of_each(const Model& model) { return model.input_names().size() == 1 && model.output_names().size() == 1; }

void check_ends(const Model& model) {
  if (!has_one_of_each(model)) throw Error(std::string("self-test: ") + kOneOfEach);
}

// What the network answers, as long as the session does not run again.
std::span<const float> answer(Session& session, int seed, const std::array<float, 2>& range) {
  fill_self_test_input(seed, session.model().input_shape(), range, session.input());
  session.run();
  return session.output();
}

}  // namespace

std::array<float, 2> input_range(const Normalise& normalise) {
  const FloatMode mode(FloatMode::Tiny::kept);
  check_normalise(normalise);
  std::array<double, 2> range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (std::size_t c = 0; c < 3; ++c) {
    for (const double level : {0.0, 255.0}) {
      const double value = (level * normalise.scale - normalise.mean[c]) / normalise.std[c];
      range = {std::min(range[0], value), std::max(range[1], value)};
    }
  }
  return {static_cast<float>(range[0]), static_cast<float>(range[1])};
}

void fill_self_test_input(int seed, const Shape& shape, const std::array<float, 2>& range, std::span<float> input) {
  const FloatMode mode(FloatMode::Tiny::kept);
  // A shape of fewer dimensions has one row, or one pixel.
  const auto dimension = [&](int from_the_last) {
    const int i = shape.rank() - 1 - from_the_last;
    return i < 0 ? 1u : static_cast<std::uint32_t>(shape[i]);
  };
  if (shape.rank() > 3) throw Error("self-test: the network takes " + shape.str() + ", not a picture");
  const std::uint32_t height = dimension(2), width = dimension(1), channels = dimension(0);
  const double low = static_cast<double>(range[0]), high = static_cast<double>(range[1]);
  const auto number = static_cast<std::uint32_t>(seed);
  std::size_t i = 0;
  for (std::uint32_t y = 0; y < height; ++y) {
    Cells large(number, y, 5), small(number, y, 3), grain(number, y, 0);
    for (std::uint32_t x = 0; x < width; ++x) {
      for (Cells* cells : {&large, &small, &grain}) cells->move_to(x);
      for (std::uint32_t c = 0; c < channels; ++c) {
        const std::uint32_t level = (2 * large(c) + small(c) + grain(c)) >> 2;  // below 2^16
        // Both products are exact: fused multiply-add or not, the same is rounded.
        input[i++] = static_cast<float>((low * (65536.0 - level) + high * level) / 65536.0);
      }
    }
  }
}

std::vector<float> self_test_outputs(Session& session, int seed, const std::array<float, 2>& range) {
  check_ends(session.model());
  const auto output = answer(session, seed, range);
  for (std::size_t i = 0; i < output.size(); ++i) {
    if (!std::isfinite(output[i])) {
      throw Error("self-test: output " + std::to_string(i) + " of the network is not a finite number");
    }
  }
  return {output.begin(), output.end()};
}

double check_self_test(const SelfTest& test, const std::shared_ptr<const Model>& model, int threads) {
  if (!model) throw Error("self-test: there is no model");
  const FloatMode mode(FloatMode::Tiny::kept);
  const auto fail = [&](const std::string& reason) {
    const bool same_file = test.model_sha256 == model->provenance().sha256;
    throw Error(test.source + ": self-test: " + reason +
                (same_file ? "" : "; " + model->provenance().file + " is not the file that the test was made with"));
  };
  if (!has_one_of_each(*model)) fail(kOneOfEach);
  if (model->input_shape() != test.input) {
    fail("is for an input of " + test.input.str() + ", the network takes " + model->input_shape().str());
  }
  const auto count = static_cast<std::size_t>(model->output_shape().elements());
  if (count != test.outputs.size()) {
    fail("has " + std::to_string(test.outputs.size()) + " outputs, the network has " + std::to_string(count));
  }
  Session session(model, {1, threads});
  const auto outputs = answer(session, test.seed, test.range);
  double largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double difference = std::abs(static_cast<double>(outputs[i]) - static_cast<double>(test.outputs[i]));
    if (!(difference <= static_cast<double>(test.tolerance))) {
      fail("output " + std::to_string(i) + " is " + float_text(outputs[i]) + ", expected " +
           float_text(test.outputs[i]) + " from " + test.computed_by + " (allowed difference " +
           float_text(test.tolerance) + ")");
    }
    largest = std::max(largest, difference);
  }
  return largest;
}

SelfTest make_self_test(const std::shared_ptr<const Model>& model, const std::array<float, 2>& range) {
  if (!model) throw Error("self-test: there is no model");
  const FloatMode mode(FloatMode::Tiny::kept);
  check_ends(*model);
  SelfTest test;
  test.input = model->input_shape();
  test.range = range;
  const auto count = static_cast<std::size_t>(model->output_shape().elements());
  if (count > kMaxSelfTestOutputs) {
    throw Error("self-test: the network has " + std::to_string(count) + " outputs, a card has room for " +
                std::to_string(kMaxSelfTestOutputs));
  }
  Session session(model, {1, 0});
  for (int seed = 1; seed <= kSeeds; ++seed) {
    std::vector<float> outputs = self_test_outputs(session, seed, range);
    if (!test.outputs.empty() && one_sidedness(outputs) >= one_sidedness(test.outputs)) continue;
    test.seed = seed;
    test.outputs = std::move(outputs);
  }
  float largest = 0;
  for (const float output : test.outputs) largest = std::max(largest, std::abs(output));
  test.tolerance = kTolerance * largest;
  if (!(test.tolerance > 0)) throw Error("self-test: all outputs of the network are 0, which proves nothing");
  test.tolerance_reason = kToleranceReason;
  test.computed_by = std::string("fovea ") + version();
  test.model_sha256 = model->provenance().sha256;
  return test;
}

}  // namespace fovea
