// Blocks of object headers, versions 1 and 2.
#include "loaders/hdf5/objects/object_header.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "loaders/hdf5/io/damage.h"
#include "loaders/hdf5/io/sums.h"
#include "loaders/hdf5/messages/messages.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kMostBlocks = 1000;
constexpr unsigned kShared = 2, kFailIfUnknown = 0x80;  // message flags: the content is elsewhere; what it says matters
constexpr unsigned kLastKnown = 0x18;

struct Extent {
  std::uint64_t address, size;
};

/// What the beginning of a header says.
struct Prefix {
  bool old = true;
  std::size_t head = 8;      ///< bytes before a message's content
  std::size_t messages = 0;  ///< where they begin in the first block
  std::uint64_t size = 0;    ///< bytes of messages in the first block
};

/// `start`: the first bytes of the header, zero beyond the end of the file.
Prefix read_prefix(std::span<const unsigned char> start) {
  if (std::memcmp(start.data(), "OHDR", 4) == 0) {
    const unsigned flags = start[5];
    if (start[4] != 2) throw Refusal(kDamagedHeader);
    const std::size_t size_at = 6 + ((flags & 32) != 0 ? 16 : 0) + ((flags & 16) != 0 ? 4 : 0);
    const std::size_t size_bytes = std::size_t{1} << (flags & 3);
    return {false, (flags & 4) != 0 ? std::size_t{6} : std::size_t{4}, size_at + size_bytes,
            little_endian(&start[size_at], static_cast<int>(size_bytes))};
  }
  if (start[0] != 1) throw Refusal(kDamagedHeader);
  return {true, 8, 16, little_endian(&start[8], 4)};
}

/// Visits the messages of one block; what continues it is added to `extents`.
void visit_block(std::span<const unsigned char> bytes, const Prefix& prefix, std::vector<Extent>& extents,
                 const VisitMessage& visit) {
  std::size_t at = 0;
  while (bytes.size() - at >= prefix.head) {
    const unsigned char* head = &bytes[at];
    const auto type = static_cast<unsigned>(prefix.old ? little_endian(head, 2) : head[0]);
    const auto size = static_cast<std::size_t>(little_endian(head + (prefix.old ? 2 : 1), 2));
    const unsigned flags = head[prefix.old ? 4 : 3];
    at += prefix.head;
    if (size > bytes.size() - at) throw Refusal(kDamagedHeader);
    const auto content = bytes.subspan(at, size);
    at += size;
    if ((flags & kShared) != 0) {
      throw Refusal("shares parts of its header with other objects, which is not supported");
    }
    if (type > kLastKnown && (flags & kFailIfUnknown) != 0) {
      throw Refusal("its header has an unknown message that must not be passed over");
    }
    if (type == kContinuation) {
      if (size < 16) throw Refusal(kDamagedHeader);
      extents.push_back({little_endian(&content[0], 8), little_endian(&content[8], 8)});
    } else {
      visit(type, content);
    }
  }
}

}  // namespace

void read_header(const Blocks& blocks, std::uint64_t address, const VisitMessage& visit) {
  std::array<unsigned char, 40> start{};
  const std::uint64_t there = std::min<std::uint64_t>(blocks.file.left(address), start.size());
  if (!blocks.file.read(address, there, start.data())) throw Refusal(kDamagedHeader);
  const Prefix prefix = read_prefix(start);
  const std::size_t sum = prefix.old ? 0 : kSumBytes;
  if (prefix.size > blocks.file.left(address)) throw Refusal(kDamagedHeader);
  std::vector<Extent> extents{{address, prefix.messages + prefix.size + sum}};
  for (std::size_t i = 0; i < extents.size(); ++i) {
    const Extent extent = extents[i];
    if (i >= kMostBlocks) throw Refusal(kDamagedHeader);
    const Block bytes = blocks.read(extent.address, extent.size, kDamagedHeader);
    std::span<const unsigned char> messages(bytes);
    if (!prefix.old && !ends_with_its_sum(messages)) throw Refusal(kDamagedHeader);
    std::size_t before = i == 0 ? prefix.messages : 0;
    if (!prefix.old && i > 0) {
      before = 4;
      if (bytes.size() < before + sum || std::memcmp(bytes.data(), "OCHK", before) != 0) throw Refusal(kDamagedHeader);
    }
    messages = messages.subspan(before, messages.size() - before - sum);
    visit_block(messages, prefix, extents, visit);
  }
}

}  // namespace fovea::hdf5
