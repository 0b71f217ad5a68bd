// Buffers of a convolution call.
#include "tests/kernels/conv_case.h"

#include <algorithm>

#include "kernels/reference/conv.h"

namespace fovea::test {
namespace {

// Offsets at odd places, in no order, some of them twice.
std::vector<std::int32_t> make_runs(const ConvShape& shape, std::uint32_t seed) {
  Random random(seed);
  std::vector<std::int32_t> runs;
  for (int r = 0; r < shape.n_runs; ++r) runs.push_back(random.integer(0, 40 + 4 * shape.n_runs));
  return runs;
}

std::int64_t in_size(const ConvShape& shape, const std::vector<std::int32_t>& runs, std::int64_t row_stride) {
  const int unit = shape.planar ? 1 : 16;
  return *std::max_element(runs.begin(), runs.end()) + (shape.rows - 1) * row_stride + (shape.cols - 1) * unit + unit;
}

int panels(const ConvShape& shape, int conv_channels) {
  return (shape.out_blocks * 16 + conv_channels - 1) / conv_channels;
}

}  // namespace

ConvCase::ConvCase(const ConvShape& shape, const KernelTable& table, std::uint32_t seed)
    : shape_(shape),
      table_(table),
      runs_(make_runs(shape, seed)),
      in_(in_size(shape, runs_, in_row_stride())),
      weights_(panels(shape, table.conv.channels) * panel_stride() - 5),
      bias_(shape.out_blocks * 16),
      residual_(shape.residual == Residual::separate ? out_size() : 1),
      out_(out_size()) {
  Random random(seed + 1);
  fill_input(random);
  fill_weights(random);
  for (int c = 0; c < shape_.out_blocks * 16; ++c) {
    bias_[c] = c < out_channels() ? random.value(shape_.integers) : 0.0f;
  }
  if (shape_.residual == Residual::none) return;
  Buffer& residual = shape_.residual == Residual::in_place ? out_ : residual_;
  for (int c = 0; c < shape_.out_blocks * 16; ++c) {
    for (int row = 0; row < shape_.rows; ++row) {
      for (int col = 0; col < shape_.cols; ++col) residual[out_at(c, row, col)] = random.value(shape_.integers);
    }
  }
}

std::int64_t ConvCase::panel_stride() const {
  return static_cast<std::int64_t>(shape_.n_runs) * run_length() * table_.conv.channels + 5;
}

std::int64_t ConvCase::out_size() const {
  return (shape_.out_blocks - 1) * out_block_stride() + (shape_.rows - 1) * out_row_stride() + shape_.cols * 16;
}

std::int64_t ConvCase::out_at(int channel, int row, int col) const {
  return channel / 16 * out_block_stride() + row * out_row_stride() + col * 16 + channel % 16;
}

void ConvCase::fill_input(Random& random) {
  for (int row = 0; row < shape_.rows; ++row) {
    for (int col = 0; col < shape_.cols; ++col) {
      for (const std::int32_t run : runs_) {
        float* x = in_.data() + row * in_row_stride() + col * step() + run;
        for (int k = 0; k < run_length(); ++k) x[k] = random.value(shape_.integers);
      }
    }
  }
}

void ConvCase::fill_weights(Random& random) {
  const int width = table_.conv.channels;
  for (int p = 0; p < panels(shape_, width); ++p) {
    std::fill_n(weights_.data() + p * panel_stride(), panel_stride() - 5, 0.0f);
  }
  for (int r = 0; r < shape_.n_runs; ++r) {
    const bool last_of_tap = (r + 1) % shape_.blocks_per_tap == 0;
    const int lanes = last_of_tap && !shape_.planar ? shape_.last_lanes : run_length();
    for (int k = 0; k < lanes; ++k) {
      for (int c = 0; c < out_channels(); ++c) {
        weights_[c / width * panel_stride() + (r * run_length() + k) * width + c % width] =
            random.value(shape_.integers);
      }
    }
  }
}

ConvArgs ConvCase::block(int k_block) { return block(k_block, whole()); }

ConvArgs ConvCase::block(int k_block, const Part& part) {
  const int run = first_run(k_block);
  ConvArgs c{};
  c.in = in_.data() + part.row * in_row_stride() + part.col * step();
  c.runs = runs_.data() + run;
  c.n_runs = first_run(k_block + 1) - run;
  c.in_row_stride = in_row_stride();
  c.weights = weights_.data() + part.block * 16 / table_.conv.channels * panel_stride() +
              static_cast<std::int64_t>(run) * run_length() * table_.conv.channels;
  c.weights_panel_stride = panel_stride();
  c.rows = part.rows;
  c.cols = part.cols;
  c.out_blocks = part.blocks;
  const std::int64_t out = out_at(part.block * 16, part.row, part.col);
  c.out = out_.data() + out;
  c.out_row_stride = out_row_stride();
  c.out_block_stride = out_block_stride();
  c.first = k_block == 0;
  c.last = k_block == shape_.k_blocks - 1;
  if (shape_.residual == Residual::separate) c.residual = residual_.data() + out;
  if (shape_.residual == Residual::in_place) c.residual = c.out;
  c.bias = bias_.data() + part.block * 16;
  c.clamp = shape_.clamp;
  c.half_runs = std::clamp(run + c.n_runs - (shape_.n_runs - shape_.half_runs), 0, c.n_runs);
  return c;
}

std::vector<Ref> ConvCase::expected(int k_block) {
  const auto reference = shape_.planar ? reference::conv_f32_planar : reference::conv_f32_c16;
  const ConvArgs c = block(k_block);
  std::vector<Ref> refs;
  for (int channel = 0; channel < out_channels(); ++channel) {
    for (int row = 0; row < shape_.rows; ++row) {
      for (int col = 0; col < shape_.cols; ++col) {
        refs.push_back(reference(c, table_.conv.channels, channel, row, col));
      }
    }
  }
  return refs;
}

std::vector<float> ConvCase::results() const {
  std::vector<float> values;
  for (int channel = 0; channel < out_channels(); ++channel) {
    for (int row = 0; row < shape_.rows; ++row) {
      for (int col = 0; col < shape_.cols; ++col) values.push_back(out_[out_at(channel, row, col)]);
    }
  }
  return values;
}

std::vector<float> ConvCase::run() {
  for (int k = 0; k < shape_.k_blocks; ++k) call(block(k));
  return results();
}

void ConvCase::poison_pixel(int row, int col) {
  for (const std::int32_t run : runs_) in_[row * in_row_stride() + col * step() + run] = kNaN;
}

bool ConvCase::only_outputs_written() const {
  const std::int64_t outputs = static_cast<std::int64_t>(shape_.out_blocks) * 16 * shape_.rows * shape_.cols;
  bool written = true;
  for (int c = 0; c < shape_.out_blocks * 16; ++c) {
    for (int row = 0; row < shape_.rows; ++row) {
      for (int col = 0; col < shape_.cols; ++col) written = written && !out_.untouched(out_at(c, row, col));
    }
  }
  return written && out_.touched() == outputs && out_.guards_whole();
}

std::vector<float> ConvCase::padding_lanes() const {
  std::vector<float> values;
  for (int channel = out_channels(); channel < shape_.out_blocks * 16; ++channel) {
    for (int row = 0; row < shape_.rows; ++row) {
      for (int col = 0; col < shape_.cols; ++col) values.push_back(out_[out_at(channel, row, col)]);
    }
  }
  return values;
}

}  // namespace fovea::test
