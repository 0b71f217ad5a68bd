// Where a convolution's plan says the kernel reads, followed back to the input pixel for every run of every output.
#include "layers/conv/conv_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <ostream>

#include "kernels/dispatch.h"
#include "tests/support/random.h"

namespace fovea::test {
namespace {

// A pixel of the input, or of the padding around it.
struct Place {
  std::int64_t group, y, x;
  bool operator==(const Place&) const = default;
};

struct Windows {
  Shape input;
  WindowAxis y, x;
  bool same = false;
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;
  std::int64_t filters = 5;
};

std::ostream& operator<<(std::ostream& out, const Windows& c) {
  return out << c.input.str() << " kernel " << c.y.kernel << "x" << c.x.kernel << " strides " << c.y.stride << "x"
             << c.x.stride << " dilation " << c.y.dilation << "x" << c.x.dilation << (c.same ? " same" : " valid")
             << " padding " << c.top << " " << c.bottom << " " << c.left << " " << c.right;
}

// The plan, or nothing if the kernel is larger than its input.
std::optional<ConvPlan> plan_of(const Windows& c) {
  const WindowSpan y = window_span(c.y, c.same, c.input.h(), c.top, c.bottom);
  const WindowSpan x = window_span(c.x, c.same, c.input.w(), c.left, c.right);
  if (y.out <= 0 || x.out <= 0) return std::nullopt;
  return make_conv_plan({.kernels = *usable_tables().front(),
                         .in = {c.input, c.input.c() < kBlock ? Layout::nhwc : Layout::c16},
                         .out = {{y.out, x.out, c.filters}, Layout::c16},
                         .y = c.y,
                         .x = c.x,
                         .pad_top = y.before,
                         .pad_left = x.before});
}

// What lies at `offset` floats of the input tensor itself.
Place in_tensor(const ConvPlan& p, std::int64_t offset) {
  const std::int64_t pixel = offset / kBlock, w = p.in.shape.w(), h = p.in.shape.h();
  return {pixel / w / h, pixel / w % h, pixel % w};
}

// What pack_rows puts at `offset` floats of the strip that starts with output row `first_row`, see PackRowsArgs.
Place in_strip(const ConvPlan& p, std::int64_t offset, std::int64_t first_row) {
  const std::int64_t step = p.planar ? 1 : kBlock, phases = p.x.stride;
  const std::int64_t places = (p.strip_cols + phases - 1) / phases;
  const std::int64_t pixel = offset / step, column = pixel % (places * p.keep_phases),
                     row = pixel / (places * p.keep_phases);
  const std::int64_t row_step = p.y.kernel == 1 ? p.y.stride : 1;
  return {row / p.strip_rows, first_row * p.y.stride - p.pad_top + row % p.strip_rows * row_step,
          column % places * phases + column / places - p.pad_left};
}

void check_reads(const ConvPlan& p) {
  const std::int64_t step = p.planar ? 1 : kBlock, taps = p.y.kernel * p.x.kernel, out_w = p.out.shape.w();
  ASSERT_EQ(static_cast<std::int64_t>(p.runs.size()), p.in_groups * taps);
  const std::int64_t rows_of_piece = p.flat && !p.strips ? p.rows : p.piece_rows;
  for (std::int64_t r = 0; r < p.out.shape.h(); ++r) {
    for (std::int64_t c = 0; c < out_w; ++c) {
      const std::int64_t first_row = r / rows_of_piece * rows_of_piece, row = r - first_row;
      const std::int64_t start = p.flat ? (row * out_w + c) * step : row * p.in_row_stride + c * step;
      for (std::int64_t run = 0; run < p.in_groups * taps; ++run) {
        const std::int64_t ky = run % taps / p.x.kernel, kx = run % p.x.kernel;
        const Place want{run / taps, r * p.y.stride - p.pad_top + ky * p.y.dilation,
                         c * p.x.stride - p.pad_left + kx * p.x.dilation};
        const std::int64_t offset = start + p.runs[static_cast<std::size_t>(run)];
        if (p.strips) {
          ASSERT_LT(offset + step - 1, p.strip_floats);
          const Place got = in_strip(p, offset, first_row);
          ASSERT_EQ(got, want) << "output " << r << " " << c << " run " << run << ": " << got.group << " " << got.y
                               << " " << got.x;
        } else {
          const Place got = in_tensor(p, offset + first_row * p.in_row_stride);
          ASSERT_EQ(got, want) << "output " << r << " " << c << " run " << run << ": " << got.group << " " << got.y
                               << " " << got.x;
        }
      }
    }
  }
}

// The sum is cut into chains of bounded length, at the same places whatever the instruction set.
void check_k_blocks(const ConvPlan& p) {
  ASSERT_GE(p.k_blocks.size(), 2u);
  EXPECT_EQ(p.k_blocks.front(), 0);
  EXPECT_EQ(p.k_blocks.back(), static_cast<std::int32_t>(p.runs.size()));
  for (std::size_t i = 1; i < p.k_blocks.size(); ++i) {
    const std::int32_t values = (p.k_blocks[i] - p.k_blocks[i - 1]) * (p.planar ? 1 : kBlock);
    EXPECT_GT(values, 0);
    EXPECT_LE(values, 384);
  }
}

void check(const Windows& c) {
  SCOPED_TRACE(testing::Message() << c);
  const auto plan = plan_of(c);
  if (!plan) return;
  check_reads(*plan);
  check_k_blocks(*plan);
}

TEST(ConvPlan, RandomGeometry) {
  Random random;
  for (int i = 0; i < (full_sweep() ? 20000 : 1500) && !testing::Test::HasFailure(); ++i) {
    Windows c{{random.integer(1, 14), random.integer(1, 14), random.integer(1, 2) * random.integer(1, 20)}, {}, {}};
    for (WindowAxis* axis : {&c.y, &c.x}) *axis = {random.integer(1, 7), random.integer(1, 5), random.integer(1, 3)};
    if (i % 4 == 1) c.y.kernel = 1;
    if (i % 4 == 2) c.x.kernel = 1;
    if (i % 8 == 3) c.y.kernel = c.x.kernel = 1;
    if (i % 3 == 0) c.y.stride = c.x.stride = 1;
    c.same = i % 2 == 0;
    if (!c.same && i % 5 < 3) {
      for (std::int64_t* side : {&c.top, &c.bottom, &c.left, &c.right}) *side = random.integer(0, 9);
    }
    check(c);
  }
}

// Wide inputs, whose rows fill a strip soon: many pieces, the last one short.
TEST(ConvPlan, ManyPieces) {
  for (const Windows& c :
       {Windows{{11, 300, 96}, {3, 1, 1}, {3, 1, 1}, true}, Windows{{11, 300, 96}, {3, 1, 1}, {3, 1, 1}},
        Windows{{23, 300, 64}, {1, 2, 1}, {1, 2, 1}}, Windows{{23, 600, 64}, {1, 3, 1}, {3, 2, 2}, true},
        Windows{{23, 300, 64}, {3, 2, 2}, {1, 3, 1}, true},
        Windows{{40, 900, 3}, {7, 2, 1}, {7, 2, 1}, false, 3, 3, 3, 3},
        Windows{{17, 300, 64}, {2, 5, 1}, {2, 3, 1}, true}}) {
    const auto plan = plan_of(c);
    ASSERT_TRUE(plan);
    EXPECT_LT(plan->piece_rows, plan->out.shape.h()) << c;
    check(c);
  }
}

// 1x1 over a whole map: pieces of pixels.
TEST(ConvPlan, FlatPieces) {
  for (const std::int64_t w : {1, 14, 15, 16, 31, 100}) {
    const auto plan = plan_of({{15, w, 20}, {1, 1, 1}, {1, 1, 1}});
    ASSERT_TRUE(plan);
    EXPECT_TRUE(plan->flat);
    EXPECT_FALSE(plan->strips);
    EXPECT_GT(plan->piece_cols, 0);
    EXPECT_LE(plan->piece_cols, 224);
  }
}

// Copies are made only where they are needed.
TEST(ConvPlan, ChoosesTheForm) {
  EXPECT_FALSE(plan_of({{8, 8, 16}, {3, 1, 1}, {3, 1, 1}})->strips);
  EXPECT_FALSE(plan_of({{8, 8, 16}, {3, 1, 2}, {1, 1, 1}})->strips);
  EXPECT_TRUE(plan_of({{8, 8, 16}, {3, 1, 1}, {3, 1, 1}, true})->strips);
  EXPECT_TRUE(plan_of({{8, 8, 16}, {1, 2, 1}, {1, 1, 1}})->strips);
  EXPECT_TRUE(plan_of({{8, 8, 16}, {1, 1, 1}, {1, 1, 1}, false, 0, 0, 0, 1})->strips);
  EXPECT_TRUE(plan_of({{8, 8, 3}, {1, 1, 1}, {1, 1, 1}})->strips);
}

TEST(ConvPlan, DependsOnTheShapeAlone) {
  for (const KernelTable* table : usable_tables()) {
    const TensorDesc in{{9, 9, 40}, Layout::c16}, out{{9, 9, 40}, Layout::c16};
    const ConvPlan a = make_conv_plan({*table, in, out, {3, 1, 1}, {3, 1, 1}, 1, 1});
    const ConvPlan b = make_conv_plan({*usable_tables().front(), in, out, {3, 1, 1}, {3, 1, 1}, 1, 1});
    EXPECT_EQ(a.runs, b.runs);
    EXPECT_EQ(a.k_blocks, b.k_blocks);
  }
}

// The busiest thread's panels, pieces counted as one panel each.
std::int64_t busiest(std::int64_t panels, std::int64_t pieces, int threads, std::int64_t part) {
  const std::int64_t tasks = pieces * ((panels + part - 1) / part);
  return (tasks + threads - 1) / threads * part;
}

TEST(ConvPlan, PanelsAreSharedOutEvenly) {
  EXPECT_EQ(panels_of_part(3, 2, 2), 1);
  EXPECT_EQ(panels_of_part(5, 2, 2), 1);
  EXPECT_EQ(panels_of_part(10, 2, 2), 2);
  EXPECT_EQ(panels_of_part(30, 2, 2), 6);
  EXPECT_EQ(panels_of_part(8, 14, 2), 8) << "pieces alone are enough";
  EXPECT_EQ(panels_of_part(8, 2, 1), 8);
  for (const int threads : {2, 3, 4, 16, 64}) {
    for (std::int64_t panels = 1; panels <= 70; ++panels) {
      for (std::int64_t pieces = 1; pieces <= 9; ++pieces) {
        SCOPED_TRACE(testing::Message() << threads << " threads, " << panels << " panels, " << pieces << " pieces");
        const std::int64_t part = panels_of_part(panels, pieces, threads);
        ASSERT_GE(part, 1);
        ASSERT_LE(part, panels);
        ASSERT_LE(busiest(panels, pieces, threads, part), busiest(panels, pieces, threads, panels));
      }
    }
  }
}

TEST(ConvPlan, SmallFlatMapsAreHalved) {
  for (const auto& [w, pieces] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {27, 1}, {28, 2}, {49, 2}, {196, 2}, {224, 2}, {225, 2}, {449, 3}}) {
    const auto plan = plan_of({{1, w, 32}, {1, 1, 1}, {1, 1, 1}});
    ASSERT_TRUE(plan);
    EXPECT_EQ(conv_pieces(*plan), pieces) << w;
  }
}

TEST(ConvPlan, LastBlocksThatAreHalfUsed) {
  for (std::int64_t channels = 16; channels <= 64; ++channels) {
    const auto plan = plan_of({{5, 5, channels}, {3, 1, 1}, {3, 1, 1}});
    ASSERT_TRUE(plan);
    const bool half = channels % 16 >= 1 && channels % 16 <= 8;
    EXPECT_EQ(plan->first_half_run, std::ssize(plan->runs) - (half ? 9 : 0)) << channels;
  }
}

// What is fetched ahead for a thread is the panel of its first task.
TEST(ConvPlan, ThreadsBeginWithTheirOwnWeights) {
  const KernelTable& kernels = *usable_tables().front();
  for (const std::int64_t side : {1, 7, 40}) {
    for (const std::int64_t filters : {16, 100, 640}) {
      const auto plan = plan_of({.input = {side, side, 32}, .y = {1, 1, 1}, .x = {1, 1, 1}, .filters = filters});
      ASSERT_TRUE(plan);
      const std::int64_t panel = panel_floats(*plan, kernels.conv.channels), pieces = conv_pieces(*plan);
      const std::int64_t panels = (plan->out.blocks() * kBlock + kernels.conv.channels - 1) / kernels.conv.channels;
      for (const int threads : {1, 2, 3}) {
        for (const int batch : {1, 2}) {
          const ThreadTeam team(threads);
          const std::int64_t part = panels_of_part(panels, batch * pieces, threads);
          const std::int64_t tasks = batch * pieces * ((panels + part - 1) / part);
          for (int thread = 0; thread < threads; ++thread) {
            const std::int64_t task = tasks * thread / threads;
            EXPECT_EQ(first_weight(*plan, kernels.conv.channels, team, thread, batch),
                      task / (batch * pieces) * part * panel)
                << side << " " << filters << ", thread " << thread << " of " << threads << ", batch " << batch;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace fovea::test
