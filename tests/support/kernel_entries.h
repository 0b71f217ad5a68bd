// Every kernel of a table by its name: what is said of all of them is said over this list. A kernel or a family that a
// table has and this list has not, does not compile.
#pragma once

#include <string>
#include <type_traits>

#include "kernels/table.h"

namespace fovea::test {

/// Calls f(family + "." + name, entry) for the entries that are functions; `names` has them all, after commas.
template <class F, class... Entries>
void visit_entries(F& f, const std::string& family, const std::string& names, Entries&... entries) {
  std::size_t at = 0;
  const auto next = [&] {
    const std::size_t end = names.find(',', at);
    const std::string name = names.substr(at, end - at);
    at = end == std::string::npos ? end : end + 2;
    return family + "." + name;
  };
  const auto visit = [&](auto& entry) {
    const std::string name = next();
    if constexpr (std::is_pointer_v<std::remove_reference_t<decltype(entry)>>) f(name, entry);
  };
  (visit(entries), ...);
}

/// f(name, function) for every kernel of a table, which may be const.
template <class Table, class F>
void for_each_kernel(Table& table, F f) {
  auto& [isa, conv, pack, winograd, pool, depthwise, lanes, dense, elementwise, activate, softmax, normalise, resample,
         gaussian, resize] = table;
  static_cast<void>(isa);
#define FOVEA_FAMILY(family, ...)                         \
  {                                                       \
    auto& [__VA_ARGS__] = family;                         \
    visit_entries(f, #family, #__VA_ARGS__, __VA_ARGS__); \
  }
  FOVEA_FAMILY(conv, pixels, channels, f32_c16, f32_planar)
  FOVEA_FAMILY(pack, rows_f32_c16, rows_f32_planar, nhwc_to_c16_f32, c16_to_nhwc_f32)
  FOVEA_FAMILY(winograd, input4_f32_c16, output4_f32_c16, input2_f32_c16, output2_f32_c16)
  FOVEA_FAMILY(pool, max_f32_c16, average_f32_c16, global_average_f32_c16, global_max_f32_c16)
  FOVEA_FAMILY(depthwise, f32_c16)
  FOVEA_FAMILY(lanes, repeat_f32_c16, copy_f32_c16, spread_pixels_f32_c16)
  FOVEA_FAMILY(dense, f32)
  FOVEA_FAMILY(elementwise, add_f32, clamp_f32, affine_f32_c16, affine_f32_nhwc, pair_f32, pair_small_f32_c16,
               prelu_f32, add_scaled_f32, sigmoid_f32, exp_f32, fma_f32)
  FOVEA_FAMILY(activate, f32)
  FOVEA_FAMILY(softmax, f32_c16, along_f32)
  FOVEA_FAMILY(normalise, channels_f32_c16, sum_f32_c16, sum_squares_f32_c16)
  FOVEA_FAMILY(resample, f32_c16)
  FOVEA_FAMILY(gaussian, down_u8, across_u16)
  FOVEA_FAMILY(resize, cubic_across_u8, linear_across_u8, cells_across_u8, cubic_down_f32, linear_down_s16,
               cells_down_f32, round_f32_u8)
#undef FOVEA_FAMILY
}

}  // namespace fovea::test
