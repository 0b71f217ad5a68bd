// Nodes of B-trees.
#include "loaders/hdf5/b_tree.h"

#include <array>
#include <cstring>

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kHead = 24;  // "TREE", type, level, 2 bytes of the number of children, left, right
constexpr std::size_t kAddress = 8;
constexpr const char* kDamagedTree = "the file is damaged: bad index of its parts";

}  // namespace

bool ReadBudget::spend(std::uint64_t bytes) {
  if (bytes > left_) return false;
  left_ -= bytes;
  return true;
}

/// `level` is what the node has to be on: one below its parent, so that the walk ends; -1 at the root, which may be on
/// any.
std::string TreeWalk::node(std::uint64_t address, int level) {
  std::array<unsigned char, kHead> head{};
  if (!seen_.insert(address).second || !file_.read(address, head.size(), head.data())) return kDamagedTree;
  const std::uint64_t children = little_endian(&head[6], 2);
  if (std::memcmp(head.data(), "TREE", 4) != 0 || head[4] != kind_.type || children > kind_.most_children ||
      (level >= 0 && head[5] != level)) {
    return kDamagedTree;
  }
  const std::size_t stride = kind_.key + kAddress;
  std::vector<unsigned char> body(children * stride + kind_.key);
  if (!budget_.spend(kHead + body.size())) return "the file's indices are too large";
  if (!file_.read(address + kHead, body.size(), body.data())) return kDamagedTree;
  for (std::uint64_t i = 0; i < children; ++i) {
    const unsigned char* key = &body[i * stride];
    const std::uint64_t child = little_endian(key + kind_.key, kAddress);
    auto wrong = head[5] > 0 ? node(child, head[5] - 1) : visit_(key, child, key + stride);
    if (!wrong.empty()) return wrong;
  }
  return "";
}

}  // namespace fovea::hdf5
