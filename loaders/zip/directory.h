// The directory at the end of a zip archive (PKWARE's APPNOTE.TXT, 4.3.12 to 4.3.16), with zip64.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "loaders/io/raw_file.h"

namespace fovea::zip {

constexpr std::uint16_t kEncrypted = 1 | 1 << 6 | 1 << 13;  ///< flags: the content, strongly, and the headers
constexpr std::uint16_t kDescribedBehind = 1 << 3;          ///< flag: sums and sizes stand behind the content

/// What both headers of a member say.
struct Header {
  std::uint16_t flags = 0, method = 0;
  std::uint32_t crc = 0;
  std::uint64_t stored = 0, size = 0;  ///< bytes in the archive, and unpacked
};

/// A member as the directory has it.
struct Member : Header {
  std::string name;
  std::uint64_t begin = 0;  ///< of its local header
  std::uint64_t room = 0;   ///< from there to the next member or the directory
};

/// Where the directory is.
struct Directory {
  std::uint64_t begin = 0, size = 0, members = 0;
};

/// Reads what stands at the end of a file of `size` bytes. Throws Refusal.
Directory find_directory(const RawFile& file, std::uint64_t size);
/// In the archive's order. Throws Refusal.
std::vector<Member> read_members(const RawFile& file, const Directory& directory);

/// Puts the sizes of a member's zip64 field, in its `extra` fields, where the header has none of its own. Further
/// numbers of that field go to `begin` if that is one of them; null in a local header. Throws Refusal(damage).
void read_zip64(std::span<const unsigned char> extra, Header& header, std::uint64_t* begin, const char* damage);

}  // namespace fovea::zip
