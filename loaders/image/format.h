// Which of the four formats a file is, by its first bytes; names are not trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace fovea {

enum class ImageFormat { jpeg, png, tiff, bmp };

std::optional<ImageFormat> sniff_format(const std::uint8_t* data, std::size_t size);

}  // namespace fovea
