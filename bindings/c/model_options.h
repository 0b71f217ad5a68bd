// What fovea_model_options says, in the words of the C++ interface.
#pragma once

#include <memory>
#include <string>

#include <fovea/fovea_c.h>
#include <fovea/keras.h>

namespace fovea::c {

struct ModelOptionsRead {
  ModelOptions model;
  KerasOptions keras;
};

inline constexpr int kMostThreads = 1024;

/// Throws Refusal for what no version's options may hold.
ModelOptionsRead read_model_options(const fovea_model_options* options);

/// Throws Refusal for a number that is none of the enum's. The executor may be NULL.
Threading threading_from_c(const fovea_threading& threading);
std::shared_ptr<Executor> executor_from_c(const fovea_executor* executor);

/// A text that may be NULL: "".
inline std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : std::string(text); }

}  // namespace fovea::c
