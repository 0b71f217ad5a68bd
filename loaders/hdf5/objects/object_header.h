// The header of an object, taken apart into its messages (format specification, IV.A).
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "loaders/hdf5/io/blocks.h"

namespace fovea::hdf5 {

using VisitMessage = std::function<void(unsigned type, std::span<const unsigned char> bytes)>;

/// Visits every message of the header at `address`, of version 1 or 2, and of what continues it. Throws Refusal unless
/// they all lie within their blocks, and these in the file with the right sums.
void read_header(const Blocks& blocks, std::uint64_t address, const VisitMessage& visit);

}  // namespace fovea::hdf5
