// Zip archives for tests, right ones; a test changes bytes of them where it wants wrong ones. Links libdeflate.
#pragma once

#include <libdeflate.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace fovea::test {

using Members = std::vector<std::pair<std::string, std::string>>;  ///< name and content
enum class Packing : std::uint16_t { stored = 0, deflated = 8 };

inline void put(std::string& out, std::uint64_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
}

inline std::string deflated(const std::string& text) {
  const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> deflater(
      libdeflate_alloc_compressor(6), libdeflate_free_compressor);
  std::string out(libdeflate_deflate_compress_bound(deflater.get(), text.size()), '\0');
  const std::size_t size =
      libdeflate_deflate_compress(deflater.get(), text.data(), text.size(), out.data(), out.size());
  if (size == 0) throw std::runtime_error("cannot deflate");
  out.resize(size);
  return out;
}

/// The fields that both headers of a member share (APPNOTE.TXT, 4.4): from the version to the length of the extra
/// field.
inline std::string zip_fields(const std::string& name, const std::string& content, std::size_t stored,
                              Packing packing) {
  std::string fields;
  put(fields, 20, 2);
  put(fields, 0, 2);  // flags
  put(fields, static_cast<std::uint16_t>(packing), 2);
  put(fields, 0x21, 4);  // 1980-01-01
  put(fields, libdeflate_crc32(0, content.data(), content.size()), 4);
  put(fields, stored, 4);
  put(fields, content.size(), 4);
  put(fields, name.size(), 2);
  put(fields, 0, 2);
  return fields;
}

inline std::string zip_of(const Members& members, Packing packing = Packing::stored) {
  std::string archive, directory;
  for (const auto& [name, content] : members) {
    const std::string data = packing == Packing::deflated ? deflated(content) : content;
    const std::string fields = zip_fields(name, content, data.size(), packing);
    directory += "PK\1\2";
    put(directory, 20, 2);
    directory += fields;
    put(directory, 0, 10);  // comment, part, attributes
    put(directory, archive.size(), 4);
    directory += name;
    archive += "PK\3\4" + fields + name + data;
  }
  const std::size_t begin = archive.size();
  archive += directory + "PK\5\6";
  put(archive, 0, 4);
  put(archive, members.size(), 2);
  put(archive, members.size(), 2);
  put(archive, directory.size(), 4);
  put(archive, begin, 4);
  put(archive, 0, 2);
  return archive;
}

}  // namespace fovea::test
