// The links of a group in the form that h5py writes: a B-tree of nodes, and a local heap with their names.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loaders/hdf5/messages/messages.h"
#include "loaders/hdf5/objects/b_tree.h"

namespace fovea::hdf5 {

/// Where both are (format specification, IV.A.2.r).
struct SymbolTable {
  std::uint64_t tree = 0, heap = 0;
};

SymbolTable read_symbol_table_message(MessageBytes bytes);

/// Throws Refusal unless every name lies in the heap and every node is where and what it has to be.
std::vector<Link> read_symbol_table(const Blocks& blocks, const TreeSizes& sizes, const SymbolTable& table);

}  // namespace fovea::hdf5
