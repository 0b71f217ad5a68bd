// Convolution as a register tile over lists of runs: one K-block for rows x cols pixels and all output blocks given.
// 1x1, 3x3, 7x7/2 and every other direct convolution are the same loop over different lists (see ConvArgs).
//
// Register tile, AVX-512: 14 pixels x 2 blocks of 16 channels = 28 accumulators, 2 for weights, 1 broadcast: 31 of 32.
// Per step of K 28 FMAs stand against 14 broadcasts and 2 loads, so the FMA ports bind (Zen 4 issues one 512-bit FMA a
// cycle, Intel two). AVX2: 6 pixels x 1 block (2 registers) = 12 accumulators, 2 weights, 1 broadcast: 15 of 16.
// SSE2: 3 x 1 (4 registers) = 12 accumulators, the rest for products.
//
// Cache blocks: the weights of one panel and K-block (256 x 32 x 4 = 32 KiB) are reused by all pixel tiles of the call
// while those stream from L2; the caller chooses rows x cols so that its K-block of the input stays in L2. Meanwhile
// the next panel's weights are fetched into L2, spread evenly over the runs of all tiles: the hardware's prefetcher
// stops at every page, and a panel's first misses in memory would cost a sixth of the time of a 7x7 layer.
#include "kernels/families.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

constexpr int kPixels = kConvPixels, kPanelBlocks = kConvPanelBlocks;
constexpr int kPanel = kPanelBlocks * 16;
constexpr int kCacheLine = 64, kLineFloats = 16;

// Sixteen consecutive channels of each pixel; pixels are 16 apart.
struct C16 {
  static constexpr int kRun = 16, kStep = 16;
};
// One value of each pixel; pixels are neighbours.
struct Planar {
  static constexpr int kRun = 1, kStep = 1;
};

template <int kSteps, class Layout, int P, int V>
FOVEA_INLINE void run_steps(Lanes16 (&acc)[P][V], const float* __restrict a, const float* __restrict w) {
#pragma GCC unroll 4
  for (int k = 0; k < kSteps; ++k) {
    Lanes16 weight[V];
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) weight[v] = load16(w + k * kPanel + v * 16);
#pragma GCC unroll 16
    for (int p = 0; p < P; ++p) {
      const Lanes16 x = broadcast16(a[p * Layout::kStep + k]);
#pragma GCC unroll 2
      for (int v = 0; v < V; ++v) acc[p][v] = fma(x, weight[v], acc[p][v]);
    }
  }
}

// Block sums are added in order, to the residual first; bias and clamp come last.
template <int P, int V>
FOVEA_INLINE void finish(const Lanes16 (&acc)[P][V], const ConvArgs& c, int block, std::int64_t offset) {
  const Bounds limit = bounds(c.clamp);
#pragma GCC unroll 2
  for (int v = 0; v < V; ++v) {
    const std::int64_t at = offset + v * c.out_block_stride;
    const Lanes16 bias = c.last ? load16(c.bias + (block + v) * 16) : broadcast16(0);
#pragma GCC unroll 16
    for (int p = 0; p < P; ++p) {
      Lanes16 x = acc[p][v];
      if (!c.first) {
        x = load16(c.out + at + p * 16) + x;
      } else if (c.residual != nullptr) {
        x = load16(c.residual + at + p * 16) + x;
      }
      if (c.last) x = clamp16(x + bias, limit);
      store16(c.out + at + p * 16, x);
    }
  }
}

// What to fetch ahead at each run: `lines` cache lines of weights from `next` on, and the input of the next tile.
struct Prefetch {
  const char* next;
  int lines;
  bool input;
};

template <class Layout, int P>
FOVEA_INLINE const char* fetch_ahead(const Prefetch& prefetch, const char* ahead, const float* run) {
  for (int i = 0; i < prefetch.lines; ++i, ahead += kCacheLine) __builtin_prefetch(ahead, 0, 2);
  if (prefetch.input) {
    const char* after = reinterpret_cast<const char*>(run + P * Layout::kStep);
    for (int i = 0; i < P * Layout::kStep / kLineFloats; ++i) __builtin_prefetch(after + i * kCacheLine);
  }
  return ahead;
}

