// The self-test of a model's card: run, or written.
#pragma once

#include <string>

#include <fovea/keras.h>

namespace fovea::tools {

/// Which model, and the card that holds its self-test.
struct SelfTestFiles {
  std::string model;
  KerasOptions keras;
  std::string card;  ///< "" = the one beside the model
};

/// Runs the card's self-test as `options` say; a line that says how it went. Throws Error if it fails or is not there.
std::string run_self_test(const SelfTestFiles& files, const ModelOptions& options);
/// Writes fovea's own answer, computed with direct convolutions, into the card, once the model as `options` say agrees;
/// a line that says what was written. Keras' answer is not overwritten: Throws Error.
std::string write_self_test(const SelfTestFiles& files, const ModelOptions& options);

}  // namespace fovea::tools
