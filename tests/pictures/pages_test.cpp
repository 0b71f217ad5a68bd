// Pages of TIFF files: which there are, each decoded by its number, lists that lead nowhere or in circles.
#include <opencv2/imgcodecs.hpp>

#include "pictures/decode/tiff/tiff_pages.h"
#include "tests/pictures/files.h"
#include "tests/pictures/writers.h"

namespace fovea::image_test {
namespace {

/// A page of a made file: its picture, and tags that say what kind of page it is.
struct Page {
  cv::Mat mat;
  std::vector<TiffEntry> kind;
};

/// A classic TIFF or a BigTIFF of uncompressed RGB pages, one strip each. `next` replaces the last directory's link.
Bytes tiff_of_pages(const std::vector<Page>& pages, bool big_endian, bool big, std::uint32_t next = 0) {
  const int word = big ? 8 : 4;
  Bytes bytes(2, big_endian ? 'M' : 'I');
  append(bytes, big ? 43 : 42, 2, big_endian);
  if (big) {
    append(bytes, 8, 2, big_endian);
    append(bytes, 0, 2, big_endian);
  }
  const auto append_word = [&](std::uint32_t value) {
    if (big && big_endian) append(bytes, 0, 4, true);
    append(bytes, value, 4, big_endian);
    if (big && !big_endian) append(bytes, 0, 4, false);
  };
  append_word(static_cast<std::uint32_t>(bytes.size()) + static_cast<std::uint32_t>(word));
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const Image image = to_image(pages[i].mat);
    const auto width = static_cast<std::uint32_t>(image.width), height = static_cast<std::uint32_t>(image.height);
    std::vector<TiffEntry> entries = pages[i].kind;
    const std::size_t count = entries.size() + 9;
    const std::size_t end = bytes.size() + (big ? 8 + 20 * count : 2 + 12 * count) + static_cast<std::size_t>(word);
    for (const TiffEntry& entry : std::vector<TiffEntry>{{0x100, 4, width},
                                                         {0x101, 4, height},
                                                         {0x102, 3, 8},
                                                         {0x103, 3, 1},
                                                         {0x106, 3, 2},
                                                         {0x111, 4, static_cast<std::uint32_t>(end)},
                                                         {0x115, 3, 3},
                                                         {0x116, 4, height},
                                                         {0x117, 4, width * height * 3}}) {
      entries.push_back(entry);
    }
    append_word(static_cast<std::uint32_t>(count));
    if (!big) {  // a count of two bytes
      const std::size_t at = bytes.size() - 4;
      bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(big_endian ? at : at + 2),
                  bytes.begin() + static_cast<std::ptrdiff_t>(big_endian ? at + 2 : at + 4));
    }
    for (const TiffEntry& entry : entries) {
      append(bytes, static_cast<std::uint32_t>(entry.tag), 2, big_endian);
      append(bytes, static_cast<std::uint32_t>(entry.type), 2, big_endian);
      append_word(1);
      append(bytes, entry.value, entry.type == 3 ? 2 : 4, big_endian);
      bytes.insert(bytes.end(), static_cast<std::size_t>(word - (entry.type == 3 ? 2 : 4)), 0);
    }
    const auto following = static_cast<std::uint32_t>(end + image.pixels.size());
    append_word(i + 1 < pages.size() ? following : next);
    bytes.insert(bytes.end(), image.pixels.begin(), image.pixels.end());
  }
  return bytes;
}

DecodedImage decode_page(const Bytes& bytes, int page) {
  DecodeOptions options;
  options.page = page;
  return decode_picture(bytes.data(), bytes.size(), "a.tif", options);
}

const TiffEntry kReduced{254, 4, 1}, kPage{254, 4, 2}, kMask{254, 4, 4}, kReducedPage{254, 4, 3};
const TiffEntry kOldFull{255, 3, 1}, kOldReduced{255, 3, 2}, kOldPage{255, 3, 3};

TEST(ImagePages, EachIsDecodedByItsNumber) {
  const Scratch scratch;
  const std::vector<Page> pages = {{noise(24, 17, CV_8UC3, 1), {}},           {noise(9, 5, CV_8UC3, 2), {kReduced}},
                                   {noise(30, 20, CV_8UC3, 3), {kPage}},      {noise(30, 20, CV_8UC3, 4), {kMask}},
                                   {noise(8, 8, CV_8UC3, 5), {kReducedPage}}, {noise(31, 20, CV_8UC3, 6), {kOldPage}},
                                   {noise(7, 8, CV_8UC3, 7), {kOldReduced}},  {noise(32, 20, CV_8UC3, 8), {kOldFull}}};
  const std::vector<std::size_t> full = {0, 2, 5, 7};
  for (const bool big_endian : {false, true}) {
    for (const bool big : {false, true}) {
      const Bytes bytes = tiff_of_pages(pages, big_endian, big);
      const std::string path = scratch.write("a.tif", bytes);
      const PicturePages found = picture_pages(path);
      EXPECT_EQ(found.count, 4) << big_endian << big;
      EXPECT_EQ(found.problem, "");
      std::vector<cv::Mat> oracle;
      ASSERT_TRUE(cv::imreadmulti(path, oracle, cv::IMREAD_COLOR));
      ASSERT_EQ(oracle.size(), pages.size());
      for (std::size_t i = 0; i < full.size(); ++i) {
        const DecodedImage page = decode_page(bytes, static_cast<int>(i) + 1);
        EXPECT_EQ(difference(page.image, oracle[full[i]]), "") << "page " << i + 1;
        EXPECT_EQ(page.note, "");
      }
      EXPECT_EQ(error_of([&] { decode_page(bytes, 5); }), "a.tif: there is no page 5, the file has 4");
      EXPECT_EQ(difference(decode_page(bytes, 0).image, oracle[0]), "");
      EXPECT_EQ(decode_page(bytes, 0).note, "the first of 4 pages");
    }
  }
}

