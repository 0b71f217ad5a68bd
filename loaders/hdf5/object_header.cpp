// Blocks of object headers, versions 1 and 2.
#include "loaders/hdf5/object_header.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "loaders/hdf5/header_messages.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kMostBlocks = 1000;
constexpr unsigned kContinuation = 0x10;
constexpr unsigned kShared = 2;  // message flag: the content is elsewhere
constexpr const char* kDamagedHeader = "the file is damaged: bad object header";

/// A run of messages: [address, address + size).
struct Block {
  std::uint64_t address, size;
};

/// How a version writes its blocks and the heads of its messages.
struct Form {
  bool old = true;
  std::size_t head = 8;  ///< bytes before a message's content
};

/// The messages of one block; continuations are added to `blocks`.
std::string check_block(std::span<const unsigned char> bytes, const Form& form, std::vector<Block>& blocks,
                        HeaderShape& shape) {
  std::size_t at = 0;
  while (bytes.size() - at >= form.head) {
    const unsigned char* head = &bytes[at];
    const auto type = static_cast<unsigned>(form.old ? little_endian(head, 2) : head[0]);
    const auto size = static_cast<std::size_t>(little_endian(head + (form.old ? 2 : 1), 2));
    const unsigned flags = head[form.old ? 4 : 3];
    at += form.head;
    if (size > bytes.size() - at) return kDamagedHeader;
    const auto content = bytes.subspan(at, size);
    at += size;
    if ((flags & kShared) != 0) return "shares parts of its header with other objects, which is not supported";
    if (type == kContinuation) {
      if (size < 16) return kDamagedHeader;
      blocks.push_back({little_endian(&content[0], 8), little_endian(&content[8], 8)});
    } else if (auto wrong = check_message(type, content); !wrong.empty()) {
      return wrong;
    } else if (!shape.note(type, content)) {
      return kDamagedHeader;
    }
  }
  return "";
}

}  // namespace

std::string HeaderChecker::check(std::uint64_t address) {
  if (good_.count(address) > 0) return "";
  unsigned char start[32] = {};
  const std::uint64_t there = std::min<std::uint64_t>(file_.left(address), sizeof start);
  if (!file_.read(address, there, start)) return kDamagedHeader;

  Form form;
  HeaderShape shape;
  std::vector<Block> blocks;
  if (std::memcmp(start, "OHDR", 4) == 0) {
    const unsigned flags = start[5];
    const std::uint64_t size_at = 6 + ((flags & 32) != 0 ? 16 : 0) + ((flags & 16) != 0 ? 4 : 0);
    const int size_bytes = 1 << (flags & 3);
    form = {false, (flags & 4) != 0 ? std::size_t{6} : std::size_t{4}};
    if (size_at + static_cast<std::uint64_t>(size_bytes) > there) return kDamagedHeader;
    blocks.push_back(
        {address + size_at + static_cast<std::uint64_t>(size_bytes), little_endian(start + size_at, size_bytes)});
  } else {
    if (start[0] != 1) return kDamagedHeader;
    blocks.push_back({address + 16, little_endian(start + 8, 4)});
  }
  // An unusual address size would shift everything after it; such files are refused where text is read.
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Block block = blocks[i];
    if (i >= kMostBlocks || block.size > file_.left(block.address)) return kDamagedHeader;
    if (!budget_.spend(block.size)) return "the file's object headers are too large";
    std::vector<unsigned char> bytes(block.size);
    if (!file_.read(block.address, block.size, bytes.data())) return kDamagedHeader;
    std::span<const unsigned char> messages(bytes);
    if (!form.old && i > 0) {  // "OCHK", messages, checksum
      if (bytes.size() < 8) return kDamagedHeader;
      messages = messages.subspan(4, messages.size() - 8);
    }
    if (auto wrong = check_block(messages, form, blocks, shape); !wrong.empty()) return wrong;
  }
  if (!shape.agrees()) return "the file is damaged: chunks do not fit the data space";
  if (shape.links()) {
    if (auto wrong = check_links(*shape.links()); !wrong.empty()) return wrong;
  }
  if (shape.chunks()) {
    std::vector<Chunk> unused;
    if (auto wrong = list_chunks(file_, budget_, sizes_, *shape.chunks(), unused); !wrong.empty()) return wrong;
  }
  good_.emplace(address, shape.chunks());
  return "";
}

std::string HeaderChecker::chunks(std::uint64_t address, std::optional<std::vector<Chunk>>& out) {
  out.reset();
  const auto known = good_.find(address);
  if (known == good_.end() || !known->second) return "";
  return list_chunks(file_, budget_, sizes_, *known->second, out.emplace());
}

}  // namespace fovea::hdf5
