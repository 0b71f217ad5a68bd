// The links of a group in the form that h5py writes: a B-tree of nodes, and a local heap with their names. Checked
// before HDF5 reads it: HDF5 1.10 follows the heap's list of free space in circles, and names beyond the heap's end.
#pragma once

#include <cstdint>
#include <string>

#include "loaders/hdf5/b_tree.h"
#include "loaders/hdf5/raw_file.h"

namespace fovea::hdf5 {

/// Where both are (format specification, IV.A.2.r).
struct SymbolTable {
  std::uint64_t tree = 0, heap = 0;
};

/// "" if every name lies in the heap and every node is where and what it has to be; else what is wrong.
std::string check_symbol_table(const RawFile& file, ReadBudget& budget, const TreeSizes& sizes,
                               const SymbolTable& table);

}  // namespace fovea::hdf5
