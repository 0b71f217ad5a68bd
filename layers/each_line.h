// The loop over the lines of a result as rows of values, [H][W][C].
#pragma once

#include <algorithm>

#include "base/ceil_div.h"
#include "base/thread_team.h"
#include "layers/op.h"
#include "layers/tensor.h"

namespace fovea {

/// Calls use(in, out, line) for each of `lines` lines of every image, from many threads; `in` and `out` are where the
/// image of the first input and of the result begin. `length`: about how many values a line has to work through.
/// Behind the values of a vector, whose storage is whole blocks that must be finite, come zeros.
template <class Use>
void for_each_line(const RunContext& ctx, const TensorDesc& result, std::int64_t lines, std::int64_t length,
                   const Use& use) noexcept {
  const std::int64_t per_task = std::max<std::int64_t>(1, kTaskValues / length), tasks = ceil_div(lines, per_task);
  const std::int64_t values = result.shape.elements();
  ctx.team.for_each(ctx.batch * tasks, [&](std::int64_t task, int) {
    const float* in = ctx.in[0].image(task / tasks);
    float* out = ctx.out.image(task / tasks);
    const std::int64_t begin = task % tasks * per_task, end = std::min(lines, begin + per_task);
    for (std::int64_t line = begin; line < end; ++line) use(in, out, line);
    if (end == lines) std::fill_n(out + values, result.values() - values, 0.0f);
  });
}

}  // namespace fovea
