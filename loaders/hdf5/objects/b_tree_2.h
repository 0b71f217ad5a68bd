// B-trees of version 2 (format specification, III.A.2): they find links, attributes, large objects of a heap and
// chunks.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "loaders/hdf5/io/blocks.h"

namespace fovea::hdf5 {

class BTree2 {
 public:
  using Visit = std::function<void(std::span<const unsigned char> record)>;

  /// Reads the head of the tree at `address`. Throws Refusal with `damage` unless it is of the type `type` and its
  /// nodes have room for records.
  BTree2(const Blocks& blocks, std::uint64_t address, unsigned type, const char* damage);

  std::size_t record_bytes() const { return record_; }
  /// Visits all records in order. Throws Refusal.
  void walk(const Visit& visit) const;

 private:
  struct Node {
    std::uint64_t address, records;
  };
  /// What nodes of one level can hold; 0 are the leaves.
  struct Level {
    std::uint64_t most_records;
    std::size_t child;  ///< bytes of what stands for a child
  };

  void plan_levels(std::uint64_t node_bytes, std::uint64_t depth);
  void visit_node(const Node& node, std::size_t level, std::uint64_t& left, const Visit& visit) const;

  const Blocks& blocks_;
  const char* damage_;
  unsigned type_;
  std::size_t record_ = 0;       ///< bytes
  std::size_t count_bytes_ = 0;  ///< of the number of a child's own records
  std::vector<Level> levels_;
  Node root_{};
  std::uint64_t all_records_ = 0;
};

}  // namespace fovea::hdf5
