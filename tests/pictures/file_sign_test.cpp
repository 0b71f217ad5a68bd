// What a file is by its first bytes.
#include <gtest/gtest.h>

#include <algorithm>

#include "pictures/decode/other_frames.h"
#include "pictures/look.h"
#include "tests/pictures/files.h"
#include "tests/pictures/writers.h"

namespace fovea::image_test {
namespace {

FileSign sign_of(const std::string& text, const std::string& name = "x") {
  return file_sign(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), name);
}

TEST(FileSign, KnowsPicturesByTheirContent) {
  const std::string dicom = std::string(128, '\0') + "DICM\x02";
  for (const auto& [text, kind, name] : std::vector<std::tuple<std::string, FileKind, std::string>>{
           {"\xFF\xD8\xFF\xE0", FileKind::readable, "JPEG"},
           {std::string("II\x2b\0\x08", 5), FileKind::readable, "BigTIFF"},
           {dicom, FileKind::unread, "DICOM"},
           {"RIFFabcdWEBPVP8 ", FileKind::unread, "WebP"},
           {std::string("\0\0\0\x18", 4) + "ftypheic", FileKind::unread, "HEIC"},
           {std::string("\0\0\0\x18", 4) + "ftypavif", FileKind::unread, "AVIF"},
           {std::string("\0\0\0\x0CjP  \r\n\x87\n", 12), FileKind::unread, "JPEG 2000"},
           {std::string("\0\0\0\x0CJXL \r\n\x87\n", 12), FileKind::unread, "JPEG XL"},
           {"GIF89a", FileKind::unread, "GIF"},
           {std::string("8BPS\0\1", 6), FileKind::unread, "Photoshop"},
           {std::string("II\x2a\0\x10\0\0\0CR\x02\0", 12), FileKind::unread, "camera raw (CR2)"},
           {"PK\x03\x04", FileKind::container, "zip archive"},
           {std::string(257, 'a') + "ustar", FileKind::container, "tar archive"},
           {"%PDF-1.7", FileKind::container, "PDF"},
           {"BMI is a number", FileKind::other, ""},
           {"", FileKind::other, ""},
           {"id_code,diagnosis\n", FileKind::other, ""}}) {
    EXPECT_EQ(sign_of(text).kind, kind) << name;
    EXPECT_EQ(sign_of(text).name, name);
    // A file cut off before its signature is none, and nothing behind its end is read.
    EXPECT_NE(sign_of(text.substr(0, std::min<std::size_t>(text.size(), 1))).kind, FileKind::readable);
  }
}

TEST(FileSign, EndingsDecideWhatContentLeavesOpen) {
  const std::string tiff("II\x2a\0\x08\0\0\0", 8);
  EXPECT_EQ(sign_of(tiff, "a.tif").kind, FileKind::readable);
  EXPECT_EQ(sign_of(tiff, "a.NEF").name, "camera raw");
  EXPECT_EQ(sign_of(std::string("BM\x36\x10\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", 18)).kind, FileKind::readable);
  EXPECT_EQ(sign_of("BM but no header at all", "a.bmp").kind, FileKind::readable) << "its decoder says what is wrong";
}

TEST(FileSign, LooksAtFilesOnTheDisk) {
  const Scratch scratch;
  const auto look = [&](const std::string& name, const std::string& text) {
    return look_at(scratch.write(name, Bytes(text.begin(), text.end())));
  };
  EXPECT_EQ(look("noending", "\xFF\xD8\xFF\xE0").error, "");
  EXPECT_EQ(look("a.jpg", "").error, "file is empty");
  EXPECT_EQ(look("b.jpg", "text").error, "not a JPEG, PNG, TIFF or BMP file");
  EXPECT_EQ(look("c.txt", "text").kind, FileKind::other);
  EXPECT_EQ(look("d.zip", "PK\x03\x04").kind, FileKind::container);
  EXPECT_EQ(look_at("/dev/zero").error, "is not a regular file");
  EXPECT_EQ(look_at(scratch.path("none.jpg")).error, "no such file");
}

// Cameras put a small copy first and the photograph below it; DNG says that it is one.
TEST(FileSign, RawPhotographsWithoutTheirEndingAreNotTakenForTheirPreviews) {
  const Scratch scratch;
  const auto look = [&](const std::vector<TiffEntry>& entries) {
    return look_at(scratch.write("a.tif", tiff(entries, false)));
  };
  EXPECT_EQ(look({}).error, "");
  EXPECT_EQ(look({{254, 4, 1}}).error, "") << "the only picture that there is";
  EXPECT_EQ(look({{330, 4, 8}}).error, "") << "a full-size page with copies below it";
  EXPECT_EQ(look({{254, 4, 1}, {330, 4, 8}}).error, "is camera raw, which is not read (JPEG, PNG, TIFF and BMP are)");
  EXPECT_EQ(look({{50706, 1, 1}}).kind, FileKind::unread);
}

// A JPEG with an index of `types.size()` pictures, as CIPA DC-007 describes it.
Bytes with_index(const std::vector<std::uint32_t>& types, bool big_endian) {
  Bytes index;
  for (const char c : std::string("MPF")) index.push_back(static_cast<std::uint8_t>(c));
  index.push_back(0);
  append(index, big_endian ? 0x4D4D002A : 0x002A4949, 4, big_endian);
  append(index, 8, 4, big_endian);
  append(index, 1, 2, big_endian);
  append(index, 0xB002, 2, big_endian);
  append(index, 7, 2, big_endian);
  append(index, static_cast<std::uint32_t>(16 * types.size()), 4, big_endian);
  append(index, 26, 4, big_endian);
  append(index, 0, 4, big_endian);
  for (const std::uint32_t type : types) {
    append(index, type, 4, big_endian);
    index.insert(index.end(), 12, 0);
  }
  const Bytes jpeg = encode(".jpg", noise(24, 17));
  Bytes bytes(jpeg.begin(), jpeg.begin() + 2);
  append(bytes, 0xFFE2, 2, true);
  append(bytes, static_cast<std::uint32_t>(index.size() + 2), 2, true);
  bytes.insert(bytes.end(), index.begin(), index.end());
  bytes.insert(bytes.end(), jpeg.begin() + 2, jpeg.end());
  return bytes;
}

TEST(OtherFrames, AreNamedInANote) {
  const auto note = [](const Bytes& bytes) { return decode_picture(bytes.data(), bytes.size(), "a").note; };
  for (const bool big : {false, true}) {
    EXPECT_EQ(note(with_index({0x030000, 0x020002}, big)), "the first of 2 pictures in the file");
    EXPECT_EQ(note(with_index({0x030000, 0x010001, 0x010002}, big)), "") << "previews are no pictures";
    EXPECT_EQ(note(with_index({0x030000}, big)), "");
  }
  Bytes png = encode(".png", noise(24, 17));
  EXPECT_EQ(note(png), "");
  const Bytes control = {0, 0, 0, 8, 'a', 'c', 'T', 'L', 0, 0, 0, 3, 0, 0, 0, 0};
  Bytes animated(png.begin(), png.begin() + 33);  // behind IHDR
  animated.insert(animated.end(), control.begin(), control.end());
  append(animated, 0, 4, true);
  animated.insert(animated.end(), png.begin() + 33, png.end());
  EXPECT_EQ(other_frames_note(animated.data(), animated.size()), "the first of 3 pictures in the file");
  // Cut off anywhere, it is looked at in bounds.
  for (const Bytes& whole : {with_index({0x030000, 0x020002}, false), animated}) {
    for (std::size_t size = 0; size < std::min<std::size_t>(whole.size(), 200); ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      other_frames_note(cut.data(), cut.size());
    }
  }
}

}  // namespace
}  // namespace fovea::image_test
