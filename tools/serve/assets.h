// The files of assets/, built into the program.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace fovea::tools {

struct EmbeddedAsset {
  std::string_view name;
  const unsigned char* data;
  std::size_t size;
};

/// All of them; defined in a file that embed.cmake writes.
std::span<const EmbeddedAsset> embedded_assets();

/// The bytes of assets/NAME, nothing if there is no such file.
std::string_view asset(std::string_view name);

/// `text` with every "{{NAME}}" replaced by `value`.
std::string filled(std::string_view text, std::string_view name, std::string_view value);

}  // namespace fovea::tools
