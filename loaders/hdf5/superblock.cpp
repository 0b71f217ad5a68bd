// Checks of a file's kind, signature and length, for messages better than HDF5's own.
#include "loaders/hdf5/superblock.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

#include "layers/error.h"
#include "loaders/hdf5/raw_file.h"

namespace fovea::hdf5 {
namespace {

constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);
constexpr std::string_view kZipSignature("PK\x03\x04", 4);

using FirstBytes = std::array<unsigned char, 96>;

/// The bytes at `offset`, zero beyond the end of the file.
FirstBytes read_block(const RawFile& file, std::uint64_t offset) {
  FirstBytes block{};
  file.read(offset, std::min<std::uint64_t>(block.size(), file.left(offset)), block.data());
  return block;
}

bool starts_with(const FirstBytes& block, std::string_view text) {
  return std::memcmp(block.data(), text.data(), text.size()) == 0;
}

unsigned address_size(const FirstBytes& block) { return block[block[8] <= 1 ? 13 : 9]; }

/// Where a version of the superblock (format specification, II.A) has the end of the file, the root group's header, and
/// the driver information block if it can name one; nullopt for unknown versions. Of addresses of 8 bytes.
struct Fields {
  std::size_t end, root;
  std::optional<std::size_t> driver;
};
std::optional<Fields> fields_of(const FirstBytes& block) {
  const unsigned version = block[8];
  if (version > 3) return std::nullopt;
  if (version == 0) return Fields{40, 64, 48};
  if (version == 1) return Fields{44, 68, 52};
  return Fields{28, 36, {}};
}

Superblock find_superblock(const RawFile& file, const std::string& path) {
  const std::uint64_t size = file.left(0);
  // The superblock is at 0 or, after a user block, at 512, 1024, 2048, ...
  for (std::uint64_t at = 0; at < size; at = at == 0 ? 512 : at * 2) {
    const FirstBytes block = read_block(file, at);
    if (!starts_with(block, kSignature)) continue;
    const auto fields = fields_of(block);
    if (!fields) return {size, at, 0};  // HDF5 refuses it
    if (address_size(block) != 8) throw Error(path + ": addresses in this HDF5 file are not 8 bytes long");
    const std::uint64_t end = little_endian(&block[fields->end], 8);
    if (size < end) {
      throw Error(path + ": the file is truncated: it has " + std::to_string(size) + " bytes and should have " +
                  std::to_string(end));
    }
    // Of drivers that spread a file over several; the library reserves as much memory as such a block says it has.
    if (fields->driver && little_endian(&block[*fields->driver], 8) != ~std::uint64_t{0}) {
      throw Error(path + ": has a driver information block, which no file of Keras has");
    }
    return {size, at, little_endian(&block[fields->root], 8)};
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
