// What the parts that read a file throw among themselves.
#pragma once

#include <stdexcept>

namespace fovea {

/// What is wrong with a file, or why it is not read, without its name and the place: File adds these.
class Refusal : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace fovea
