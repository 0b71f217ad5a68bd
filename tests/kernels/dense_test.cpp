// Dense kernel against the reference: every remainder of units, images and summation blocks.
#include "kernels/reference/dense.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

// A dense call with its buffers: images and outputs lie apart, with canaries between them.
class DenseCase {
 public:
  DenseCase(int images, int k, int k_block, int out_blocks, Clamp clamp, bool integers = false)
      : in_((images - 1) * (k + 3) + k),
        weights_(out_blocks * k * 16),
        bias_(out_blocks * 16),
        out_((images - 1) * (out_blocks * 16 + 5) + out_blocks * 16) {
    Random random;
    for (int i = 0; i < images; ++i) random.fill(in_.values().subspan(i * (k + 3), k), integers);
    random.fill(weights_.values(), integers);
    random.fill(bias_.values(), integers);
    args = {in_.data(), k + 3,           images,      k,
            k_block,    weights_.data(), out_blocks,  0,
            out_blocks, bias_.data(),    out_.data(), out_blocks * 16 + 5,
            clamp};
  }

  std::vector<Ref> expected() const {
    std::vector<Ref> refs;
    for (int i = 0; i < args.images; ++i) {
      for (int n = 0; n < args.out_blocks * 16; ++n) refs.push_back(reference::dense_f32(args, i, n));
    }
    return refs;
  }

  std::vector<float> results() const {
    std::vector<float> values;
    for (int i = 0; i < args.images; ++i) {
      for (int n = 0; n < args.out_blocks * 16; ++n) values.push_back(out_[i * args.out_stride + n]);
    }
    return values;
  }

  bool only_outputs_written() const {
    return out_.touched() == static_cast<std::int64_t>(args.images) * args.out_blocks * 16 && out_.guards_whole();
  }

  Buffer& in() { return in_; }

  fovea::DenseArgs args;

 private:
  Buffer in_, weights_, bias_, out_;
};

class Dense : public KernelTest {
 protected:
  void check(int images, int k, int k_block, int out_blocks, Clamp clamp) {
    for (const bool integers : {false, true}) {
      SCOPED_TRACE(testing::Message() << images << " images, k " << k << " in blocks of " << k_block << ", "
                                      << out_blocks << " blocks of units");
      DenseCase dense(images, k, k_block, out_blocks, clamp, integers);
      const std::vector<Ref> want = dense.expected();
      table().dense.f32(dense.args);
      ASSERT_TRUE(integers ? all_exact(dense.results(), want) : all_close(dense.results(), want));
      ASSERT_TRUE(dense.only_outputs_written());
    }
  }
};
FOVEA_EVERY_TABLE(Dense);

TEST_P(Dense, EveryInputCount) {
  for (int k = 1; k <= 67; ++k) check(1 + k % 6, k, 1 + k % 17, 1 + k % 5, k % 2 == 0 ? kRelu : kNoClamp);
}

TEST_P(Dense, EveryImageAndBlockCount) {
  for (int images = 1; images <= 9; ++images) {
    for (int out_blocks = 1; out_blocks <= 5; ++out_blocks) check(images, 19, 256, out_blocks, kRelu6);
  }
}

TEST_P(Dense, KBlocksOfEverySize) {
  for (const int k_block : {1, 2, 64, 255, 256, 257, 512, 513, 1000}) check(3, 513, k_block, 2, kNoClamp);
}

TEST_P(Dense, WrongAnswerFails) {
  DenseCase dense(2, 300, 256, 3, kNoClamp);
  table().dense.f32(dense.args);
  EXPECT_TRUE(wrong_answer_fails(dense.results(), dense.expected()));
}

TEST_P(Dense, NanReachesItsImageAndNoOther) {
  DenseCase dense(3, 20, 256, 3, kRelu6);
  dense.in()[23 + 7] = kNaN;  // image 1
  table().dense.f32(dense.args);
  const std::vector<float> got = dense.results();
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(std::isnan(got[i]), i / 48 == 1) << i;
}

TEST_P(Dense, ResultDoesNotDependOnTheCut) {
  for (int images = 1; images <= 6; ++images) {
    DenseCase whole(images, 300, 128, 5, kRelu), cut(images, 300, 128, 5, kRelu);
    table().dense.f32(whole.args);
    for (int i = 0; i < images; ++i) {
      for (int b = 0; b < 5; ++b) {
        fovea::DenseArgs part = cut.args;
        part.in += i * part.in_stride;
        part.out += i * part.out_stride + b * 16;
        part.images = 1;
        part.out_blocks = 1;
        part.first_block = b;
        part.bias += b * 16;
        table().dense.f32(part);
      }
    }
    EXPECT_TRUE(same_bits(cut.results(), whole.results())) << images << " images";
  }
}

TEST_F(SameBits, Dense) {
  for (int images = 1; images <= 6; ++images) {
    for (int out_blocks = 1; out_blocks <= 3; ++out_blocks) {
      expect_same([&](const KernelTable& table) {
        DenseCase dense(images, 300, 128, out_blocks, kNoClamp);
        table.dense.f32(dense.args);
        return dense.results();
      });
    }
  }
}

}  // namespace
}  // namespace fovea::test
