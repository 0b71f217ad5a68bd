// A model's file as a host gives it: by its path, or the bytes themselves.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include <fovea/load_options.h>
#include "loaders/bytes.h"

namespace fovea {

struct ModelFile {
  std::string name;            ///< the path, or what the bytes are called in messages
  std::optional<Bytes> image;  ///< none for a file on disk
};

/// All that the stream still holds, at most LoadOptions::most_stream_bytes. Throws Error if there is more or it cannot
/// be read, and Cancelled.
ModelFile read_stream(std::istream& file, const std::string& name, const LoadOptions& load);

}  // namespace fovea
