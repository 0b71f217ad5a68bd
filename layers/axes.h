// Axes as attributes: numbers that count the batch, or count from the end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fovea/layer_config.h>

namespace fovea {

/// The whole number or list of them under `key`; {fallback} if absent. Throws Error.
std::vector<std::int64_t> read_axes(const LayerConfig& config, const std::string& key, std::int64_t fallback);

/// For each dimension of a shape (without the batch) whether it is among `axes`. Throws UnsupportedError for the
/// batch's own axis, Error for axes that are not there or stand twice; `name` and `class_name` are the layer's.
std::vector<bool> marked_axes(const std::vector<std::int64_t>& axes, int rank, const std::string& name,
                              const std::string& class_name);

/// The values of a row-major map that are taken together over the marked dimensions: one set for each `first`, whose
/// values lie at first + step for each of `steps`. Both functions throw UnsupportedError for maps of more than 2^25
/// values: their tables are as large.
struct AxisSets {
  std::vector<std::int32_t> first, steps;
};
AxisSets sets_over(const std::vector<std::int64_t>& dims, const std::vector<bool>& marked);

/// For each value of a row-major map the place of its weight, in a tensor of the marked dimensions alone.
std::vector<std::int32_t> places_among(const std::vector<std::int64_t>& dims, const std::vector<bool>& marked);

/// The dimension of a shape (without the batch) that `axis` means; throws as marked_axes.
std::size_t axis_place(std::int64_t axis, int rank, const std::string& name, const std::string& class_name);

/// True if `axes` are the last dimension alone.
bool only_last_axis(const std::vector<std::int64_t>& axes, int rank, const std::string& name,
                    const std::string& class_name);

}  // namespace fovea
