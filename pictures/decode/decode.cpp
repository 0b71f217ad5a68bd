// From a file to pixels: reads it within the limits and hands it to its format's decoder.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <new>

#include "pictures/decode/decoders.h"
#include "pictures/decode/exposure.h"
#include "pictures/decode/format.h"
#include "pictures/decode/other_frames.h"

namespace fovea {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::vector<std::uint8_t> read_file(const std::string& path, std::size_t max_bytes) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) throw Error(path + ": no such file");
  if (error) throw Error(path + ": " + error.message());
  if (std::filesystem::is_directory(status)) throw Error(path + ": is a directory");
  if (!std::filesystem::is_regular_file(status)) throw Error(path + ": not a regular file");
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) throw Error(path + ": " + error.message());
  if (size > max_bytes) throw Error(path + ": file is larger than " + std::to_string(max_bytes) + " bytes");

  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (!file) throw Error(path + ": " + std::strerror(errno));
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  if (std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) throw Error(path + ": cannot be read");
  return bytes;
}

DecodedImage decode(ImageFormat format, const EncodedImage& file, const Reduction& reduction) {
  if (format == ImageFormat::tiff) return decode_tiff(file);
  if (file.options.page > 1)
    throw Error("there is no page " + std::to_string(file.options.page) + ", only TIFF files have several");
  switch (format) {
    case ImageFormat::jpeg:
      return decode_jpeg(file, reduction);
    case ImageFormat::png:
      return decode_png(file);
    default:
      return decode_bmp(file);
  }
}

}  // namespace

void check_pixels(std::int64_t width, std::int64_t height, std::int64_t max_pixels) {
  const std::string claim = "header claims " + std::to_string(width) + "x" + std::to_string(height) + " pixels";
  constexpr std::int64_t kMaxSide = kMaxImageSide;  // keeps every product below 64 bits; no camera comes near
  if (width <= 0 || height <= 0) throw Error(claim);
  if (width > kMaxSide || height > kMaxSide || width * height > max_pixels) {
    throw Error(claim + ", the limit is " + std::to_string(max_pixels));
  }
}

DecodedImage decode_picture(const std::uint8_t* data, std::size_t size, const std::string& name,
                            const DecodeOptions& options, const Reduction& reduction) {
  if (size == 0 || data == nullptr) throw Error(name + ": file is empty");
  if (size > options.limits.max_file_bytes) {
    throw Error(name + ": file is larger than " + std::to_string(options.limits.max_file_bytes) + " bytes");
  }
  const std::optional<ImageFormat> format = sniff_format(data, size);
  if (!format) throw Error(name + ": " + unread_reason(file_sign(data, std::min(size, kSignBytes), name)));
  try {
    DecodedImage decoded = decode(*format, {data, size, options}, reduction);
    add_note(decoded.note, other_frames_note(data, size));
    add_note(decoded.note, exposure_note(decoded.image));
    decoded.memory.shrink(decoded.image.pixels.size());
    return decoded;
  } catch (const Error& e) {
    throw Error(name + ": " + e.what());
  } catch (const std::bad_alloc&) {
    throw Error(name + ": not enough memory for its pixels");
  }
}

DecodedImage read_picture(const std::string& path, const DecodeOptions& options, const Reduction& reduction) {
  const std::vector<std::uint8_t> bytes = read_file(path, options.limits.max_file_bytes);
  return decode_picture(bytes.data(), bytes.size(), path, options, reduction);
}

DecodedImage decode_picture(const std::uint8_t* data, std::size_t size, const std::string& name,
                            const DecodeOptions& options) {
  return decode_picture(data, size, name, options, {});
}

DecodedImage read_picture(const std::string& path, const DecodeOptions& options) {
  return read_picture(path, options, {});
}

Image decode_image(const std::uint8_t* data, std::size_t size, const std::string& name, const DecodeLimits& limits) {
  return decode_picture(data, size, name, {.limits = limits}).image;
}

Image read_image(const std::string& path, const DecodeLimits& limits) {
  return read_picture(path, {.limits = limits}).image;
}

}  // namespace fovea
