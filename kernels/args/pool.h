// Arguments of pooling.
#pragma once

namespace fovea {

/// Output rows y_begin .. y_end - 1 of pooling over one c16 block.
struct PoolArgs {
  const float* in;  ///< [h][w][16]
  int h, w;
  float* out;  ///< [out_h][out_w][16]
  int out_w, y_begin, y_end;
  int kh, kw, stride_h, stride_w, pad_top, pad_left;
  bool zero_padding;  ///< max only: cells outside the input take part as zeros (ZeroPadding2D before it), else they are
                      ///< left out
};

}  // namespace fovea
