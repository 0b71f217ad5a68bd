// Links and attributes of objects that have many: in a fractal heap, a B-tree says where.
#pragma once

#include <vector>

#include "loaders/hdf5/io/blocks.h"
#include "loaders/hdf5/messages/messages.h"

namespace fovea::hdf5 {

/// Adds all of them to `out`. Throws Refusal.
void read_dense_links(const Blocks& blocks, const DenseStorage& storage, std::vector<Link>& out);
void read_dense_attributes(const Blocks& blocks, const DenseStorage& storage, std::vector<Attribute>& out);

}  // namespace fovea::hdf5
