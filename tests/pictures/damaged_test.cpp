// Files that are not whole. A picture that lost no pixel is read, with a note; that verdict is never given where a
// pixel differs from the whole file's. What lost pixels is refused, or read as far as it goes where that is asked for.
#include <tiffio.h>

#include <opencv2/imgcodecs.hpp>

#include "tests/pictures/files.h"
#include "tests/pictures/writers.h"

namespace fovea::image_test {
namespace {

DecodedImage decode_anyhow(const Bytes& bytes) {
  DecodeOptions options;
  options.accept_damaged = true;
  return decode_picture(bytes.data(), bytes.size(), "a", options);
}

/// "" if refused, else the note, which is "-" where there is none. A picture that is read must be `whole`'s, or where
/// `silent` that is only required of one that is said to be.
std::string verdict(const Bytes& bytes, const Image& whole, const std::string& what, bool silent = false) {
  DecodedImage decoded;
  try {
    decoded = decode_picture(bytes.data(), bytes.size(), "a");
  } catch (const Error&) {
    return "";
  }
  if (!silent || decoded.note.find("no pixel") != std::string::npos) {
    EXPECT_TRUE(decoded.image.pixels == whole.pixels) << what << ": read although pixels differ; " << decoded.note;
  }
  return decoded.note.empty() ? "-" : decoded.note;
}

Bytes cut(const Bytes& bytes, std::size_t off) {
  return Bytes(bytes.begin(), bytes.end() - static_cast<std::ptrdiff_t>(off));
}

Bytes with(Bytes bytes, std::size_t at, const Bytes& more) {
  bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), more.begin(), more.end());
  return bytes;
}

struct Sample {
  std::string name;
  Bytes bytes;
};

std::vector<Sample> jpegs() {
  std::vector<Sample> samples;
  const auto separate = [](jpeg_compress_struct& jpeg) {  // a scan for each component
    static jpeg_scan_info scans[3];
    for (int i = 0; i < 3; ++i) scans[i] = {1, {i, 0, 0, 0}, 0, 63, 0, 0};
    jpeg.scan_info = scans;
    jpeg.num_scans = 3;
  };
  const auto progressive = [](jpeg_compress_struct& jpeg) { jpeg_simple_progression(&jpeg); };
  const auto optimised = [](jpeg_compress_struct& jpeg) { jpeg.optimize_coding = TRUE; };
  cv::Mat flat(48, 72, CV_8UC3, cv::Scalar(3, 40, 90));
  flat.colRange(0, 8).setTo(cv::Scalar(90, 3, 40));
  cv::Mat half = noise(72, 48);
  half.rowRange(24, 48).setTo(cv::Scalar(0, 0, 0));
  const std::vector<std::pair<std::string, cv::Mat>> mats = {
      {"noise", noise(72, 48)}, {"disc", disc(81, 63)}, {"flat", flat}, {"half black", half}};
  for (const auto& [name, mat] : mats) {
    samples.push_back({name + " baseline", encode(".jpg", mat)});
    samples.push_back({name + " restarts", encode(".jpg", mat, {cv::IMWRITE_JPEG_RST_INTERVAL, 2})});
    samples.push_back({name + " progressive", encode(".jpg", mat, {cv::IMWRITE_JPEG_PROGRESSIVE, 1})});
    samples.push_back({name + " separate scans", encode_jpeg(mat, JCS_RGB, 1, false, separate)});
    samples.push_back({name + " optimised", encode_jpeg(mat, JCS_RGB, 2, false, optimised)});
    samples.push_back({name + " arithmetic", encode_jpeg(mat, JCS_RGB, 2, true)});
    samples.push_back({name + " arithmetic progressive", encode_jpeg(mat, JCS_RGB, 2, true, progressive)});
    cv::Mat grey;
    cv::cvtColor(mat, grey, cv::COLOR_BGR2GRAY);
    samples.push_back({name + " grey", encode(".jpg", grey)});
    samples.push_back({name + " grey progressive", encode(".jpg", grey, {cv::IMWRITE_JPEG_PROGRESSIVE, 1})});
  }
  return samples;
}

/// Whether its last scan's data ends in a byte of this value, which nothing tells from filler.
bool ends_in(const Sample& sample, std::size_t count, int value) {
  const auto end = sample.bytes.end() - 2;
  return std::all_of(end - static_cast<std::ptrdiff_t>(count), end, [&](std::uint8_t byte) { return byte == value; });
}

bool is_arithmetic(const Sample& sample) { return sample.name.find("arithmetic") != std::string::npos; }

