// A network's own examination, kept in its card: a picture that a seed makes, and the answer that is right for it.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fovea/export.h>
#include <fovea/session.h>

namespace fovea {

/// Input and expected answer. Written by weights/export_card.py with Keras' answer, or by model-info with fovea's own.
struct SelfTest {
  int seed = 0;
  Shape input;                   ///< the shape that the network takes
  std::array<float, 2> range{};  ///< smallest and largest value of the input, as the card's normalisation gives them
  std::vector<float> outputs;    ///< expected
  float tolerance = 0;           ///< largest difference allowed between an output and the expected one
  std::string tolerance_reason;  ///< why it is no smaller and no larger
  std::string computed_by;       ///< "keras 3.15.1", "fovea 0.2.0"
  std::string model_sha256;      ///< of the model file that gave the answer
  std::string source;            ///< the card's path, for errors
};

/// More outputs are no classification: a card has no room for them.
inline constexpr std::size_t kMaxSelfTestOutputs = 32768;

/// Fills an input of this shape with the picture of `seed`: blocks of 32 and of 8 pixels and grain, values within
/// `range`. The same bits on every machine and in Python; docs/model-card.md has the formula.
FOVEA_API void fill_self_test_input(int seed, const Shape& shape, const std::array<float, 2>& range,
                                    std::span<float> input);

/// What the network answers to the picture of `seed`. Throws Error if an output is not finite.
FOVEA_API std::vector<float> self_test_outputs(Session& session, int seed, const std::array<float, 2>& range);

/// Examines `model` as it will be used: one inference with its own arithmetic and kernels and so many threads (0 = all
/// that are allowed). Returns the largest difference. Throws Error "CARD: self-test: reason" if an output is not the
/// expected one, or if the test is another network's.
FOVEA_API double check_self_test(const SelfTest& test, const std::shared_ptr<const Model>& model, int threads = 0);

/// A test whose expected answer is that of `model`, of the seed from 1 to 8 to which the network answers least
/// one-sidedly. Throws Error if its outputs cannot serve: not finite, all 0, too many.
FOVEA_API SelfTest make_self_test(const std::shared_ptr<const Model>& model, const std::array<float, 2>& range);

}  // namespace fovea
