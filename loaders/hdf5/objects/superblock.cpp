// A file's kind, signature and length.
#include "loaders/hdf5/objects/superblock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string_view>

#include <fovea/error.h>
#include "loaders/hdf5/io/address.h"
#include "loaders/hdf5/io/sums.h"
#include "loaders/io/raw_file.h"

namespace fovea::hdf5 {
namespace {

constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);
constexpr std::string_view kZipSignature("PK\x03\x04", 4);

using FirstBytes = std::array<unsigned char, 100>;

/// The bytes at `offset`, zero beyond the end of the file.
FirstBytes read_block(const RawFile& file, std::uint64_t offset) {
  FirstBytes block{};
  file.read(offset, std::min<std::uint64_t>(block.size(), file.left(offset)), block.data());
  return block;
}

bool starts_with(const FirstBytes& block, std::string_view text) {
  return std::memcmp(block.data(), text.data(), text.size()) == 0;
}

/// Addresses and lengths take 8 bytes.
bool is_wide(const FirstBytes& block) {
  const std::size_t at = block[8] <= 1 ? 13 : 9;
  return block[at] == 8 && block[at + 1] == 8;
}

/// Versions 2 and 3 have a checksum, and 3 says of a file that someone is still writing it.
void check_new(const FirstBytes& block, const std::string& path) {
  constexpr std::size_t kBytes = 48;
  constexpr unsigned kBeingWritten = 1 | 4;
  if (block[8] < 2) return;
  if (!ends_with_its_sum(std::span(block).first(kBytes))) throw Error(path + ": the file is damaged: bad superblock");
  if (block[8] == 3 && (block[11] & kBeingWritten) != 0) {
    throw Error(path + ": the file is being written, or was not closed (h5clear -s marks it as closed)");
  }
}

/// Where a version of the superblock (format specification, II.A) has its fields, if it has them. Of addresses of 8
/// bytes.
struct Fields {
  std::size_t end, root;
  std::optional<std::size_t> driver, extension, links, chunks;
};
std::optional<Fields> fields_of(const FirstBytes& block) {
  switch (block[8]) {
    case 0:
      return Fields{.end = 40, .root = 64, .driver = 48, .links = 16};
    case 1:
      return Fields{.end = 44, .root = 68, .driver = 52, .links = 16, .chunks = 24};
    case 2:
    case 3:
      return Fields{.end = 28, .root = 36, .extension = 20};
    default:
      return std::nullopt;
  }
}

TreeSizes sizes_of(const FirstBytes& block, const Fields& fields) {
  TreeSizes sizes;  // half of the most is stored
  if (fields.links) {
    sizes.links = 2 * little_endian(&block[*fields.links], 2);
    sizes.groups = 2 * little_endian(&block[*fields.links + 2], 2);
  }
  if (fields.chunks) sizes.chunks = 2 * little_endian(&block[*fields.chunks], 2);
  return sizes;
}

/// All of it but the size and the base, which are known.
void read_fields(const FirstBytes& block, const Fields& fields, Superblock& out) {
  out.root = little_endian(&block[fields.root], 8);
  out.sizes = sizes_of(block, fields);
  if (fields.extension) {
    const std::uint64_t address = little_endian(&block[*fields.extension], 8);
    if (address != kNoAddress) out.extension = address;
  }
}

Superblock find_superblock(const RawFile& file, const std::string& path) {
  const std::uint64_t size = file.left(0);
  // The superblock is at 0 or, after a user block, at 512, 1024, 2048, ...
  for (std::uint64_t at = 0; at < size; at = at == 0 ? 512 : at * 2) {
    const FirstBytes block = read_block(file, at);
    if (!starts_with(block, kSignature)) continue;
    const auto fields = fields_of(block);
    if (!fields) throw Error(path + ": an HDF5 file of an unknown version");
    if (!is_wide(block)) throw Error(path + ": addresses or lengths in this HDF5 file are not 8 bytes long");
    check_new(block, path);
    const std::uint64_t end = little_endian(&block[fields->end], 8);
    if (size < end) {
      throw Error(path + ": the file is truncated: it has " + std::to_string(size) + " bytes and should have " +
                  std::to_string(end));
    }
    // Of drivers that spread a file over several.
    if (fields->driver && little_endian(&block[*fields->driver], 8) != kNoAddress) {
      throw Error(path + ": has a driver information block, which no file of Keras has");
    }
    Superblock found{.file_size = size, .base = at};
    read_fields(block, *fields, found);
    return found;
  }
  if (starts_with(read_block(file, 0), kZipSignature)) throw Error(path + ": not an HDF5 file but a zip archive");
  throw Error(path + ": not an HDF5 file");
}

}  // namespace

Superblock check_superblock(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    const bool absent = !error || error == std::errc::no_such_file_or_directory;
    throw Error(path + ": " + (absent ? "no such file" : error.message()));
  }
  if (std::filesystem::is_directory(status)) throw Error(path + ": is a directory, not a Keras .h5 file");
  if (!std::filesystem::is_regular_file(status)) throw Error(path + ": is not a regular file");
  const std::uint64_t size = std::filesystem::file_size(path, error);
  if (error) throw Error(path + ": " + error.message());
  if (size == 0) throw Error(path + ": the file is empty");
  if (!std::ifstream(path, std::ios::binary)) throw Error(path + ": cannot be opened: " + std::strerror(errno));
  return find_superblock(RawFile(path, 0, size), path);
}

Superblock check_superblock(const Bytes& image, const std::string& path) {
  if (image.size == 0) throw Error(path + ": the file is empty");
  return find_superblock(RawFile(image, 0), path);
}

}  // namespace fovea::hdf5