/// How much is cut off: all of the last 200 bytes, and some more.
std::vector<std::size_t> cuts(const Bytes& bytes) {
  std::vector<std::size_t> all;
  for (std::size_t off = 1; off <= std::min<std::size_t>(200, bytes.size() - 1); ++off) all.push_back(off);
  std::mt19937 random(11);
  for (int i = 0; i < 40; ++i) all.push_back(1 + random() % (bytes.size() - 1));
  return all;
}

TEST(ImageDamaged, JpegsCutAnywhereAreNeverTakenForWhole) {
  for (const Sample& sample : jpegs()) {
    const Image whole = decode_image(sample.bytes.data(), sample.bytes.size(), "a");
    EXPECT_EQ(verdict(sample.bytes, whole, sample.name), "-") << sample.name;
    int refused = 0;
    for (const std::size_t off : cuts(sample.bytes)) {
      const std::string what = sample.name + " cut by " + std::to_string(off);
      const std::string got = verdict(cut(sample.bytes, off), whole, what);
      if (off <= 2 && !is_arithmetic(sample) && !ends_in(sample, 2, 0)) {
        EXPECT_EQ(got, "the JPEG file has no end marker; no pixel is missing") << what;
      }
      EXPECT_NE(got, "-") << what;
      refused += got.empty() ? 1 : 0;
      if (off > 40 && off <= 200) continue;
      // What was cut off and is filled up, as an interrupted copy leaves it; and an end marker behind that.
      for (const int filler : {0x00, 0xff, 0x20}) {
        Bytes filled = cut(sample.bytes, off);
        filled.resize(sample.bytes.size() + 40, static_cast<std::uint8_t>(filler));
        verdict(filled, whole, what + " and filled with " + std::to_string(filler));
        append(filled, 0xffd9, 2, true);
        // Of an end marker behind codes that happen to be right nobody can tell that it is not the true one.
        verdict(filled, whole, what + ", filled and ended", true);
        filled = cut(sample.bytes, off);
        append(filled, 0xffd9, 2, true);
        verdict(filled, whole, what + " and ended", true);
      }
    }
    EXPECT_GT(refused, 50) << sample.name;
  }
}

// What arithmetic coding leaves out at its end are zeros; where more than they would make the same picture, no pixel is
// missing, and otherwise nobody can tell.
TEST(ImageDamaged, ArithmeticCodingWithoutAnEndMarker) {
  int read = 0, all = 0;
  for (int i = 0; i < 60; ++i) {
    const auto progressive = [](jpeg_compress_struct& jpeg) { jpeg_simple_progression(&jpeg); };
    const auto plain = [](jpeg_compress_struct& jpeg) { jpeg.restart_interval = 3; };
    const cv::Mat mat = i % 2 == 0 ? disc(60 + i, 50) : noise(60 + i, 50);
    const Bytes bytes = i % 3 == 0   ? encode_jpeg(mat, JCS_RGB, 2, true, progressive)
                        : i % 3 == 1 ? encode_jpeg(mat, JCS_RGB, 2, true, plain)
                                     : encode_jpeg(mat, JCS_RGB, 2, true);
    const Image whole = decode_image(bytes.data(), bytes.size(), "a");
    for (const std::size_t off : {1, 2}) {
      const std::string got = verdict(cut(bytes, off), whole, std::to_string(i));
      if (!got.empty()) {
        EXPECT_EQ(got, "the JPEG file has no end marker; no pixel is missing");
      }
      ++all;
      read += got.empty() ? 0 : 1;
    }
    for (std::size_t off = 3; off < 30; ++off) verdict(cut(bytes, off), whole, std::to_string(i));
  }
  EXPECT_GT(read, all / 2);
}

TEST(ImageDamaged, FillerBeforeTheEndOfAJpeg) {
  for (const Sample& sample : jpegs()) {
    const Image whole = decode_image(sample.bytes.data(), sample.bytes.size(), "a");
    for (const int filler : {0x00, 0x20, 0xaa, 0xff}) {
      for (const std::size_t count : {1, 2, 7, 8, 9, 600}) {
        const Bytes filled =
            with(sample.bytes, sample.bytes.size() - 2, Bytes(count, static_cast<std::uint8_t>(filler)));
        const std::string what = sample.name + ", " + std::to_string(count) + " bytes of " + std::to_string(filler);
        const std::string got = verdict(filled, whole, what, is_arithmetic(sample));
        if (is_arithmetic(sample)) {
          EXPECT_EQ(got.find("no pixel"), std::string::npos) << what << ": cannot be proved";
          continue;
        }
        if (ends_in(sample, 1, filler)) continue;
        EXPECT_NE(got, "") << what;
        if (count == 600 && filler != 0xff) {
          EXPECT_EQ(got, "the JPEG file has 600 bytes of filler after its data; no pixel is missing") << what;
        }
        EXPECT_NE(verdict(cut(filled, 2), whole, what + ", no end"), "") << what;
      }
    }
    // What is no filler may be the rest of data that was decoded wrongly.
    Bytes text;
    for (const char c : std::string("not the end of a picture, and not filler"))
      text.push_back(static_cast<std::uint8_t>(c));
    EXPECT_EQ(verdict(with(sample.bytes, sample.bytes.size() - 2, text), whole, sample.name), "") << sample.name;
  }
}

