// The messages of an object's header, each checked for sizes that do not fit.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace fovea::hdf5 {

/// "" if what the message of this type (format specification, IV.A.2) says of its own parts fits into its bytes; else
/// what is wrong. Types that carry no sizes are not looked at.
std::string check_message(unsigned type, std::span<const unsigned char> bytes);

}  // namespace fovea::hdf5
