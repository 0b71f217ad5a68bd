// Members of a zip archive: stored as they are, or deflated.
#include "loaders/zip/archive.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <span>
#include <string_view>

#include <fovea/error.h>
#include "base/load_scope.h"
#include "loaders/io/cursor.h"
#include "loaders/printable.h"

namespace fovea::zip {
namespace {

constexpr std::string_view kMember("PK\3\4", 4);
constexpr std::string_view kEmptyArchive("PK\5\6", 4);
constexpr std::size_t kLocalBytes = 30;
constexpr std::uint16_t kStored = 0, kDeflated = 8;
constexpr std::uint64_t kMostMembers = 100'000;
/// Weights hardly shrink and configurations about twentyfold; small members may be what they like.
constexpr std::uint64_t kLargestRatio = 100;
constexpr std::uint64_t kSmallMember = std::uint64_t{1} << 20;
constexpr const char* kWrongSum = "is damaged: its checksum or size is wrong";
constexpr const char* kContradiction = "is damaged: its header says otherwise than the archive's directory";

using Content = std::shared_ptr<unsigned char[]>;

struct FreeInflater {
  void operator()(libdeflate_decompressor* it) const noexcept { libdeflate_free_decompressor(it); }
};

/// No zeros first: it may be large.
Content room_for(std::uint64_t size) { return Content(new unsigned char[static_cast<std::size_t>(size)]); }

Content inflate(const Content& stored, const Member& member) {
  const std::unique_ptr<libdeflate_decompressor, FreeInflater> inflater(libdeflate_alloc_decompressor());
  if (inflater == nullptr) throw std::bad_alloc();
  const Content out = room_for(member.size);
  std::size_t taken = 0;
  const libdeflate_result result =
      libdeflate_deflate_decompress_ex(inflater.get(), stored.get(), static_cast<std::size_t>(member.stored), out.get(),
                                       static_cast<std::size_t>(member.size), &taken, nullptr);
  if (result != LIBDEFLATE_SUCCESS || taken != member.stored) throw Refusal(kWrongSum);
  return out;
}

std::uint64_t size_of(const std::string& path) {
  std::error_code failure;
  const std::uint64_t size = std::filesystem::file_size(path, failure);
  if (failure) throw Error(path + ": " + failure.message());
  return size;
}
bool is_start(std::string_view bytes) { return bytes == kMember || bytes == kEmptyArchive; }

}  // namespace

bool is_archive(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::array<char, 4> start{};
  std::ifstream in(path, std::ios::binary);
  in.read(start.data(), start.size());
  return is_start({start.data(), static_cast<std::size_t>(in.gcount())});
}

bool is_archive(const Bytes& image) {
  return is_start({reinterpret_cast<const char*>(image.data.get()), std::min<std::size_t>(image.size, kMember.size())});
}

Archive::Archive(const std::string& path) : path_(path), size_(size_of(path)), file_(path, 0, size_) {
  read_directory();
}

Archive::Archive(const Bytes& image, const std::string& path) : path_(path), size_(image.size), file_(image, 0) {
  read_directory();
}

void Archive::read_directory() {
  try {
    const Directory directory = find_directory(file_, size_);
    if (directory.members > kMostMembers) throw Error(path_ + ": the archive has too many members");
    members_ = read_members(file_, directory);
  } catch (const Refusal& refusal) {
    throw Error(path_ + ": not a readable zip archive (damaged or truncated?): " + refusal.what());
  }
  for (const Member& member : members_) names_.push_back(member.name);
}

bool Archive::has(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

void Archive::fail(const std::string& name, const std::string& reason) const {
  throw Error(path_ + ": " + printable(name) + ": " + reason);
}

const Member& Archive::find(const std::string& name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) fail(name, "is not in the archive");
  if (std::find(found + 1, names_.end(), name) != names_.end()) fail(name, "is in the archive twice");
  return members_[static_cast<std::size_t>(found - names_.begin())];
}

void Archive::check(const Member& member, std::uint64_t most) const {
  const std::string bytes = std::to_string(member.size);
  if ((member.flags & kEncrypted) != 0) throw Refusal("is encrypted");
  if (member.method != kStored && member.method != kDeflated) {
    throw Refusal("is compressed with the unsupported method " + std::to_string(member.method));
  }
  if (member.size > most) throw Refusal("has " + bytes + " bytes, more than the " + std::to_string(most) + " allowed");
  const bool too_large = member.size > kSmallMember && member.size / kLargestRatio > member.stored;
  if (member.stored > size_ || too_large || (member.method == kStored && member.size != member.stored)) {
    throw Refusal("declares " + bytes + " bytes and stores only " + std::to_string(std::min(member.stored, size_)));
  }
}

std::uint64_t Archive::find_content(const Member& member) const {
  constexpr const char* kOverlaps = "is damaged: it overlaps another member or the archive's directory";
  if (member.room < kLocalBytes) throw Refusal(kOverlaps);
  std::array<unsigned char, kLocalBytes> start{};
  if (!file_.read(member.begin, start.size(), start.data())) throw Refusal("is damaged or truncated");
  Cursor fields(start, kContradiction);
  const auto signature = fields.take(kMember.size());
  fields.require(std::equal(signature.begin(), signature.end(), kMember.begin()));
  fields.take(2);  // version
  Header local;
  local.flags = static_cast<std::uint16_t>(fields.number(2));
  local.method = static_cast<std::uint16_t>(fields.number(2));
  fields.take(4);  // time
  local.crc = static_cast<std::uint32_t>(fields.number(4));
  local.stored = fields.number(4);
  local.size = fields.number(4);
  const std::uint64_t name = fields.number(2), extra = fields.number(2);
  if (name + extra > member.room - kLocalBytes) throw Refusal(kOverlaps);
  std::vector<unsigned char> rest(name + extra);  // the name, and fields
  if (!file_.read(member.begin + kLocalBytes, rest.size(), rest.data())) throw Refusal("is damaged or truncated");
  read_zip64(std::span(rest).subspan(name), local, nullptr, kContradiction);

  const auto as_byte = [](char c) { return static_cast<unsigned char>(c); };
  const bool same_name = std::ranges::equal(std::span(rest).first(name), member.name, {}, {}, as_byte);
  const bool later = (local.flags & kDescribedBehind) != 0;
  const auto agrees = [later](std::uint64_t here, std::uint64_t there) {
    return here == there || (later && here == 0);
  };
  fields.require(same_name && local.method == member.method && (local.flags & kEncrypted) == 0 &&
                 agrees(local.crc, member.crc) && agrees(local.stored, member.stored) &&
                 agrees(local.size, member.size));
  if (member.stored > member.room - kLocalBytes - name - extra) throw Refusal(kOverlaps);
  return member.begin + kLocalBytes + name + extra;
}

Bytes Archive::read(const Member& member) const {
  const std::uint64_t begin = find_content(member);
  LoadScope::check_cancelled();
  Content content = room_for(member.stored);
  if (!file_.read(begin, member.stored, content.get())) throw Refusal("is damaged or truncated");
  LoadScope::check_cancelled();
  if (member.method == kDeflated) content = inflate(content, member);
  const auto size = static_cast<std::size_t>(member.size);
  if (libdeflate_crc32(0, content.get(), size) != member.crc) throw Refusal(kWrongSum);
  return {content, size};
}

Bytes Archive::bytes(const std::string& name, std::uint64_t most) const {
  const Member& member = find(name);
  try {
    check(member, most);
    return read(member);
  } catch (const Refusal& refusal) {
    fail(name, refusal.what());
  }
}

std::string Archive::text(const std::string& name, std::uint64_t most) const {
  const Bytes content = bytes(name, most);
  return {reinterpret_cast<const char*>(content.data.get()), content.size};
}

}  // namespace fovea::zip