std::size_t segment_after(const Bytes& jpeg, std::size_t at) {
  return at + 2 + (std::size_t{jpeg[at + 2]} << 8 | jpeg[at + 3]);
}

TEST(ImageDamaged, BytesBetweenAndBehindTheSegmentsOfAJpeg) {
  const Bytes stray = {1, 2, 3, 0, 0xff, 0, 7};
  for (const Sample& sample : jpegs()) {
    const Image whole = decode_image(sample.bytes.data(), sample.bytes.size(), "a");
    // Before each segment up to the first scan's, but for the first, by which a JPEG is known.
    for (std::size_t at = segment_after(sample.bytes, 2); at + 1 < sample.bytes.size();) {
      ASSERT_EQ(sample.bytes[at], 0xff);
      EXPECT_EQ(verdict(with(sample.bytes, at, stray), whole, sample.name),
                "the JPEG file has 7 bytes between its segments; no pixel is missing")
          << sample.name << " at " << at;
      if (sample.bytes[at + 1] == 0xda) break;
      at = segment_after(sample.bytes, at);
    }
    Bytes longer = sample.bytes;
    longer.insert(longer.end(), 1000, 'x');
    EXPECT_EQ(verdict(longer, whole, sample.name), "the JPEG file has 1000 bytes after its end; no pixel is missing");
  }
}

