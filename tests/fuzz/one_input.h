// What libFuzzer calls with every input, and replay.cpp with those that are kept.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fovea::fuzz {

/// The inputs that were good. If none is, what a program looks at is refused before it gets anywhere.
inline std::size_t inputs_taken = 0;

}  // namespace fovea::fuzz

extern "C" __attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                                                             std::size_t size);
