// TIFF by libtiff's own conversion to 8-bit RGBA, which OpenCV uses too; any compression, depth and layout that libtiff
// converts. Silent: errors go to this file's handler. Damaged strips are errors, not black bands.
#include <tiffio.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "pictures/decode/decoders.h"
#include "pictures/decode/exposure.h"
#include "pictures/decode/oriented_rows.h"
#include "pictures/decode/tiff/tiff_last_tiles.h"
#include "pictures/decode/tiff/tiff_pages.h"

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

// The file is in memory already. Read from, Debian 12's libtiff refuses tiles whose bytes are no multiple of 1024.
int map_file(thandle_t handle, void** data, toff_t* size) {
  *data = const_cast<std::uint8_t*>(source_of(handle).data);  // only read, as a mapped file would be
  *size = source_of(handle).size;
  return 1;
}
void unmap_nothing(thandle_t, void*, toff_t) {}

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
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, static_cast<tmsize_t>(file.options.limits.max_pixels * 8 + (1 << 20)));
    // 'h': the header only, as the page that is wanted need not be the first.
    tiff = TIFFClientOpenExt("picture", "rh", &source, read_bytes, refuse_to_write, seek, close_nothing, size_of,
                             map_file, unmap_nothing, options);
    TIFFOpenOptionsFree(options);
  }
  ~TiffDecoder() {
    if (begun) TIFFRGBAImageEnd(&rgba);
    if (tiff != nullptr) TIFFClose(tiff);
  }
  TiffDecoder(const TiffDecoder&) = delete;
  TiffDecoder& operator=(const TiffDecoder&) = delete;

  std::string reason(const char* otherwise) const { return source.message[0] != '\0' ? source.message : otherwise; }
  [[noreturn]] void fail(const char* message) const { throw Error("damaged or unsupported TIFF: " + reason(message)); }

  std::uint32_t number(std::uint32_t tag, std::uint32_t otherwise) const {
    std::uint32_t value = otherwise;
    TIFFGetField(tiff, tag, &value);
    return value;
  }
  bool tiled() const { return TIFFIsTiled(tiff) != 0; }
  /// Rows that are read together, so that no strip or tile is decompressed twice.
  std::uint32_t band_rows(std::uint32_t height) const {
    const std::uint32_t rows = tiled() ? number(TIFFTAG_TILELENGTH, height) : number(TIFFTAG_ROWSPERSTRIP, height);
    return std::clamp<std::uint32_t>(rows, 1, height);
  }
  /// Bytes of what is decompressed together: for each sample where these lie apart.
  std::uint64_t piece_bytes() const {
    std::uint16_t planes = 1, layout = PLANARCONFIG_CONTIG;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &layout);
    if (layout == PLANARCONFIG_SEPARATE) TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &planes);
    return (tiled() ? TIFFTileSize64(tiff) : TIFFStripSize64(tiff)) * std::min<std::uint16_t>(planes, 4);
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
  if (!pages.problem.empty()) add_note(note, "pages may be missing: " + pages.problem);
  return note;
}

/// Sees the samples of 16 bits on their way into libtiff's converter.
struct SampleWatch {
  TIFFRGBAImage* rgba;
  tileContigRoutine contig = nullptr;
  tileSeparateRoutine separate = nullptr;
  unsigned bits = 0;

  void look_at(const std::uint16_t* samples, std::uint32_t count, int step, int colours) {
    for (std::uint32_t i = 0; i < count; ++i, samples += step) {
      for (int c = 0; c < colours; ++c) bits |= samples[c];
    }
  }
};

// libtiff's callbacks carry nothing of their own: each thread converts one picture at a time.
thread_local SampleWatch* watch = nullptr;

void put_contig(TIFFRGBAImage* rgba, std::uint32_t* out, std::uint32_t x, std::uint32_t y, std::uint32_t width,
                std::uint32_t height, std::int32_t from_skew, std::int32_t to_skew, unsigned char* in) {
  const int samples = rgba->samplesperpixel;
  const auto row = static_cast<std::ptrdiff_t>(samples) * (static_cast<std::ptrdiff_t>(width) + from_skew);
  for (std::uint32_t i = 0; i < height; ++i) {
    watch->look_at(reinterpret_cast<const std::uint16_t*>(in) + row * i, width, samples, samples >= 3 ? 3 : 1);
  }
  watch->contig(rgba, out, x, y, width, height, from_skew, to_skew, in);
}

void put_separate(TIFFRGBAImage* rgba, std::uint32_t* out, std::uint32_t x, std::uint32_t y, std::uint32_t width,
                  std::uint32_t height, std::int32_t from_skew, std::int32_t to_skew, unsigned char* red,
                  unsigned char* green, unsigned char* blue, unsigned char* alpha) {
  const auto row = static_cast<std::ptrdiff_t>(width) + from_skew;
  for (std::uint32_t i = 0; i < height; ++i) {
    for (const unsigned char* plane : {red, green, blue}) {
      if (plane != nullptr) watch->look_at(reinterpret_cast<const std::uint16_t*>(plane) + row * i, width, 1, 1);
    }
  }
  watch->separate(rgba, out, x, y, width, height, from_skew, to_skew, red, green, blue, alpha);
}

