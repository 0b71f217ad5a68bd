// PKWARE's APPNOTE.TXT, 4.3.7 and 4.3.12.
#include "tests/fuzz/zip_sums.h"

#include <libdeflate.h>

#include <cstddef>
#include <cstring>

namespace fovea::fuzz {

namespace {

constexpr std::uint32_t kEntry = 0x04034b50, kRecord = 0x02014b50;
constexpr std::size_t kEntryBytes = 30, kRecordBytes = 46;

template <class T>
T number(std::span<const std::uint8_t> bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

void set_zip_sums(std::span<std::uint8_t> archive) {
  for (std::size_t at = 0; at + kRecordBytes <= archive.size(); ++at) {
    if (number<std::uint32_t>(archive, at) != kRecord || number<std::uint16_t>(archive, at + 10) != 0) continue;
    const std::size_t size = number<std::uint32_t>(archive, at + 20), entry = number<std::uint32_t>(archive, at + 42);
    if (entry + kEntryBytes > archive.size() || number<std::uint32_t>(archive, entry) != kEntry) continue;
    const std::size_t data =
        entry + kEntryBytes + number<std::uint16_t>(archive, entry + 26) + number<std::uint16_t>(archive, entry + 28);
    if (data > archive.size() || size > archive.size() - data) continue;
    const std::uint32_t crc = libdeflate_crc32(0, archive.data() + data, size);
    std::memcpy(archive.data() + at + 16, &crc, sizeof crc);
    std::memcpy(archive.data() + entry + 14, &crc, sizeof crc);
  }
}

}  // namespace fovea::fuzz
