// B-trees of version 1: of a group's links, and of a data set's chunks.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <utility>

#include "loaders/hdf5/io/blocks.h"

namespace fovea::hdf5 {

/// The most that nodes hold in one file.
struct TreeSizes {
  std::uint64_t links = 8;    ///< of a symbol table node
  std::uint64_t groups = 32;  ///< children of a tree over symbol table nodes
  std::uint64_t chunks = 64;  ///< children of a tree over chunks
};

/// What a tree is of (format specification, III.A.1).
struct TreeKind {
  unsigned type;                ///< 0: groups, 1: chunks of data
  std::size_t key;              ///< bytes of a key
  std::uint64_t most_children;  ///< of one node
};

class TreeWalk {
 public:
  /// Sees what a leaf points to, between its two keys.
  using Visit = std::function<void(const unsigned char* key, std::uint64_t child, const unsigned char* next)>;

  TreeWalk(const Blocks& blocks, const TreeKind& kind, Visit visit)
      : blocks_(blocks), kind_(kind), visit_(std::move(visit)) {}

  /// Visits what the leaves of the tree at `address` point to, in order. Throws Refusal.
  void run(std::uint64_t address) { node(address, -1); }

 private:
  void node(std::uint64_t address, int level);

  const Blocks& blocks_;
  const TreeKind kind_;
  const Visit visit_;
  std::set<std::uint64_t> seen_;
};

}  // namespace fovea::hdf5
