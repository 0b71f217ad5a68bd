// Formats by their first bytes, and the names that pictures have.
#include "pictures/decode/format.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "pictures/decode/image.h"

namespace fovea {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::size_t at;
  std::string_view bytes;
  FileKind kind;
  std::string_view name;
  std::optional<ImageFormat> format;
};

constexpr auto kUnread = FileKind::unread;
constexpr auto kContainer = FileKind::container;

// The first that fits counts. What begins as a more general format stands before it.
constexpr std::array kSignatures = {
    Signature{128, "DICM"sv, kUnread, "DICOM", {}},
    Signature{8, "CR\x02"sv, kUnread, "camera raw (CR2)", {}},  // after a TIFF's first eight bytes
    Signature{0, "\xff\xd8\xff"sv, FileKind::readable, "JPEG", ImageFormat::jpeg},
    Signature{0, "\x89PNG\r\n\x1a\n"sv, FileKind::readable, "PNG", ImageFormat::png},
    Signature{0, "II\x2a\0"sv, FileKind::readable, "TIFF", ImageFormat::tiff},
    Signature{0, "MM\0\x2a"sv, FileKind::readable, "TIFF", ImageFormat::tiff},
    Signature{0, "II\x2b\0"sv, FileKind::readable, "BigTIFF", ImageFormat::tiff},
    Signature{0, "MM\0\x2b"sv, FileKind::readable, "BigTIFF", ImageFormat::tiff},
    Signature{0, "BM"sv, FileKind::readable, "BMP", ImageFormat::bmp},
    Signature{8, "WEBP"sv, kUnread, "WebP", {}},
    Signature{4, "ftypheic"sv, kUnread, "HEIC", {}},
    Signature{4, "ftypheix"sv, kUnread, "HEIC", {}},
    Signature{4, "ftyphevc"sv, kUnread, "HEIC", {}},
    Signature{4, "ftyphevx"sv, kUnread, "HEIC", {}},
    Signature{4, "ftypheim"sv, kUnread, "HEIC", {}},
    Signature{4, "ftypheis"sv, kUnread, "HEIC", {}},
    Signature{4, "ftypmif1"sv, kUnread, "HEIF", {}},
    Signature{4, "ftypmif2"sv, kUnread, "HEIF", {}},
    Signature{4, "ftypmsf1"sv, kUnread, "HEIF", {}},
    Signature{4, "ftypavif"sv, kUnread, "AVIF", {}},
    Signature{4, "ftypavis"sv, kUnread, "AVIF", {}},
    Signature{4, "ftypcrx "sv, kUnread, "camera raw (CR3)", {}},
    Signature{4, "jP  \r\n\x87\n"sv, kUnread, "JPEG 2000", {}},
    Signature{0, "\xff\x4f\xff\x51"sv, kUnread, "JPEG 2000", {}},
    Signature{4, "JXL \r\n\x87\n"sv, kUnread, "JPEG XL", {}},
    Signature{0, "\xff\x0a"sv, kUnread, "JPEG XL", {}},
    Signature{0, "II\xbc"sv, kUnread, "JPEG XR", {}},
    Signature{0, "GIF87a"sv, kUnread, "GIF", {}},
    Signature{0, "GIF89a"sv, kUnread, "GIF", {}},
    Signature{0, "8BPS\0"sv, kUnread, "Photoshop", {}},
    Signature{0, "IIRO"sv, kUnread, "camera raw (ORF)", {}},
    Signature{0, "IIRS"sv, kUnread, "camera raw (ORF)", {}},
    Signature{0, "MMOR"sv, kUnread, "camera raw (ORF)", {}},
    Signature{0, "IIU\0"sv, kUnread, "camera raw (RW2)", {}},
    Signature{0, "FUJIFILMCCD-RAW"sv, kUnread, "camera raw (RAF)", {}},
    Signature{0, "\0MRM"sv, kUnread, "camera raw (MRW)", {}},
    Signature{0, "FOVb"sv, kUnread, "camera raw (X3F)", {}},
    Signature{6, "HEAPCCDR"sv, kUnread, "camera raw (CRW)", {}},
    Signature{0, "\x76\x2f\x31\x01"sv, kUnread, "OpenEXR", {}},
    Signature{0, "#?RADIANCE"sv, kUnread, "Radiance HDR", {}},
    Signature{0, "#?RGBE"sv, kUnread, "Radiance HDR", {}},
    Signature{0, "gimp xcf "sv, kUnread, "GIMP", {}},
    Signature{0, "BPG\xfb"sv, kUnread, "BPG", {}},
    Signature{0, "FLIF"sv, kUnread, "FLIF", {}},
    Signature{0, "qoif"sv, kUnread, "QOI", {}},
    Signature{0, "\x8aMNG\r\n\x1a\n"sv, kUnread, "MNG", {}},
    Signature{0, "\x8bJNG\r\n\x1a\n"sv, kUnread, "JNG", {}},
    Signature{0, "AT&TFORM"sv, kUnread, "DjVu", {}},
    Signature{0, "FOCT"sv, kUnread, "Topcon", {}},
    Signature{0, "CMDb"sv, kUnread, "Heidelberg", {}},
    Signature{0, "ZISRAWFILE"sv, kUnread, "Zeiss CZI", {}},
    Signature{0, "SIMPLE  ="sv, kUnread, "FITS", {}},
    Signature{0, "PK\x03\x04"sv, kContainer, "zip archive", {}},
    Signature{0, "PK\x05\x06"sv, kContainer, "zip archive", {}},
    Signature{257, "ustar"sv, kContainer, "tar archive", {}},
    Signature{0, "\x1f\x8b\x08"sv, kContainer, "gzip", {}},
    Signature{0, "BZh"sv, kContainer, "bzip2", {}},
    Signature{0, "\xfd\x37zXZ\0"sv, kContainer, "xz", {}},
    Signature{0, "\x28\xb5\x2f\xfd"sv, kContainer, "Zstandard", {}},
    Signature{0, "7z\xbc\xaf\x27\x1c"sv, kContainer, "7-Zip archive", {}},
    Signature{0, "Rar!\x1a\x07"sv, kContainer, "RAR archive", {}},
    Signature{0, "%PDF-"sv, kContainer, "PDF", {}},
};

