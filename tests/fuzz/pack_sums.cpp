// After loaders/pack/format.h.
#include "tests/fuzz/pack_sums.h"

#include <algorithm>
#include <cstring>

#include "base/checksum64.h"
#include "loaders/pack/format.h"

namespace fovea::fuzz {

namespace {

using pack::Header;
using pack::Section;

std::span<const std::byte> bytes_of(const void* data, std::size_t size) {
  return {static_cast<const std::byte*>(data), size};
}

// The header and the table, as far as there are any.
bool read_table(std::span<const std::uint8_t> bytes, Header& header, std::vector<Section>& table) {
  if (bytes.size() < sizeof header) return false;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != pack::kMagic || header.sections > (bytes.size() - sizeof header) / sizeof(Section)) return false;
  table.resize(header.sections);
  if (!table.empty()) std::memcpy(table.data(), bytes.data() + sizeof header, table.size() * sizeof(Section));
  return true;
}

bool lies_within(const Section& section, std::size_t size) {
  return section.offset <= size && section.size <= size - section.offset;
}

void write_head(std::span<std::uint8_t> bytes, Header header, const std::vector<Section>& table) {
  const auto summed = bytes_of(table.data(), table.size() * sizeof(Section));
  header.table_sum = checksum64(summed);
  header.sum = checksum64(bytes_of(&header, pack::kSummedHeader));
  std::memcpy(bytes.data(), &header, sizeof header);
  if (!table.empty()) std::memcpy(bytes.data() + sizeof header, table.data(), summed.size());
}

}  // namespace

void set_pack_sums(std::span<std::uint8_t> bytes) {
  Header header{};
  std::vector<Section> table;
  if (!read_table(bytes, header, table)) return;
  for (Section& section : table) {
    if (!lies_within(section, bytes.size())) continue;
    section.sum = checksum64(bytes_of(bytes.data() + section.offset, static_cast<std::size_t>(section.size)));
  }
  write_head(bytes, header, table);
}

std::vector<PackPart> pack_parts(std::span<const std::uint8_t> bytes) {
  Header header{};
  std::vector<Section> table;
  std::vector<PackPart> parts;
  if (!read_table(bytes, header, table)) return {};
  for (const Section& section : table) {
    if (!lies_within(section, bytes.size())) return {};
    parts.emplace_back(section.kind, std::string(reinterpret_cast<const char*>(bytes.data()) + section.offset,
                                                 static_cast<std::size_t>(section.size)));
  }
  return parts;
}

std::string join_pack(const std::vector<PackPart>& parts) {
  std::vector<Section> table;
  std::string file(sizeof(Header) + parts.size() * sizeof(Section), '\0');
  for (const auto& [kind, bytes] : parts) {
    file.resize(pack::aligned(file.size(), pack::kPage));
    table.push_back({kind, 0, file.size(), bytes.size(), checksum64(bytes_of(bytes.data(), bytes.size()))});
    file += bytes;
  }
  const Header header{pack::kMagic,
                      pack::kByteOrder,
                      pack::kVersion,
                      static_cast<std::uint32_t>(parts.size()),
                      0,
                      file.size(),
                      0,
                      {},
                      0};
  write_head({reinterpret_cast<std::uint8_t*>(file.data()), file.size()}, header, table);
  return file;
}

}  // namespace fovea::fuzz