/// What was found on the way.
struct TiffFindings {
  std::uint32_t rows = 0;    ///< that were read
  bool short_tiles = false;  ///< tiles lack what lies below the picture
  unsigned sample_bits = 0;  ///< of 16-bit samples, those in use
};

/// Converts band by band.
TiffFindings read_bands(TiffDecoder& decoder, const Deadline& deadline, std::uint32_t band, OrientedRows& rows) {
  TIFFRGBAImage& rgba = decoder.rgba;
  const std::uint32_t width = rgba.width, height = rgba.height;
  std::vector<std::uint32_t> raster(std::size_t{width} * band);
  TiffFindings found;
  for (std::uint32_t y = 0; y < height; y += band) {
    deadline.check();
    const std::uint32_t count = std::min(band, height - y);
    rgba.row_offset = static_cast<int>(y);
    if (TIFFRGBAImageGet(&rgba, raster.data(), width, count) == 0) {
      found.short_tiles = get_last_tiles(decoder.tiff, rgba, y, raster.data());
      if (!found.short_tiles) return found;
    }
    const std::uint32_t* pixel = raster.data();
    for (std::uint32_t i = y; i < y + count; ++i) {
      std::uint8_t* out = rows.row(static_cast<int>(i));
      for (std::uint32_t x = 0; x < width; ++x, ++pixel) {
        *out++ = static_cast<std::uint8_t>(TIFFGetR(*pixel));
        *out++ = static_cast<std::uint8_t>(TIFFGetG(*pixel));
        *out++ = static_cast<std::uint8_t>(TIFFGetB(*pixel));
      }
      rows.done(static_cast<int>(i));
    }
    found.rows = y + count;
  }
  return found;
}

TiffFindings read_watched(TiffDecoder& decoder, const Deadline& deadline, std::uint32_t band, OrientedRows& rows) {
  TIFFRGBAImage& rgba = decoder.rgba;
  if (rgba.bitspersample != 16) return read_bands(decoder, deadline, band, rows);
  SampleWatch own{&rgba};
  if (rgba.isContig != 0) {
    own.contig = std::exchange(rgba.put.contig, put_contig);
  } else {
    own.separate = std::exchange(rgba.put.separate, put_separate);
  }
  struct Watching {
    explicit Watching(SampleWatch& by) { watch = &by; }
    ~Watching() { watch = nullptr; }
  } const watching(own);
  TiffFindings found = read_bands(decoder, deadline, band, rows);
  found.sample_bits = own.bits;
  return found;
}

}  // namespace

DecodedImage decode_tiff(const EncodedImage& file) {
  const Deadline deadline(file.options.limits.time);
  const TiffPages pages = pages_of(file);
  const auto count = pages.directories.size(), page = static_cast<std::size_t>(std::max(file.options.page, 1));
  TiffDecoder decoder(file);
  if (decoder.tiff == nullptr || count == 0) decoder.fail("no directory");
  if (page > count) throw Error("there is no page " + std::to_string(page) + ", the file has " + std::to_string(count));
  if (TIFFSetSubDirectory(decoder.tiff, pages.directories[page - 1]) == 0) decoder.fail("no directory");
  const std::uint32_t width = decoder.number(TIFFTAG_IMAGEWIDTH, 0), height = decoder.number(TIFFTAG_IMAGELENGTH, 0);
  check_pixels(width, height, file.options.limits.max_pixels);
  if (decoder.tiled()) {
    check_pixels(decoder.number(TIFFTAG_TILEWIDTH, 0), decoder.number(TIFFTAG_TILELENGTH, 0),
                 file.options.limits.max_pixels);
  }

  char reason[1024] = "";
  constexpr int kStopOnError = 1;
  if (TIFFRGBAImageBegin(&decoder.rgba, decoder.tiff, kStopOnError, reason) == 0) decoder.fail(reason);
  decoder.begun = true;
  const int orientation = decoder.rgba.orientation;
  // Rows as stored: libtiff does not know the turned orientations, so OrientedRows does them all.
  decoder.rgba.orientation = decoder.rgba.req_orientation = ORIENTATION_TOPLEFT;
  const std::uint32_t band = decoder.band_rows(height);
  MemoryShare memory = share_for(file, oriented_bytes(width, height) + std::size_t{4} * width * band +
                                           static_cast<std::size_t>(decoder.piece_bytes()));
  OrientedRows rows(static_cast<int>(width), static_cast<int>(height), orientation);
  const TiffFindings found = read_watched(decoder, deadline, band, rows);
  std::string note;
  if (found.rows < height) {
    if (!file.options.accept_damaged || found.rows == 0) decoder.fail("pixels cannot be read");
    note = "damaged TIFF: " + decoder.reason("pixels cannot be read") + "; wrong from row " +
           std::to_string(found.rows) + " of " + std::to_string(height) + " on (" +
           std::to_string(100 - std::uint64_t{100} * found.rows / height) + " % of the picture), as stored";
  } else {
    note = sample_bits_note(found.sample_bits);
    if (found.short_tiles)
      add_note(note, "the TIFF file's last tiles lack rows below the picture; no pixel is missing");
  }
  if (file.options.page == 0) add_note(note, note_on(pages));
  return {rows.take(), 1, note, std::move(memory)};
}

}  // namespace fovea
