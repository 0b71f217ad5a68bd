// Small files, read without the standard library's streams: a static program has a megabyte less for it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace fovea {

/// The first bytes of a file, at most `most`; none if it cannot be opened or read.
std::optional<std::string> read_start(const std::string& path, std::size_t most);

}  // namespace fovea