template <class Layout, int P, int V>
void tile(const ConvArgs& c, const float* in, const float* w, int block, std::int64_t offset,
          Prefetch& prefetch) noexcept {
  Lanes16 acc[P][V];
#pragma GCC unroll 16
  for (int p = 0; p < P; ++p) {
#pragma GCC unroll 2
    for (int v = 0; v < V; ++v) acc[p][v] = broadcast16(0);
  }
  // What the epilogue adds to or overwrites is far away where feature maps are larger than the cache.
  const float* later = c.first && c.residual != nullptr ? c.residual : c.out;
#pragma GCC unroll 2
  for (int v = 0; v < V; ++v) {
#pragma GCC unroll 16
    for (int p = 0; p < P; ++p) {
      __builtin_prefetch(later + offset + v * c.out_block_stride + p * 16);
    }
  }
  const char* ahead = prefetch.next;
  const int whole_runs = c.n_runs - c.half_runs;
  for (int r = 0; r < whole_runs; ++r) {
    ahead = fetch_ahead<Layout, P>(prefetch, ahead, in + c.runs[r]);
    run_steps<Layout::kRun, Layout>(acc, in + c.runs[r], w);
    w += Layout::kRun * kPanel;
  }
  for (int r = whole_runs; r < c.n_runs; ++r) {
    ahead = fetch_ahead<Layout, P>(prefetch, ahead, in + c.runs[r]);
    run_steps<(Layout::kRun + 1) / 2, Layout>(acc, in + c.runs[r], w);
    w += Layout::kRun * kPanel;
  }
  prefetch.next = ahead;
  finish<P, V>(acc, c, block, offset);
}

using TileFunction = void (*)(const ConvArgs&, const float*, const float*, int, std::int64_t, Prefetch&) noexcept;

// The tile function for V blocks and p pixels, by a chain of comparisons resolved once per row of tiles.
template <class Layout, int V, int P = kPixels>
TileFunction tile_for(int pixels) {
  if constexpr (P == 1) {
    return tile<Layout, 1, V>;
  } else {
    return pixels == P ? tile<Layout, P, V> : tile_for<Layout, V, P - 1>(pixels);
  }
}

template <class Layout, int V>
void panel(const ConvArgs& c, const float* w, const float* next, int block) noexcept {
  // Nearly equal tiles instead of full ones and a sliver: 16 pixels are 8 + 8, not 14 + 2.
  const int tiles = (c.cols + kPixels - 1) / kPixels;
  const int small = c.cols / tiles, large_count = c.cols % tiles;
  const TileFunction large_tile = large_count > 0 ? tile_for<Layout, V>(small + 1) : nullptr;
  const TileFunction small_tile = tile_for<Layout, V>(small);
  const int lines = Layout::kRun * kPanel / kLineFloats;  // of each run's weights
  Prefetch prefetch{reinterpret_cast<const char*>(next), (lines + c.rows * tiles - 1) / (c.rows * tiles), block == 0};
  for (int row = 0; row < c.rows; ++row) {
    int col = 0;
    for (int t = 0; t < tiles; ++t) {
      const bool large = t < large_count;
      (large ? large_tile : small_tile)(c, c.in + row * c.in_row_stride + col * Layout::kStep, w, block,
                                        block * c.out_block_stride + row * c.out_row_stride + col * 16, prefetch);
      col += large ? small + 1 : small;
    }
  }
}

template <class Layout>
void conv(const ConvArgs& c) noexcept {
  if (c.cols <= 0) return;
  const float* w = c.weights;
  for (int block = 0; block < c.out_blocks; block += kPanelBlocks) {
    const float* next = block + kPanelBlocks < c.out_blocks ? w + c.weights_panel_stride : c.next_weights;
    if (kPanelBlocks == 2 && block + 1 < c.out_blocks) {
      panel<Layout, kPanelBlocks>(c, w, next, block);
    } else {
      panel<Layout, 1>(c, w, next, block);
    }
    w += c.weights_panel_stride;
  }
}

void conv_f32_c16(const ConvArgs& c) noexcept { conv<C16>(c); }
void conv_f32_planar(const ConvArgs& c) noexcept { conv<Planar>(c); }

}  // namespace

ConvKernels conv_kernels() {
  return {.pixels = kPixels, .channels = kPanel, .f32_c16 = conv_f32_c16, .f32_planar = conv_f32_planar};
}

}  // namespace fovea::FOVEA_NS
