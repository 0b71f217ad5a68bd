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

namespace fovea::hdf5 {
namespace {

constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);
constexpr std::string_view kZipSignature("PK\x03\x04", 4);

using Block = std::array<unsigned char, 64>;

/// The bytes at `offset`, zero beyond the end of the file.
Block read_block(std::ifstream& in, std::uint64_t offset) {
  Block block{};
  in.clear();
  in.seekg(static_cast<std::streamoff>(offset));
  in.read(reinterpret_cast<char*>(block.data()), block.size());
  return block;
}

bool starts_with(const Block& block, std::string_view text) {
  return std::memcmp(block.data(), text.data(), text.size()) == 0;
}

std::uint64_t little_endian_64(const Block& block, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 8; i-- > 0;) value = (value << 8) | block[at + i];
  return value;
}

unsigned address_size(const Block& block) { return block[block[8] <= 1 ? 13 : 9]; }

/// End of file as stored in the superblock (format specification, II.A), if this version of it is known and the file
/// uses 8-byte addresses.
std::optional<std::uint64_t> stored_end(const Block& block) {
  const unsigned version = block[8];
  if (address_size(block) != 8) return std::nullopt;
  if (version == 0) return little_endian_64(block, 40);
  if (version == 1) return little_endian_64(block, 44);
  if (version <= 3) return little_endian_64(block, 28);
  return std::nullopt;
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

  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(path + ": cannot be opened: " + std::strerror(errno));
  // The superblock is at 0 or, after a user block, at 512, 1024, 2048, ...
  for (std::uint64_t at = 0; at < size; at = at == 0 ? 512 : at * 2) {
    const Block block = read_block(in, at);
    if (!starts_with(block, kSignature)) continue;
    const auto end = stored_end(block);
    if (end && size < *end) {
      throw Error(path + ": the file is truncated: it has " + std::to_string(size) + " bytes and should have " +
                  std::to_string(*end));
    }
    return {size, at, address_size(block)};
  }
  if (starts_with(read_block(in, 0), kZipSignature)) {
    throw Error(path + ": not an HDF5 file but a zip archive (a .keras file?): only Keras .h5 files can be read");
  }
  throw Error(path + ": not an HDF5 file");
}

}  // namespace fovea::hdf5
