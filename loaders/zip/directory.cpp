// Finding the directory, and reading it.
#include "loaders/zip/directory.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string_view>

#include "loaders/io/cursor.h"

namespace fovea::zip {
namespace {

constexpr std::string_view kRecord("PK\1\2", 4), kEnd("PK\5\6", 4), kEnd64("PK\6\6", 4), kLocator64("PK\6\7", 4);
constexpr std::size_t kEndBytes = 22, kEnd64Bytes = 56, kLocator64Bytes = 20;
constexpr std::size_t kLongestComment = 0xffff;
constexpr std::uint64_t kLargestDirectory = std::uint64_t{64} << 20;
constexpr std::uint64_t kIn64 = 0xffffffff, kCountIn64 = 0xffff;  // the number stands in a zip64 field
constexpr const char* kTruncated = "its end is missing";
constexpr const char* kDamaged = "its directory is damaged";

using Block = std::vector<unsigned char>;

Block read_block(const RawFile& file, std::uint64_t at, std::size_t size) {
  Block block(size);
  if (!file.read(at, size, block.data())) throw Refusal(kDamaged);
  return block;
}

bool begins_with(std::span<const unsigned char> bytes, std::string_view signature) {
  return bytes.size() >= signature.size() && std::memcmp(bytes.data(), signature.data(), signature.size()) == 0;
}

/// Where the end record stands in the last bytes of the file: the last one whose comment reaches the file's end, else,
/// as something may have been appended, the last whose comment is there.
std::size_t find_end(std::span<const unsigned char> tail) {
  std::size_t found = tail.size();
  for (std::size_t at = tail.size() - kEndBytes + 1; at-- > 0;) {
    if (!begins_with(tail.subspan(at), kEnd)) continue;
    const std::size_t behind = tail.size() - at - kEndBytes;
    const std::size_t comment = little_endian(&tail[at + kEndBytes - 2], 2);
    if (comment == behind) return at;
    if (comment < behind && found == tail.size()) found = at;
  }
  if (found == tail.size()) throw Refusal(kTruncated);
  return found;
}

/// A number of the end record that zip64 may give instead: both must agree.
std::uint64_t joined(std::uint64_t number, std::uint64_t in_64, std::uint64_t number_64) {
  if (number != in_64 && number != number_64) throw Refusal("its end contradicts itself");
  return number_64;
}

/// The zip64 end record whose locator stands before `end`, if one does.
void read_end_64(const RawFile& file, std::uint64_t end, Directory& directory, std::uint64_t& limit) {
  if (end < kLocator64Bytes) return;
  const Block locator = read_block(file, end - kLocator64Bytes, kLocator64Bytes);
  if (!begins_with(locator, kLocator64)) return;
  limit = little_endian(&locator[8], 8);
  if (end - kLocator64Bytes < kEnd64Bytes || limit > end - kLocator64Bytes - kEnd64Bytes) throw Refusal(kDamaged);
  const Block bytes = read_block(file, limit, kEnd64Bytes);
  if (!begins_with(bytes, kEnd64)) throw Refusal(kDamaged);
  Cursor fields(bytes, kDamaged);
  fields.take(kEnd64.size() + 12);
  fields.require(fields.number(4) == 0 && fields.number(4) == 0);  // parts of an archive
  const std::uint64_t here = fields.number(8), members = fields.number(8);
  fields.require(here == members);
  directory.members = joined(directory.members, kCountIn64, members);
  directory.size = joined(directory.size, kIn64, fields.number(8));
  directory.begin = joined(directory.begin, kIn64, fields.number(8));
}

/// Each member's room ends where the next begins, or the directory.
void measure_rooms(std::vector<Member>& members, std::uint64_t directory) {
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return members[i].begin; });
  std::uint64_t end = directory;
  for (std::size_t i = order.size(); i-- > 0;) {
    Member& member = members[order[i]];
    if (member.begin > directory) throw Refusal(kDamaged);
    member.room = end - member.begin;
    end = member.begin;
  }
  for (std::size_t i = 1; i < order.size(); ++i) {  // of two at the same place neither has any
    if (members[order[i]].begin == members[order[i - 1]].begin) members[order[i]].room = 0;
  }
}

}  // namespace

Directory find_directory(const RawFile& file, std::uint64_t size) {
  if (size < kEndBytes) throw Refusal(kTruncated);
  const std::uint64_t tail_size = std::min<std::uint64_t>(size, kEndBytes + kLongestComment);
  const Block tail = read_block(file, size - tail_size, tail_size);
  const std::size_t at = find_end(tail);
  const std::span<const unsigned char> end(&tail[at], kEndBytes);
  Cursor fields(end, kDamaged);
  fields.take(kEnd.size());
  const std::uint64_t part = fields.number(2), first_part = fields.number(2);
  const std::uint64_t here = fields.number(2);
  Directory directory;
  directory.members = fields.number(2);
  directory.size = fields.number(4);
  directory.begin = fields.number(4);
  const bool in_64 = part == kCountIn64 || first_part == kCountIn64;
  if (!in_64 && (part != 0 || first_part != 0 || here != directory.members)) {
    throw Refusal("it is one part of several");
  }
  std::uint64_t limit = size - tail_size + at;
  read_end_64(file, limit, directory, limit);
  if (directory.begin > limit || directory.size > limit - directory.begin) throw Refusal(kDamaged);
  return directory;
}

void read_zip64(std::span<const unsigned char> extra, Header& header, std::uint64_t* begin, const char* damage) {
  constexpr std::uint64_t kZip64Field = 1;
  std::span<const unsigned char> numbers;
  while (extra.size() >= 4) {
    const std::uint64_t id = little_endian(extra.data(), 2), size = little_endian(&extra[2], 2);
    if (size > extra.size() - 4) break;  // writers pad with what is no field
    if (id == kZip64Field) numbers = extra.subspan(4, size);
    extra = extra.subspan(4 + size);
  }
  Cursor fields(numbers, damage);
  if (header.size == kIn64) header.size = fields.number(8);
  if (header.stored == kIn64) header.stored = fields.number(8);
  if (begin != nullptr && *begin == kIn64) *begin = fields.number(8);
}

std::vector<Member> read_members(const RawFile& file, const Directory& directory) {
  if (directory.size > kLargestDirectory) throw Refusal("its directory is too large");
  const Block bytes = read_block(file, directory.begin, directory.size);
  Cursor fields(bytes, kDamaged);
  std::vector<Member> members;
  for (std::uint64_t i = 0; i < directory.members; ++i) {
    fields.require(begins_with(fields.take(kRecord.size()), kRecord));
    fields.take(4);  // versions
    Member member;
    member.flags = static_cast<std::uint16_t>(fields.number(2));
    member.method = static_cast<std::uint16_t>(fields.number(2));
    fields.take(4);  // time
    member.crc = static_cast<std::uint32_t>(fields.number(4));
    member.stored = fields.number(4);
    member.size = fields.number(4);
    const std::uint64_t name = fields.number(2), extra = fields.number(2), comment = fields.number(2);
    fields.take(8);  // part, attributes
    member.begin = fields.number(4);
    const auto text = fields.take(name);
    member.name.assign(text.begin(), text.end());
    read_zip64(fields.take(extra), member, &member.begin, kDamaged);
    fields.take(comment);
    members.push_back(std::move(member));
  }
  fields.require(fields.left() == 0);
  measure_rooms(members, directory.begin);
  return members;
}

}  // namespace fovea::zip
