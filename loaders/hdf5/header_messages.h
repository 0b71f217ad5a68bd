// The messages of an object's header, each checked for sizes that do not fit.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace fovea::hdf5 {

/// "" if what the message of this type (format specification, IV.A.2) says of its own parts fits into its bytes; else
/// what is wrong. Types that carry no sizes are not looked at.
std::string check_message(unsigned type, std::span<const unsigned char> bytes);

/// What has to agree between the messages of one header.
class HeaderShape {
 public:
  /// `bytes` have passed check_message.
  void note(unsigned type, std::span<const unsigned char> bytes);
  /// Chunks have one side more than the data space: an element's bytes.
  bool agrees() const { return chunk_ == 0 || chunk_ == space_ + 1; }

 private:
  unsigned space_ = 0;  ///< dimensions
  unsigned chunk_ = 0;  ///< sides of a chunk, 0 if there are none
};

}  // namespace fovea::hdf5
