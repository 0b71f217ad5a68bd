// Loops over the values of a batch, whatever their layout, in pieces small enough to share between threads.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/ceil_div.h"
#include "base/thread_team.h"
#include "layers/op.h"

namespace fovea {

/// Calls body(image, begin, count) for all pieces of each image's `values` values. `body` must not throw.
template <class Body>
void for_each_piece(const RunContext& ctx, std::int64_t values, const Body& body) noexcept {
  const std::int64_t pieces = ceil_div(values, kTaskValues);
  ctx.team.for_each(ctx.batch * pieces, [&](std::int64_t task, int) {
    const std::int64_t begin = task % pieces * kTaskValues;
    body(task / pieces, begin, std::min(kTaskValues, values - begin));
  });
}

}  // namespace fovea
