// Files that must be refused: each with one clear line, in bounded memory, and without anything printed by a codec.
#include <sys/resource.h>

#include "tests/pictures/files.h"
#include "tests/pictures/writers.h"

namespace fovea::image_test {
namespace {

std::string error_for(const Bytes& bytes, const DecodeLimits& limits = {}) {
  return error_of([&] { decode_image(bytes.data(), bytes.size(), "dir/eye.x", limits); });
}

#define EXPECT_ERROR(actual, text) EXPECT_NE((actual).find(text), std::string::npos) << "error is: " << (actual)

std::string error_for_file(const std::string& path) {
  return error_of([&] { read_image(path); });
}

TEST(ImageBadInput, FilesThatAreNone) {
  const Scratch scratch;
  EXPECT_EQ(error_for_file(scratch.path("absent.png")), scratch.path("absent.png") + ": no such file");
  EXPECT_EQ(error_for_file(scratch.path("")), scratch.path("") + ": is a directory");
  EXPECT_EQ(error_for_file("/dev/zero"), "/dev/zero: not a regular file");
  EXPECT_EQ(error_for_file(scratch.write("empty.png", {})), scratch.path("empty.png") + ": file is empty");
  const std::string text = "id_code,diagnosis\n";
  EXPECT_EQ(error_for_file(scratch.write("text.png", Bytes(text.begin(), text.end()))),
            scratch.path("text.png") + ": not a JPEG, PNG, TIFF or BMP file");
  EXPECT_ERROR(error_for_file(std::string(5000, 'x')), ": ");
}

TEST(ImageBadInput, OtherFormatsAreNotTried) {
  for (const char* extension : {".webp", ".ppm", ".ras"}) {
    Bytes bytes;
    try {
      bytes = encode(extension, noise(24, 17));
    } catch (const cv::Exception&) {
      continue;  // this OpenCV has no such encoder
    }
    EXPECT_EQ(error_for(bytes), extension == std::string(".webp")
                                    ? "dir/eye.x: is WebP, which is not read (JPEG, PNG, TIFF and BMP are)"
                                    : "dir/eye.x: not a JPEG, PNG, TIFF or BMP file")
        << extension;
  }
}

TEST(ImageBadInput, FileSizeLimit) {
  DecodeLimits limits;
  limits.max_file_bytes = 100;
  EXPECT_EQ(error_for(encode(".png", noise(24, 17)), limits), "dir/eye.x: file is larger than 100 bytes");
}

TEST(ImageBadInput, PixelLimitIsExact) {
  for (const char* extension : {".jpg", ".png", ".tiff", ".bmp"}) {
    const Bytes bytes = encode(extension, noise(24, 17));
    DecodeLimits limits;
    limits.max_pixels = 24 * 17;
    EXPECT_EQ(error_for(bytes, limits), "no error") << extension;
    limits.max_pixels -= 1;
    EXPECT_EQ(error_for(bytes, limits), "dir/eye.x: header claims 24x17 pixels, the limit is 407") << extension;
  }
}

/// Sets both sides in a header, which are `bytes` long each, and says what the reading of the result throws.
std::string claim(Bytes file, std::size_t at, int bytes, bool big_endian, std::uint32_t side) {
  Bytes sides;
  append(sides, side, bytes, big_endian);
  append(sides, side, bytes, big_endian);
  std::copy(sides.begin(), sides.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
  return error_for(file);
}

std::size_t jpeg_frame(const Bytes& jpeg) {
  const Bytes marker = {0xff, 0xc0};
  const auto found = std::search(jpeg.begin(), jpeg.end(), marker.begin(), marker.end());
  return static_cast<std::size_t>(found - jpeg.begin()) + 5;
}

TEST(ImageBadInput, HugeClaimsAreRefusedBeforeAnythingIsAllocated) {
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  const Bytes jpeg = encode(".jpg", noise(24, 17)), bmp = encode(".bmp", noise(24, 17));
  EXPECT_ERROR(claim(jpeg, jpeg_frame(jpeg), 2, true, 60000), "60000x60000");
  EXPECT_ERROR(claim(jpeg, jpeg_frame(jpeg), 2, true, 14000), "cannot hold 14000x14000");
  EXPECT_ERROR(claim(bmp, 18, 4, false, 60000), "60000x60000");
  EXPECT_ERROR(claim(bmp, 18, 4, false, 0x80000000), "-2147483648");
  EXPECT_ERROR(claim(bmp, 18, 4, false, 0), "0x0");
  EXPECT_ERROR(error_for(tiff({{0x100, 4, 0}, {0x101, 4, 0}, {0x111, 4, 8}, {0x117, 4, 60}}, false)), "TIFF: ");
  for (const std::uint32_t side : {60000U, 0xffffffffU}) {
    const Bytes tiff_bytes = tiff({{0x100, 4, side}, {0x101, 4, side}, {0x111, 4, 8}, {0x117, 4, 60}}, false);
    EXPECT_ERROR(error_for(tiff_bytes), "header claims " + std::to_string(side) + "x" + std::to_string(side));
  }
  const Bytes few_bytes(100);
  EXPECT_ERROR(error_for(png_of({{"IHDR", png_header(60000, 1)}, {"IDAT", few_bytes}, {"IEND", {}}})),
               "cannot hold 60000x1");
  EXPECT_ERROR(error_for(png_of({{"IHDR", png_header(60000, 60000)}, {"IDAT", few_bytes}, {"IEND", {}}})),
               "60000x60000");
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 64 * 1024) << "KiB of memory grown";
}

/// Every beginning of a file must be refused, in one line that starts with its name.
void expect_every_prefix_refused(const std::string& what, const Bytes& bytes, std::size_t needed) {
  for (std::size_t size = 0; size < needed; size += size < 400 || size + 40 > needed ? 1 : 97) {
    const std::string error = error_for(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
    ASSERT_EQ(error.rfind("dir/eye.x: ", 0), 0U) << what << " cut to " << size << " of " << needed << ": " << error;
    ASSERT_EQ(error.find('\n'), std::string::npos) << error;
  }
}

TEST(ImageBadInput, EveryTruncationIsSeen) {
  testing::internal::CaptureStderr();
  const cv::Mat mat = noise(40, 30), eye = disc(64, 48);
  for (const cv::Mat& picture : {mat, eye}) {
    for (const int progressive : {0, 1}) {
      const Bytes jpeg = encode(".jpg", picture, {cv::IMWRITE_JPEG_PROGRESSIVE, progressive});
      expect_every_prefix_refused("JPEG", jpeg, jpeg.size() - 2);  // without its end marker it is whole
    }
    const Bytes png = encode(".png", picture), bmp = encode(".bmp", picture);
    expect_every_prefix_refused("PNG", png, png.size() - 21);  // checksums and IEND
    expect_every_prefix_refused("BMP", bmp, bmp.size());
    for (const int compression : {1, 5, 8}) {
      const Bytes tiff_bytes = encode(".tiff", picture, {cv::IMWRITE_TIFF_COMPRESSION, compression});
      // The directory is at the end; its last bytes are tags that do not matter.
      expect_every_prefix_refused("TIFF", tiff_bytes, tiff_bytes.size() - 60);
    }
    const Bytes plain = rgb_tiff(to_image(picture), 1, false);
    expect_every_prefix_refused("TIFF", plain, plain.size());
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(ImageBadInput, TruncatedPhotograph) {
  for (const std::string& path : photographs()) {
    Bytes bytes = read_bytes(path);
    bytes.resize(bytes.size() / 2);
    EXPECT_ERROR(error_for(bytes), ": damaged ") << path;
  }
}

TEST(ImageBadInput, DamageInsideAJpegIsSeen) {
  const Bytes jpeg = encode(".jpg", noise(200, 150));
  Bytes zeroed = jpeg, cut_out = jpeg;
  std::fill_n(zeroed.begin() + 4000, 300, std::uint8_t{0});
  EXPECT_ERROR(error_for(zeroed), "damaged JPEG: Corrupt JPEG data");
  cut_out.erase(cut_out.begin() + 4000, cut_out.begin() + 4800);
  EXPECT_ERROR(error_for(cut_out), "damaged JPEG: Corrupt JPEG data");
}

TEST(ImageBadInput, DamageInsideAPngIsSeen) {
  Bytes png = encode(".png", noise(200, 150));
  png[png.size() / 2] ^= 1;
  EXPECT_ERROR(error_for(png), "damaged PNG: IDAT: ");
}

TEST(ImageBadInput, PngsOfWrongStructure) {
  const Bytes header = png_header(2, 2), some = {1, 2, 3};
  const auto error = [](const std::vector<std::pair<std::string, Bytes>>& chunks) { return error_for(png_of(chunks)); };
  EXPECT_ERROR(error({{"IDAT", some}, {"IEND", {}}}), "damaged PNG: it does not begin with IHDR");
  EXPECT_ERROR(error({{"IHDR", some}, {"IEND", {}}}), "IHDR: wrong length");
  EXPECT_ERROR(error({{"IHDR", png_header(2, 2, 4)}, {"IEND", {}}}), "IHDR: unknown kind of pixels");
  EXPECT_ERROR(error({{"IHDR", png_header(2, 2, 16, 3)}, {"IEND", {}}}), "IHDR: unknown kind of pixels");
  EXPECT_ERROR(error({{"IHDR", png_header(2, 2, 8, 1)}, {"IEND", {}}}), "IHDR: unknown kind of pixels");
  EXPECT_ERROR(error({{"IHDR", png_header(0, 2)}, {"IEND", {}}}), "0x2");
  EXPECT_ERROR(error({{"IHDR", header}, {"IEND", {}}}), "it has no pixels");
  EXPECT_ERROR(error({{"IHDR", header}}), "unexpected end of file");
  EXPECT_ERROR(error({{"IHDR", header}, {"IDAT", some}, {"IEND", {}}}), "IDAT: cannot be decompressed");
  EXPECT_ERROR(error({{"IHDR", header}, {"IDAT", some}, {"tEXt", some}, {"IDAT", some}, {"IEND", {}}}), "in one piece");
  EXPECT_ERROR(error({{"IHDR", header}, {"XYZW", some}, {"IDAT", some}, {"IEND", {}}}), "XYZW: unknown chunk");
  EXPECT_ERROR(error({{"IHDR", header}, {"A1Z_", some}}), "a chunk's name is no name");
  EXPECT_ERROR(error({{"IHDR", png_header(2, 2, 8, 3)}, {"IDAT", some}, {"IEND", {}}}), "it has no palette");
  EXPECT_ERROR(error({{"IHDR", png_header(2, 2, 8, 3)}, {"PLTE", {1, 2}}}), "PLTE: no palette");
  EXPECT_ERROR(error({{"IHDR", header}, {"IHDR", header}}), "IHDR: unknown chunk");
}

// Damage behind right checksums: refused or read, never a crash; and read as OpenCV does, where both read it.
TEST(ImageBadInput, DamagedPngsWithRightChecksums) {
  std::mt19937 random(5);
  int both = 0;
  for (int round = 0; round < 600; ++round) {
    PngOptions options;
    options.width = 9;
    options.height = 7;
    const bool palette = round % 3 == 1;
    options.colour = palette ? PNG_COLOR_TYPE_PALETTE : round % 3 == 0 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
    options.depth = palette ? 4 : 8;
    options.interlaced = round % 2 == 1;
    const Bytes whole = random_png(options);
    std::vector<std::pair<std::string, Bytes>> chunks;
    for (std::size_t at = 8; at + 12 <= whole.size();) {
      const std::size_t size = std::size_t{whole[at + 2]} << 8 | whole[at + 3];
      chunks.emplace_back(std::string(whole.begin() + static_cast<std::ptrdiff_t>(at) + 4,
                                      whole.begin() + static_cast<std::ptrdiff_t>(at) + 8),
                          Bytes(whole.begin() + static_cast<std::ptrdiff_t>(at) + 8,
                                whole.begin() + static_cast<std::ptrdiff_t>(at + 8 + size)));
      at += size + 12;
    }
    Bytes& victim = chunks[random() % chunks.size()].second;
    if (victim.empty()) continue;
    victim[random() % victim.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
    const Bytes png = png_of(chunks);
    DecodeLimits limits;
    limits.max_pixels = 10000;
    Image image;
    try {
      image = decode_image(png.data(), png.size(), "a.png", limits);
    } catch (const Error&) {
      continue;
    }
    const cv::Mat oracle = cv::imdecode(png, cv::IMREAD_COLOR);
    if (oracle.empty()) continue;
    EXPECT_EQ(difference(image, oracle), "") << "round " << round;
    ++both;
  }
  EXPECT_GT(both, 10);
}

TEST(ImageBadInput, BmpsThatAreNotRead) {
  Bytes bmp = encode(".bmp", noise(24, 17, CV_8UC1));
  for (const int compression : {2, 3, 4, 5, 200}) {
    bmp[30] = static_cast<std::uint8_t>(compression);
    EXPECT_ERROR(error_for(bmp), "unsupported BMP: compression " + std::to_string(compression) + " of 8 bits a pixel");
  }
  bmp[30] = 0;
  bmp[28] = 2;
  EXPECT_ERROR(error_for(bmp), "unsupported BMP: 2 bits a pixel");
}

TEST(ImageBadInput, EndlessScansAreRefused) {
  // The last scan of a progressive file over and over, before the end marker.
  const Bytes jpeg = encode(".jpg", noise(40, 30), {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  const Bytes marker = {0xff, 0xda};
  const auto last = std::find_end(jpeg.begin(), jpeg.end(), marker.begin(), marker.end());
  Bytes endless(jpeg.begin(), jpeg.end() - 2);
  for (int i = 0; i < 1000; ++i) endless.insert(endless.end(), last, jpeg.end() - 2);
  append(endless, 0xffd9, 2, true);
  EXPECT_EQ(error_for(endless), "dir/eye.x: has more than 100 scans");
}

TEST(ImageBadInput, RandomDamageNeverCrashes) {
  testing::internal::CaptureStderr();
  std::mt19937 random(5);
  const cv::Mat mat = noise(40, 30);
  PngOptions palette;
  palette.colour = PNG_COLOR_TYPE_PALETTE;
  palette.interlaced = true;
  const std::vector<Bytes> files = {encode(".jpg", mat),
                                    encode(".jpg", mat, {cv::IMWRITE_JPEG_PROGRESSIVE, 1}),
                                    with_app1(encode(".jpg", mat), kExifHeader, exif(6, true)),
                                    encode_jpeg(noise(40, 30, CV_8UC4), JCS_CMYK, 2),
                                    encode(".png", mat),
                                    random_png(palette),
                                    encode(".tiff", mat),
                                    rgb_tiff(to_image(mat), 6, true),
                                    encode(".bmp", mat),
                                    encode(".bmp", noise(40, 30, CV_8UC1))};
  DecodeLimits limits;
  limits.max_pixels = 1 << 20;
  for (const Bytes& file : files) {
    for (int round = 0; round < 300; ++round) {
      Bytes damaged = file;
      // Half of the rounds aim at the headers.
      const std::size_t range = round % 2 == 0 ? std::min<std::size_t>(damaged.size(), 200) : damaged.size();
      for (int i = 0; i < 1 + round % 4; ++i) damaged[random() % range] = static_cast<std::uint8_t>(random());
      const std::string error = error_for(damaged, limits);
      EXPECT_TRUE(error == "no error" || error.rfind("dir/eye.x: ", 0) == 0) << error;
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(ImageBadInput, PngThatCannotBeWritten) {
  const Image image = to_image(noise(24, 17));
  EXPECT_ERROR(error_of([&] { write_png(image, "/no/such/folder/a.png"); }),
               "/no/such/folder/a.png: cannot be written");
  const Scratch scratch;
  std::filesystem::create_directories(scratch.path("a.png/inside"));
  EXPECT_ERROR(error_of([&] { write_png(image, scratch.path("a.png")); }), "a.png: cannot be written");
  EXPECT_FALSE(std::filesystem::exists(scratch.path("a.png.part")));
}

}  // namespace
}  // namespace fovea::image_test
