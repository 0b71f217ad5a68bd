// Reference packing and layout conversion: where each value comes from. Values are moved, so results are exact.
#pragma once

#include "kernels/args/pack.h"
#include "kernels/reference/ref.h"

namespace fovea::reference {

/// Places per phase in a packed strip: ceil(cols / phases).
inline int places(const PackRowsArgs& p) { return (p.cols + p.phases - 1) / p.phases; }

/// The value pack_rows_f32_c16 stores for a block, strip row, phase, place and lane (place * phases + phase < cols).
float pack_rows_f32_c16(const PackRowsArgs& p, int block, int row, int phase, int place, int lane);

/// The value pack_rows_f32_planar stores for a channel, strip row, phase and place (place * phases + phase < cols).
float pack_rows_f32_planar(const PackRowsArgs& p, int channel, int row, int phase, int place);

/// out[block][pixel][lane] of nhwc_to_c16_f32.
float nhwc_to_c16_f32(const float* in, int channels, std::int64_t pixel, int block, int lane);

/// out[pixel][channel] of c16_to_nhwc_f32.
float c16_to_nhwc_f32(const float* in, std::int64_t pixels, std::int64_t pixel, int channel);

}  // namespace fovea::reference
