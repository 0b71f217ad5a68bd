// HDF5's "core" driver over bytes that stay where they are.
#pragma once

#include <hdf5.h>

#include "loaders/bytes.h"

namespace fovea::hdf5 {

/// Makes `access` (a list of file access properties) open `image` instead of a file. `image` must outlive every file
/// opened so; HDF5 neither copies nor frees it. False if HDF5 refuses.
bool use_image(hid_t access, const Bytes& image);

}  // namespace fovea::hdf5
