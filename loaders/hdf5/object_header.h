// A look at an object's header before HDF5 decodes it: HDF5 1.10 trusts the sizes of attributes, types and layouts in
// it, and reads beyond its buffers when they are wrong.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "loaders/hdf5/b_tree.h"
#include "loaders/hdf5/chunk_index.h"
#include "loaders/hdf5/raw_file.h"
#include "loaders/hdf5/symbol_table.h"

namespace fovea::hdf5 {

/// Walks object headers (format specification, IV.A) and remembers those found good.
class HeaderChecker {
 public:
  HeaderChecker(const RawFile& file, const TreeSizes& sizes) : file_(file), sizes_(sizes) {}

  /// "" if every message of the header at `address` lies within it, every size inside a message within the message, and
  /// the links of a group or the chunks of a data set are good; else what is wrong.
  std::string check(std::uint64_t address);
  /// The same for the links of a group alone.
  std::string check_links(const SymbolTable& table) { return check_symbol_table(file_, budget_, sizes_, table); }
  /// Gives the chunks of the data set whose header is at `address` and has been checked, nothing for those with an
  /// index of HDF5 1.10; "" or what is wrong.
  std::string chunks(std::uint64_t address, std::optional<std::vector<Chunk>>& out);

 private:
  const RawFile& file_;
  const TreeSizes sizes_;
  ReadBudget budget_;
  std::map<std::uint64_t, std::optional<ChunkLayout>> good_;
};

}  // namespace fovea::hdf5
