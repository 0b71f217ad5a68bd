// Heads and nodes of B-trees of version 2.
#include "loaders/hdf5/objects/b_tree_2.h"

#include "loaders/hdf5/io/address.h"
#include "loaders/hdf5/io/powers.h"
#include "loaders/io/cursor.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kTree2Head = 38;
constexpr std::size_t kTree2NodeHead = 6;                       // signature, version, type
constexpr std::size_t kTree2NodeOverhead = kTree2NodeHead + 4;  // and the sum

}  // namespace

BTree2::BTree2(const Blocks& blocks, std::uint64_t address, unsigned type, const char* damage)
    : blocks_(blocks), damage_(damage), type_(type) {
  const Block head = blocks.read_summed(address, kTree2Head, "BTHD", 0, damage);
  Cursor cursor{std::span(head).subspan(5), damage};
  cursor.require(cursor.number(1) == type);
  const std::uint64_t node_bytes = cursor.number(4);
  record_ = static_cast<std::size_t>(cursor.number(2));
  const std::uint64_t depth = cursor.number(2);
  cursor.take(2);  // when nodes are split and merged
  root_.address = cursor.number(8);
  root_.records = cursor.number(2);
  all_records_ = cursor.number(8);
  cursor.require(record_ > 0);
  if (root_.address == kNoAddress) return;
  cursor.require(node_bytes <= blocks.file.left(root_.address));  // a node is all there, however few records it has
  plan_levels(node_bytes, depth);
}

/// How many records a node holds, and how wide the numbers in it are, follows from the size of a node.
void BTree2::plan_levels(std::uint64_t node_bytes, std::uint64_t depth) {
  const Cursor cursor({}, damage_);  // to fail by
  cursor.require(node_bytes >= kTree2NodeOverhead + record_);
  const std::uint64_t leaf = (node_bytes - kTree2NodeOverhead) / record_;
  levels_.push_back({leaf, 0});
  count_bytes_ = bytes_for(leaf);
  std::uint64_t below = leaf;  // records in all nodes below a child, and in it
  for (std::uint64_t level = 1; level <= depth; ++level) {
    const std::size_t child = kAddressBytes + count_bytes_ + (level > 1 ? bytes_for(below) : 0);
    cursor.require(node_bytes >= kTree2NodeOverhead + child + record_ + child);
    const std::uint64_t most = (node_bytes - kTree2NodeOverhead - child) / (record_ + child);
    levels_.push_back({most, child});
    const bool too_many =
        __builtin_mul_overflow(most + 1, below, &below) || __builtin_add_overflow(below, most, &below);
    cursor.require(!too_many);  // so that there are at most 64 levels
  }
}

void BTree2::walk(const Visit& visit) const {
  std::uint64_t left = all_records_;
  if (!levels_.empty() && left > 0) visit_node(root_, levels_.size() - 1, left, visit);
  if (left != 0) throw Refusal(damage_);
}

void BTree2::visit_node(const Node& node, std::size_t level, std::uint64_t& left, const Visit& visit) const {
  const Level& own = levels_[level];
  const Cursor cursor({}, damage_);
  cursor.require(node.records > 0 && node.records <= own.most_records && node.records <= left);
  left -= node.records;
  const bool leaf = level == 0;
  const std::uint64_t children = leaf ? 0 : node.records + 1;
  const std::uint64_t size = kTree2NodeOverhead + node.records * record_ + children * own.child;
  const Block bytes = blocks_.read_summed(node.address, size, leaf ? "BTLF" : "BTIN", 0, damage_);
  cursor.require(bytes[kTree2NodeHead - 1] == type_);
  const auto records = std::span(bytes).subspan(kTree2NodeHead, node.records * record_);
  const auto pointers = std::span(bytes).subspan(kTree2NodeHead + records.size(), children * own.child);
  for (std::uint64_t i = 0; i < node.records || i < children; ++i) {
    if (!leaf) {
      Cursor child(pointers.subspan(i * own.child, own.child), damage_);
      const std::uint64_t address = child.number(kAddressBytes);
      visit_node({address, child.number(count_bytes_)}, level - 1, left, visit);
    }
    if (i < node.records) visit(records.subspan(i * record_, record_));
  }
}

}  // namespace fovea::hdf5
