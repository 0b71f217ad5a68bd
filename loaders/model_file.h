// A model's file as a host gives it: by its path, or the bytes themselves.
#pragma once

#include <iosfwd>
#include <optional>
#include <span>
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

/// A file whose bytes stay the caller's.
ModelFile in_memory(std::span<const std::byte> bytes, const std::string& name);

/// True for what begins as pack files do.
bool is_pack(const ModelFile& file);

}  // namespace fovea
