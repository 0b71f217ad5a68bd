// What libFuzzer calls with every input, and replay.cpp with those that are kept.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" __attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                                                             std::size_t size);
