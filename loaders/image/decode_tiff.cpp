// TIFF by libtiff's own conversion to 8-bit RGBA, which OpenCV uses too; any compression, depth and layout that libtiff
// converts. Silent: errors go to this file's handler. Damaged strips are errors, not black bands.
#include <tiffio.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "loaders/image/decoders.h"
#include "loaders/image/make_image.h"
#include "loaders/image/tiff_pages.h"

namespace fovea {
namespace {

/// The file as libtiff's callbacks see it, and the first error they led to.
struct Source {
  const std::uint8_t* data;
  std::size_t size;
  std::size_t at = 0;
  char message[160] = "";
};

Source& source_of(thandle_t handle) { return *static_cast<Source*>(handle); }

tmsize_t read_bytes(thandle_t handle, void* out, tmsize_t count) {
  Source& source = source_of(handle);
  const std::size_t n = std::min(static_cast<std::size_t>(std::max<tmsize_t>(count, 0)), source.size - source.at);
  std::memcpy(out, source.data + source.at, n);
  source.at += n;
  return static_cast<tmsize_t>(n);
}

tmsize_t refuse_to_write(thandle_t, void*, tmsize_t) { return 0; }

toff_t seek(thandle_t handle, toff_t offset, int whence) {
  Source& source = source_of(handle);
  const toff_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? source.at : source.size;
  const toff_t target = base + offset;
  if (target > source.size) return static_cast<toff_t>(-1);
  source.at = static_cast<std::size_t>(target);
  return target;
}

int close_nothing(thandle_t) { return 0; }

toff_t size_of(thandle_t handle) { return source_of(handle).size; }

int on_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
  Source& source = *static_cast<Source*>(user);
  if (source.message[0] == '\0') std::vsnprintf(source.message, sizeof source.message, format, arguments);
  return 1;  // handled: nothing is printed
}

int on_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

/// An open TIFF and libtiff's converter, closed in any case.
struct TiffDecoder {
  Source source;
  TIFF* tiff = nullptr;
  TIFFRGBAImage rgba{};
  bool begun = false;

  explicit TiffDecoder(const EncodedImage& file) : source{file.data, file.size} {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, &source);
    TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, &source);
    // The largest thing that libtiff needs in one piece is a strip: at most four 16-bit samples a pixel.
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, static_cast<tmsize_t>(file.max_pixels * 8 + (1 << 20)));
    // 'm': no memory mapping; 'h': the header only, as the page that is wanted need not be the first.
    tiff = TIFFClientOpenExt("picture", "rmh", &source, read_bytes, refuse_to_write, seek, close_nothing, size_of,
                             nullptr, nullptr, options);
    TIFFOpenOptionsFree(options);
  }
  ~TiffDecoder() {
    if (begun) TIFFRGBAImageEnd(&rgba);
    if (tiff != nullptr) TIFFClose(tiff);
  }
  TiffDecoder(const TiffDecoder&) = delete;
  TiffDecoder& operator=(const TiffDecoder&) = delete;

  [[noreturn]] void fail(const char* message) const {
    throw Error(std::string("damaged or unsupported TIFF: ") + (source.message[0] != '\0' ? source.message : message));
  }
};

TiffPages pages_of(const EncodedImage& file) {
  return tiff_pages([&](std::uint64_t offset, std::uint8_t* out, std::size_t count) {
    if (offset > file.size || count > file.size - offset) return false;
    std::copy_n(file.data + offset, count, out);
    return true;
  });
}

// For who asked for no page: that there are others.
std::string note_on(const TiffPages& pages) {
  std::string note;
  if (pages.directories.size() > 1) note = "the first of " + std::to_string(pages.directories.size()) + " pages";
  if (!pages.problem.empty()) note += (note.empty() ? "" : "; ") + ("pages may be missing: " + pages.problem);
  return note;
}

}  // namespace

DecodedImage decode_tiff(const EncodedImage& file) {
  const TiffPages pages = pages_of(file);
  const auto count = pages.directories.size(), page = static_cast<std::size_t>(std::max(file.page, 1));
  TiffDecoder decoder(file);
  if (decoder.tiff == nullptr || count == 0) decoder.fail("no directory");
  if (page > count) throw Error("there is no page " + std::to_string(page) + ", the file has " + std::to_string(count));
  if (TIFFSetSubDirectory(decoder.tiff, pages.directories[page - 1]) == 0) decoder.fail("no directory");
  std::uint32_t width = 0, height = 0;
  TIFFGetField(decoder.tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(decoder.tiff, TIFFTAG_IMAGELENGTH, &height);
  check_pixels(width, height, file.max_pixels);

  char reason[1024] = "";
  constexpr int kStopOnError = 1;
  if (TIFFRGBAImageBegin(&decoder.rgba, decoder.tiff, kStopOnError, reason) == 0) decoder.fail(reason);
  decoder.begun = true;
  const int orientation = decoder.rgba.orientation;
  // Rows as stored: libtiff does not know the turned orientations, so orient() does them all.
  decoder.rgba.orientation = decoder.rgba.req_orientation = ORIENTATION_TOPLEFT;
  std::vector<std::uint32_t> raster(std::size_t{width} * height);
  if (TIFFRGBAImageGet(&decoder.rgba, raster.data(), width, height) == 0) decoder.fail("pixels cannot be read");

  Image image = make_image(static_cast<int>(width), static_cast<int>(height));
  std::uint8_t* out = image.pixels.data();
  for (const std::uint32_t pixel : raster) {
    *out++ = static_cast<std::uint8_t>(TIFFGetR(pixel));
    *out++ = static_cast<std::uint8_t>(TIFFGetG(pixel));
    *out++ = static_cast<std::uint8_t>(TIFFGetB(pixel));
  }
  return {orient(std::move(image), orientation), 1, file.page == 0 ? note_on(pages) : ""};
}

}  // namespace fovea