TEST(ImageDamaged, ALostEndOfAJpegIsToldWhereItIsAccepted) {
  const cv::Mat mat = noise(120, 80);
  const Bytes baseline = encode(".jpg", mat);
  const Image whole = decode_image(baseline.data(), baseline.size(), "a");
  const DecodedImage half = decode_anyhow(cut(baseline, baseline.size() / 2));
  EXPECT_NE(half.note.find("damaged JPEG: "), std::string::npos) << half.note;
  EXPECT_NE(half.note.find("of 80 on ("), std::string::npos) << half.note;
  ASSERT_EQ(half.image.pixels.size(), whole.pixels.size());
  const auto wrong = std::mismatch(half.image.pixels.begin(), half.image.pixels.end(), whole.pixels.begin()).first;
  const auto right_rows = (wrong - half.image.pixels.begin()) / (3 * 120);
  const std::size_t at = half.note.find("from row ") + 9;
  const int told = std::stoi(half.note.substr(at));
  EXPECT_LE(told, right_rows) << "rows that are wrong are told to be right";
  EXPECT_GE(told, right_rows - 18);

  const Bytes progressive = encode(".jpg", mat, {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  const DecodedImage coarse = decode_anyhow(cut(progressive, progressive.size() / 2));
  EXPECT_NE(coarse.note.find("lacks detail from scan "), std::string::npos) << coarse.note;
  const Sample arithmetic{"", encode_jpeg(mat, JCS_RGB, 2, true)};
  EXPECT_NE(decode_anyhow(cut(arithmetic.bytes, 100)).note.find("cannot be told"), std::string::npos);
  EXPECT_EQ(decode_anyhow(baseline).note, "");
  EXPECT_EQ(decode_anyhow(cut(baseline, 2)).note, "the JPEG file has no end marker; no pixel is missing");
  EXPECT_THROW(decode_anyhow(cut(baseline, baseline.size() - 30)), Error) << "nothing of it can be seen";
}

std::vector<Sample> pngs() {
  std::vector<Sample> samples;
  for (const int colour : {PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA, PNG_COLOR_TYPE_PALETTE, PNG_COLOR_TYPE_GRAY}) {
    for (const bool interlaced : {false, true}) {
      PngOptions options;
      options.colour = colour;
      options.interlaced = interlaced;
      samples.push_back({"colour " + std::to_string(colour) + (interlaced ? " interlaced" : ""), random_png(options)});
    }
  }
  cv::Mat flat(300, 400, CV_8UC3, cv::Scalar(3, 40, 90));
  flat.colRange(0, 8).setTo(cv::Scalar(90, 3, 40));
  samples.push_back({"flat", encode(".png", flat)});
  samples.push_back({"disc", encode(".png", disc(161, 123))});
  return samples;
}

TEST(ImageDamaged, PngsCutAnywhereAreNeverTakenForWhole) {
  for (const Sample& sample : pngs()) {
    const Image whole = decode_image(sample.bytes.data(), sample.bytes.size(), "a");
    EXPECT_EQ(verdict(sample.bytes, whole, sample.name), "-");
    for (const std::size_t off : cuts(sample.bytes)) {
      const std::string what = sample.name + " cut by " + std::to_string(off);
      const std::string got = verdict(cut(sample.bytes, off), whole, what);
      EXPECT_NE(got, "-") << what;
      // IEND is 12 bytes, a checksum before it 4, and so is that of the compressed data.
      EXPECT_TRUE(off > 20 || got == "the PNG file has no end; no pixel is missing") << what << ": " << got;
      Bytes filled = cut(sample.bytes, off);
      filled.resize(sample.bytes.size(), 0);
      verdict(filled, whole, what + " and filled");
    }
    for (std::size_t at = 8; at < sample.bytes.size(); at += 1 + sample.bytes.size() / 300) {  // any byte
      Bytes changed = sample.bytes;
      changed[at] ^= 0x41;
      if (sample.name.find("colour 3") == std::string::npos || at > 800) verdict(changed, whole, sample.name);
    }
  }
}

TEST(ImageDamaged, WhatAPngCanDoWithout) {
  const Bytes png = encode(".png", noise(24, 17));
  const Image whole = decode_image(png.data(), png.size(), "a");
  Bytes text = png_chunk("tEXt", {'a', 0, 'b'});
  text.back() ^= 1;
  EXPECT_EQ(verdict(with(png, 33, text), whole, "tEXt"),
            "the chunk tEXt of the PNG file is damaged; no pixel is missing");
  EXPECT_EQ(verdict(with(png, png.size(), {1, 2, 3}), whole, "more"),
            "the PNG file has 3 bytes after its end; no pixel is missing");
  // The data without its own checksum, in chunks that are sound.
  const std::size_t data = 33, size = (std::size_t{png[data + 2]} << 8 | png[data + 3]);
  Bytes idat(png.begin() + data + 8, png.begin() + data + 8 + static_cast<std::ptrdiff_t>(size));
  Bytes other_sum = idat;
  other_sum.back() ^= 1;
  idat.resize(size - 4);
  EXPECT_EQ(verdict(png_of({{"IHDR", png_header(24, 17)}, {"IDAT", idat}, {"IEND", {}}}), whole, "no checksum"),
            "the pixels of the PNG file have no checksum; no pixel is missing");
  EXPECT_EQ(verdict(png_of({{"IHDR", png_header(24, 17)}, {"IDAT", other_sum}, {"IEND", {}}}), whole, "another"), "");
}

TEST(ImageDamaged, ALostEndOfOtherFormatsIsToldWhereItIsAccepted) {
  const cv::Mat mat = noise(24, 17);
  const Image whole = to_image(mat);
  for (const char* extension : {".png", ".bmp"}) {
    const Bytes bytes = encode(extension, mat);
    const Bytes damaged = cut(bytes, bytes.size() / 2);
    EXPECT_EQ(verdict(damaged, whole, extension), "");
    const DecodedImage rest = decode_anyhow(damaged);
    EXPECT_NE(rest.note.find(" % of the picture)"), std::string::npos) << rest.note;
    ASSERT_EQ(rest.image.pixels.size(), whole.pixels.size());
    // A BMP begins with its lowest row.
    const std::size_t known = std::size_t{3} * 24 * 4, from = extension == std::string(".png") ? 0 : 13;
    EXPECT_TRUE(std::equal(whole.pixels.begin() + static_cast<std::ptrdiff_t>(from * 72),
                           whole.pixels.begin() + static_cast<std::ptrdiff_t>(from * 72 + known),
                           rest.image.pixels.begin() + static_cast<std::ptrdiff_t>(from * 72)))
        << extension;
  }
}

struct TiffLayout {
  int compression = COMPRESSION_ADOBE_DEFLATE, predictor = PREDICTOR_NONE, planes = PLANARCONFIG_CONTIG;
  int channels = 3, depth = CV_8U;
};

/// Tiles of 16 x 16, of which those of the last row hold `last_rows` rows.
Bytes tiled_tiff(const cv::Mat& mat, const TiffLayout& layout, int last_rows) {
  const Scratch scratch;
  const std::string path = scratch.path("a.tif");
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  const int bytes = layout.depth == CV_8U ? 1 : 2;
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, mat.cols);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, mat.rows);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8 * bytes);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, layout.channels);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, layout.channels == 1 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, layout.planes);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, layout.compression);
  if (layout.predictor != PREDICTOR_NONE) TIFFSetField(tiff, TIFFTAG_PREDICTOR, layout.predictor);
  TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 16);
  TIFFSetField(tiff, TIFFTAG_TILELENGTH, 16);
  const bool separate = layout.planes == PLANARCONFIG_SEPARATE;
  for (int plane = 0; plane < (separate ? layout.channels : 1); ++plane) {
    for (int y = 0; y < mat.rows; y += 16) {
      for (int x = 0; x < mat.cols; x += 16) {
        cv::Mat part, tile = mat(cv::Rect(x, y, std::min(16, mat.cols - x), std::min(16, mat.rows - y)));
        cv::copyMakeBorder(tile, part, 0, 16 - tile.rows, 0, 16 - tile.cols, cv::BORDER_REPLICATE);
        if (separate) cv::extractChannel(part, part, plane);
        const int rows = y + 16 >= mat.rows ? last_rows : 16;
        const auto size = static_cast<tmsize_t>(rows * 16 * bytes * part.channels());
        const std::uint32_t at = TIFFComputeTile(tiff, static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), 0,
                                                 static_cast<std::uint16_t>(plane));
        EXPECT_EQ(TIFFWriteEncodedTile(tiff, at, part.data, size), size);
      }
    }
  }
  TIFFClose(tiff);
  return read_bytes(path);
}

