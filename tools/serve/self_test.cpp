// Whether this machine computes this model as it should.
#include "tools/serve/self_test.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "layers/error.h"
#include "tools/common/text.h"

namespace fovea::tools {

namespace {

// Smooth colours with some grain in [0, 1]: every filter has something to answer to.
void fill(std::span<float> input, std::uint32_t seed) {
  std::uint32_t state = seed;
  for (std::size_t i = 0; i < input.size(); ++i) {
    state = state * 1664525u + 1013904223u;
    const float grain = static_cast<float>(state >> 8) / 16777216.0f;
    input[i] = 0.25f + 0.25f * static_cast<float>(i % 997) / 997.0f + 0.5f * grain;
  }
}

std::vector<float> outputs(Session& session, int place, int batch) {
  for (int i = 0; i < batch; ++i) fill(session.input(i), i == place ? 1u : 100u + static_cast<std::uint32_t>(i));
  session.run(batch);
  const auto output = session.output(place);
  return {output.begin(), output.end()};
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

void self_test(const std::shared_ptr<const Model>& model, int threads) {
  Session alone(model, {1, 1}), together(model, {2, threads});
  const std::vector<float> first = outputs(alone, 0, 1);
  if (!std::all_of(first.begin(), first.end(), [](float value) { return std::isfinite(value); })) {
    throw Error("self-test: the model's outputs are not finite");
  }
  if (!same_bits(first, outputs(alone, 0, 1))) throw Error("self-test: two runs differ");
  if (!same_bits(first, outputs(together, 1, 2))) throw Error("self-test: a batch by several threads differs");
}

void compare_with(const std::shared_ptr<const Model>& model, const std::shared_ptr<const Model>& other, int threads,
                  double tolerance) {
  Session mine(model, {1, threads}), theirs(other, {1, threads});
  const std::vector<float> a = outputs(mine, 0, 1), b = outputs(theirs, 0, 1);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b.at(i)));
    if (!(difference <= tolerance * std::max(1.0, std::abs(static_cast<double>(b.at(i)))))) {
      throw Error("self-test: output " + std::to_string(i) + " of " + model->isa() + " and " + other->isa() +
                  " kernels differ by " + number_text(difference));
    }
  }
}

}  // namespace fovea::tools
