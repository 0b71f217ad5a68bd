// The one family of exceptions that fovea's library code throws.
#pragma once

#include <stdexcept>
#include <string>

#include <fovea/export.h>

namespace fovea {

/// Base of everything the library throws on bad input (files, configurations, arguments).
/// `what()` is one line that names the file or layer, the place and the reason.
class FOVEA_API Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A model uses something this version does not implement. `what()` lists every such layer at once.
class FOVEA_API UnsupportedError : public Error {
 public:
  using Error::Error;
};

/// There is not enough memory for what was asked. `what()` says for what.
class FOVEA_API OutOfMemoryError : public Error {
 public:
  using Error::Error;
};

}  // namespace fovea