// What pictures are called, read or not. Left out are endings that other files have as well (.raw, .hdr, .img).
constexpr std::array kEndings = {
    ".jpg"sv, ".jpeg"sv,  ".jpe"sv,  ".jfif"sv, ".jif"sv,  ".png"sv,   ".tif"sv,  ".tiff"sv, ".bmp"sv, ".dib"sv,
    ".dcm"sv, ".dicom"sv, ".webp"sv, ".heic"sv, ".heif"sv, ".hif"sv,   ".avif"sv, ".jp2"sv,  ".j2k"sv, ".jpf"sv,
    ".jpx"sv, ".jxl"sv,   ".jxr"sv,  ".wdp"sv,  ".jls"sv,  ".gif"sv,   ".psd"sv,  ".psb"sv,  ".tga"sv, ".pcx"sv,
    ".ppm"sv, ".pgm"sv,   ".pnm"sv,  ".exr"sv,  ".apng"sv, ".icloud"sv};  // .icloud: left on Apple's server

// TIFF inside, with a small preview first: what a decoder of TIFF shows is not the photograph.
constexpr std::array kRawEndings = {".nef"sv, ".nrw"sv, ".arw"sv, ".sr2"sv, ".srf"sv, ".dng"sv, ".cr2"sv,
                                    ".cr3"sv, ".crw"sv, ".orf"sv, ".rw2"sv, ".raf"sv, ".pef"sv, ".srw"sv,
                                    ".x3f"sv, ".mrw"sv, ".3fr"sv, ".erf"sv, ".kdc"sv, ".dcr"sv};

std::string_view ending_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || name.find('/', dot) != std::string_view::npos ? "" : name.substr(dot);
}

template <std::size_t kCount>
bool is_one_of(std::string_view ending, const std::array<std::string_view, kCount>& known) {
  std::string lower(ending);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::find(known.begin(), known.end(), lower) != known.end();
}

bool fits(std::string_view text, const Signature& signature) {
  return text.size() > signature.at && text.substr(signature.at).starts_with(signature.bytes);
}

// Two letters begin many a text: the size of the header that follows makes it a BMP.
bool is_bmp(std::string_view text) {
  constexpr std::array<unsigned, 8> kHeaderSizes = {12, 16, 40, 52, 56, 64, 108, 124};
  if (text.size() < 18 || text.substr(15, 3) != "\0\0\0"sv) return false;
  const unsigned size = static_cast<unsigned char>(text[14]);
  return std::find(kHeaderSizes.begin(), kHeaderSizes.end(), size) != kHeaderSizes.end();
}

std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace

std::optional<ImageFormat> sniff_format(const std::uint8_t* data, std::size_t size) {
  for (const Signature& signature : kSignatures) {
    if (signature.format && fits(as_text(data, size), signature)) return signature.format;
  }
  return std::nullopt;
}

FileSign file_sign(const std::uint8_t* data, std::size_t size, std::string_view name) {
  const std::string_view text = as_text(data, size), ending = ending_of(name);
  for (const Signature& signature : kSignatures) {
    if (!fits(text, signature)) continue;
    if (signature.format == ImageFormat::bmp && !is_bmp(text) && !is_one_of(ending, kEndings)) break;
    if (signature.format == ImageFormat::tiff && is_one_of(ending, kRawEndings)) return {kUnread, "camera raw"};
    return {signature.kind, signature.name};
  }
  if (is_one_of(ending, kRawEndings)) return {kUnread, "camera raw"};
  return {};
}

std::string unread_reason(const FileSign& sign) {
  if (sign.name.empty()) return "not a JPEG, PNG, TIFF or BMP file";
  return "is " + std::string(sign.name) + ", which is not read (JPEG, PNG, TIFF and BMP are)";
}

std::string_view image_ending(std::string_view name) {
  const std::string_view ending = ending_of(name);
  return is_one_of(ending, kEndings) || is_one_of(ending, kRawEndings) ? ending : "";
}

bool is_image_name(const std::string& name) { return !image_ending(name).empty(); }

}  // namespace fovea