// Some programs put a small copy first: it is not the picture.
TEST(ImagePages, AReducedCopyMayComeFirst) {
  const cv::Mat whole = noise(24, 17);
  const Bytes bytes = tiff_of_pages({{noise(6, 4), {kReduced}}, {whole, {}}}, false, false);
  EXPECT_EQ(difference(decode_page(bytes, 1).image, whole), "");
  EXPECT_EQ(decode_page(bytes, 0).note, "");
  const Bytes only = tiff_of_pages({{whole, {kReduced}}, {noise(6, 4), {kReduced}}}, false, false);
  EXPECT_EQ(difference(decode_page(only, 1).image, whole), "") << "the only pictures that there are";
}

TEST(ImagePages, OtherFilesHaveOne) {
  const Scratch scratch;
  for (const char* extension : {".jpg", ".png", ".bmp", ".tiff"}) {
    const Bytes bytes = encode(extension, noise(24, 17));
    const PicturePages found = picture_pages(scratch.write("a", bytes));
    EXPECT_EQ(found.count, 1);
    EXPECT_EQ(found.problem, "");
    EXPECT_NO_THROW(decode_page(bytes, 1));
    EXPECT_NE(error_of([&] { decode_page(bytes, 2); }).find("a.tif: there is no page 2"), std::string::npos);
  }
  EXPECT_EQ(picture_pages(scratch.path("absent")).count, 1);
  EXPECT_EQ(picture_pages(scratch.path("")).count, 1);
  EXPECT_EQ(picture_pages("/dev/zero").count, 1);
  EXPECT_EQ(picture_pages(scratch.write("short", {'I', 'I', 42, 0})).count, 1);
}

TEST(ImagePages, ListsThatLeadNowhereOrInCircles) {
  const Scratch scratch;
  const std::vector<Page> two = {{noise(24, 17), {}}, {noise(24, 17, CV_8UC3, 2), {}}};
  struct Case {
    std::uint32_t next;
    const char* problem;
  };
  for (const Case& c : {Case{8, "the list of its pages is a circle after 2"},
                        {0xfffffff0, "page 3 has no sound directory"},
                        {3000, "page 3 has no sound directory"}}) {
    const Bytes bytes = tiff_of_pages(two, false, false, c.next);
    const PicturePages found = picture_pages(scratch.write("a.tif", bytes));
    EXPECT_EQ(found.count, 2);
    EXPECT_EQ(found.problem, c.problem);
    EXPECT_EQ(difference(decode_page(bytes, 2).image, two[1].mat), "");
    EXPECT_EQ(decode_page(bytes, 0).note, std::string("the first of 2 pages; pages may be missing: ") + c.problem);
  }
}

TEST(ImagePages, NoMoreThanAThousandAreFollowed) {
  // Directories without entries, each of which leads to the next.
  Bytes bytes = {'I', 'I', 42, 0};
  append(bytes, 8, 4, false);
  for (std::uint32_t i = 0; i < 3000; ++i) {
    append(bytes, 0, 2, false);
    append(bytes, 8 + 6 * (i + 1), 4, false);
  }
  const Scratch scratch;
  const PicturePages found = picture_pages(scratch.write("a.tif", bytes));
  EXPECT_EQ(found.count, 1000);
  EXPECT_EQ(found.problem, "it has more than 1000 pages");
  // Many entries over and over: no more of them are read than of a file with a thousand pages.
  std::size_t asked = 0;
  const TiffPages many = tiff_pages([&](std::uint64_t offset, std::uint8_t* out, std::size_t count) {
    asked += count;
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint8_t>(offset + i);
    const Bytes header = {'I', 'I', 42, 0, 8, 0, 0, 0};
    if (offset == 0) std::copy_n(header.begin(), count, out);
    if (count == 2) out[0] = out[1] = 0xff;
    return true;
  });
  EXPECT_NE(many.problem, "");
  EXPECT_LT(asked, 3'000'000U);
}

// A page whose directory cannot be read does not take the others with it.
TEST(ImagePages, OneOfThemIsDamaged) {
  Bytes bytes = tiff_of_pages({{noise(24, 17), {}}, {noise(30, 20), {}}}, false, false);
  bytes[8 + 2 + 8] = 0;  // the first page's width
  EXPECT_NE(error_of([&] { decode_page(bytes, 1); }), "no error");
  EXPECT_EQ(difference(decode_page(bytes, 2).image, noise(30, 20)), "");
}

}  // namespace
}  // namespace fovea::image_test
