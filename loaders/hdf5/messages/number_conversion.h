// Float numbers as files hold them, made float32.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "loaders/hdf5/messages/data_type.h"

namespace fovea::hdf5 {

/// The float types that are read; bfloat16 also as two bytes of no stated meaning, which is how h5py writes NumPy's.
enum class FloatFormat { half, brain, single, twice };

std::optional<FloatFormat> float_format(const DataType& type);
/// True if the elements are float32 as this machine has them.
bool is_native_float(const DataType& type);

/// Makes `count` floats of elements of the type, one behind the other at `from`, `to` apart from them. float_format is
/// known.
void to_floats(const DataType& type, const unsigned char* from, std::size_t count, float* to);

}  // namespace fovea::hdf5
