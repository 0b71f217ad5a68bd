// x[:, 1:, ::-1, 0]: what stands between the brackets.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "layers/strided_copy.h"

namespace fovea {

/// One part of a key: `start:stop:step`, an index (`start`), a new dimension, or all dimensions that the others leave.
struct KeyPart {
  enum class Kind { slice, index, new_axis, ellipsis };
  Kind kind = Kind::ellipsis;
  std::optional<std::int64_t> start, stop, step;
};

/// The parts behind the batch, which a key must leave whole. Throws Error for anything but parts, UnsupportedError for
/// a key that takes some of the batch or is a tensor.
std::vector<KeyPart> read_key(const LayerConfig& config, const Attribute& key);

/// What the key takes of a map, as in Python: a slice may be empty, which gives a size of 0. Nothing if it has too many
/// parts or an index is not there.
std::optional<View> take(const Shape& shape, const std::vector<KeyPart>& key);

}  // namespace fovea
