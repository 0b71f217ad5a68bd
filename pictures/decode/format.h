// What a file is, by its first bytes; names are not trusted, but for what the bytes leave open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fovea {

enum class ImageFormat { jpeg, png, tiff, bmp };

std::optional<ImageFormat> sniff_format(const std::uint8_t* data, std::size_t size);

/// What a tool that walks a folder does with a file.
enum class FileKind {
  readable,   ///< a picture that read_image may read
  unread,     ///< a picture of a format that is not read
  container,  ///< an archive or document, which may hold pictures
  other
};

struct FileSign {
  FileKind kind = FileKind::other;
  std::string_view name;  ///< of the format, such as "DICOM"; empty for `other`
};

/// First bytes that file_sign wants to see: a tar's signature is the last.
inline constexpr std::size_t kSignBytes = 512;

/// `name` is the file's, without folders: camera raw files look like TIFF, and only their endings tell.
FileSign file_sign(const std::uint8_t* data, std::size_t size, std::string_view name);

/// "is DICOM, which is not read (JPEG, PNG, TIFF and BMP are)", for a file that none of the decoders takes.
std::string unread_reason(const FileSign& sign);

/// The ending of a picture that `name` has, with its dot and as it is written (".JPG"); empty if it has none.
std::string_view image_ending(std::string_view name);

}  // namespace fovea
