// B-trees of version 1, walked before HDF5 does: HDF5 1.10 trusts their levels and follows them in circles.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "loaders/hdf5/raw_file.h"

namespace fovea::hdf5 {

/// What one file's headers, trees and heaps may make us read. Many objects may name the same large one.
class ReadBudget {
 public:
  /// False once more than 256 MiB were asked for.
  bool spend(std::uint64_t bytes);

 private:
  std::uint64_t left_ = std::uint64_t{256} << 20;
};

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
  /// Sees what a leaf points to, between its two keys; "" or what is wrong with it.
  using Visit = std::function<std::string(const unsigned char* key, std::uint64_t child, const unsigned char* next)>;

  TreeWalk(const RawFile& file, ReadBudget& budget, const TreeKind& kind, Visit visit)
      : file_(file), budget_(budget), kind_(kind), visit_(std::move(visit)) {}

  /// Visits what the leaves of the tree at `address` point to, in order; "" or what is wrong.
  std::string run(std::uint64_t address) { return node(address, -1); }

 private:
  std::string node(std::uint64_t address, int level);

  const RawFile& file_;
  ReadBudget& budget_;
  const TreeKind kind_;
  const Visit visit_;
  std::set<std::uint64_t> seen_;
};

}  // namespace fovea::hdf5
