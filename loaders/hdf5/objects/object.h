// What the header of a group or a data set says, and what it leads to: links and attributes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loaders/hdf5/io/blocks.h"
#include "loaders/hdf5/messages/layout.h"
#include "loaders/hdf5/messages/messages.h"
#include "loaders/hdf5/objects/b_tree.h"

namespace fovea::hdf5 {

struct Object {
  bool is_group = false;
  std::vector<Link> links;            ///< by name
  std::vector<Attribute> attributes;  ///< by name
  // Of a data set.
  std::optional<DataSpace> space;
  std::optional<DataType> type;
  std::optional<Layout> layout;
  FillValue fill;
  Pipeline pipeline;
  bool in_other_files = false;  ///< its elements

  bool is_dataset() const { return space && type && layout; }
  /// Nothing if there is none of that name.
  const Link* link(const std::string& name) const;
  const Attribute* attribute(const std::string& name) const;
};

/// Reads the object whose header is at `address`. Throws Refusal.
Object read_object(const Blocks& blocks, const TreeSizes& sizes, std::uint64_t address);

/// Throws Refusal if the header at `address`, of a superblock's extension, has what a file with its data in one piece
/// does not have.
void check_extension(const Blocks& blocks, std::uint64_t address);

}  // namespace fovea::hdf5