// Encoders may leave out the rows of tiles that lie below the picture.
TEST(ImageDamaged, TiffTilesWithoutTheRowsBelowThePicture) {
  const std::string note = "the TIFF file's last tiles lack rows below the picture; no pixel is missing";
  for (const int depth : {CV_8U, CV_16U}) {
    for (const int channels : {1, 3}) {
      for (const int planes : {PLANARCONFIG_CONTIG, PLANARCONFIG_SEPARATE}) {
        if (channels == 1 && planes == PLANARCONFIG_SEPARATE) continue;
        for (const int predictor : {PREDICTOR_NONE, PREDICTOR_HORIZONTAL}) {
          for (const int compression : {COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE, COMPRESSION_LZW}) {
            const TiffLayout layout{compression, predictor, planes, channels, depth};
            const cv::Mat mat = noise(41, 37, CV_MAKETYPE(depth, channels));  // five rows in the last tiles
            const Bytes bytes = tiled_tiff(mat, layout, 16);
            const Image whole = decode_image(bytes.data(), bytes.size(), "a");
            const std::string what = std::to_string(depth) + " " + std::to_string(channels) + " " +
                                     std::to_string(planes) + " " + std::to_string(predictor) + " " +
                                     std::to_string(compression);
            EXPECT_EQ(verdict(bytes, whole, what), "-") << what;
            for (const int rows : {15, 6, 5})
              EXPECT_EQ(verdict(tiled_tiff(mat, layout, rows), whole, what), note) << what;
            for (const int rows : {4, 1}) EXPECT_EQ(verdict(tiled_tiff(mat, layout, rows), whole, what), "") << what;
            EXPECT_EQ(verdict(tiled_tiff(mat.rowRange(0, 32), layout, 15), whole, what), "") << what;
          }
        }
      }
    }
  }
}

TEST(ImageDamaged, BmpsCutAnywhereAreNeverTakenForWhole) {
  for (const int bits : {1, 4, 8, 16, 24, 32}) {
    const Bytes bmp = random_bmp(33, 20, bits, false);
    const Image whole = decode_image(bmp.data(), bmp.size(), "a");
    const std::size_t padding = static_cast<std::size_t>((33 * bits + 31) / 32 * 4 - (33 * bits + 7) / 8);
    for (const std::size_t off : cuts(bmp)) {
      const std::string got = verdict(cut(bmp, off), whole, std::to_string(bits) + " cut by " + std::to_string(off));
      EXPECT_EQ(got, off <= padding ? "the BMP file lacks the padding of its last row; no pixel is missing" : "")
          << bits << " bits cut by " << off;
    }
  }
}

}  // namespace
}  // namespace fovea::image_test
