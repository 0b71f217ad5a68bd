// Checks from the outside in: what it is, whose, whole, and where everything lies.
#include "loaders/pack/head.h"

#include <algorithm>
#include <cstring>

#include <fovea/error.h>
#include <fovea/version.h>
#include "base/checksum64.h"

namespace fovea::pack {

namespace {

class HeadReader {
 public:
  HeadReader(const Storage& storage, const std::string& path) : storage_(storage), path_(path) {}

  Sections read() {
    const Header header = read_header();
    return read_table(header);
  }

 private:
  [[noreturn]] void fail(const std::string& place, const std::string& reason) const {
    throw Error(path_ + ": " + place + ": " + reason);
  }
  [[noreturn]] void fail_header(const std::string& reason) const { fail("header", reason); }

  Header read_header() const {
    Header header{};
    const std::size_t there = static_cast<std::size_t>(std::min<std::uint64_t>(sizeof header, storage_.size()));
    if (there > 0) std::memcpy(&header, storage_.copy(0, there).get(), there);
    if (there < sizeof header)
      fail_header("ends after " + std::to_string(there) + " bytes of " + std::to_string(sizeof header));
    if (header.magic != kMagic) fail_header("does not begin as a pack file, or is not written to its end");
    if (header.byte_order == kTurnedByteOrder) fail_header("numbers are in the byte order of another kind of machine");
    if (header.byte_order != kByteOrder) fail_header("has no mark of a byte order");
    if (header.version != kVersion) {
      fail_header("is version " + std::to_string(header.version) + " of the format, fovea " + version() +
                  " reads version " + std::to_string(kVersion) + "; make it anew with model-pack");
    }
    if (header.sum != checksum64({reinterpret_cast<const std::byte*>(&header), kSummedHeader})) {
      fail_header("checksum does not fit, the file is damaged");
    }
    if (header.zero != 0 || header.zeros != decltype(header.zeros){}) fail_header("has numbers where zeros belong");
    if (header.file_size != storage_.size()) {
      fail_header("the file has " + std::to_string(storage_.size()) + " bytes, not " +
                  std::to_string(header.file_size) + ": it was cut or added to");
    }
    if (header.sections > kKinds || sizeof header + header.sections * sizeof(Section) > storage_.size()) {
      fail_header("lists " + std::to_string(header.sections) + " sections, " + std::to_string(kKinds) +
                  " are possible");
    }
    return header;
  }

  Sections read_table(const Header& header) const {
    const std::size_t bytes = header.sections * sizeof(Section);
    const auto table = storage_.copy(sizeof header, bytes);
    if (header.table_sum != checksum64({table.get(), bytes})) {
      fail("table", "checksum does not fit, the file is damaged");
    }
    Sections sections;
    std::uint64_t end = sizeof header + bytes;
    std::uint32_t last = 0;
    for (std::uint32_t i = 0; i < header.sections; ++i) {
      const std::string place = "section " + std::to_string(i + 1);
      Section section{};
      std::memcpy(&section, table.get() + i * sizeof section, sizeof section);
      if (section.kind == 0 || section.kind > kKinds)
        fail(place, "is of the unknown kind " + std::to_string(section.kind));
      if (section.kind <= last) fail(place, "comes before or twice after section " + std::to_string(i));
      if (section.zero != 0) fail(place, "has a number where zero belongs");
      if (section.offset != aligned(end, kPage)) {
        fail(place, "begins at byte " + std::to_string(section.offset) + ", not behind what is before it");
      }
      if (section.offset > storage_.size() || section.size > storage_.size() - section.offset) {
        fail(place, "of " + std::to_string(section.size) + " bytes lies beyond the file's end");
      }
      last = section.kind;
      end = section.offset + section.size;
      sections[static_cast<Kind>(section.kind)] = section;
    }
    if (end != storage_.size()) fail("table", "the file does not end with its last section");
    check_set(sections);
    return sections;
  }

  void check_set(const Sections& sections) const {
    const auto has = [&](Kind kind) { return sections[kind].kind != 0; };
    for (const Kind kind : {Kind::network, Kind::weights}) {
      if (!has(kind)) fail("table", std::string("has no section ") + name_of(kind));
    }
    if (has(Kind::sets) != has(Kind::packed)) fail("table", "has one of the sections sets and packed");
    for (const Kind kind : {Kind::network, Kind::card, Kind::sets}) {
      if (sections[kind].size > (kind == Kind::card ? kLargestCard : kLargestText)) {
        fail(name_of(kind), "is larger than any");
      }
    }
  }

  const Storage& storage_;
  const std::string& path_;
};

}  // namespace

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::network:
      return "network";
    case Kind::card:
      return "card";
    case Kind::sets:
      return "sets";
    case Kind::weights:
      return "weights";
    case Kind::packed:
      return "packed";
  }
  return "";
}

Sections read_head(const Storage& storage, const std::string& path) { return HeadReader(storage, path).read(); }

void check_sum(const Section& section, Kind kind, std::span<const std::byte> data, const std::string& path) {
  if (section.sum == checksum64(data)) return;
  throw Error(path + ": " + name_of(kind) + ": checksum does not fit, the file is damaged");
}

}  // namespace fovea::pack
