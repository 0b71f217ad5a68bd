// Nodes of B-trees of version 1.
#include "loaders/hdf5/objects/b_tree.h"

#include <cstring>

#include "loaders/hdf5/io/address.h"
#include "loaders/io/refusal.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kTreeHead = 24;  // "TREE", type, level, 2 bytes of the number of children, left, right
constexpr const char* kDamagedTree = "the file is damaged: bad index of its parts";

}  // namespace

/// `level` is what the node has to be on: one below its parent, so that the walk ends; -1 at the root, which may be on
/// any.
void TreeWalk::node(std::uint64_t address, int level) {
  if (!seen_.insert(address).second) throw Refusal(kDamagedTree);
  const Block head = blocks_.read(address, kTreeHead, kDamagedTree);
  const std::uint64_t children = little_endian(&head[6], 2);
  if (std::memcmp(head.data(), "TREE", 4) != 0 || head[4] != kind_.type || children > kind_.most_children ||
      (level >= 0 && head[5] != level)) {
    throw Refusal(kDamagedTree);
  }
  const std::size_t stride = kind_.key + kAddressBytes;
  const Block body = blocks_.read(address + kTreeHead, children * stride + kind_.key, kDamagedTree);
  for (std::uint64_t i = 0; i < children; ++i) {
    const unsigned char* key = &body[i * stride];
    const std::uint64_t child = little_endian(key + kind_.key, kAddressBytes);
    if (head[5] > 0) {
      node(child, head[5] - 1);
    } else {
      visit_(key, child, key + stride);
    }
  }
}

}  // namespace fovea::hdf5
