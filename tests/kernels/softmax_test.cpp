// Softmax against the reference: every channel count, and inputs that overflow a careless one.
#include "kernels/reference/softmax.h"

#include <cmath>
#include <vector>

#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

// Input and output of a softmax; blocks lie apart, and input lanes past the last channel hold a large number that
// would take all the probability if it were read.
class SoftmaxCase {
 public:
  SoftmaxCase(int channels, int pixels, bool in_place, float scale = 4)
      : channels_(channels),
        pixels_(pixels),
        block_stride_(pixels * 16 + 3),
        in_((blocks() - 1) * block_stride_ + pixels * 16),
        out_(in_place ? 16 : in_.size()),
        in_place_(in_place) {
    Random random;
    for (int c = 0; c < blocks() * 16; ++c) {
      for (int p = 0; p < pixels; ++p) in_[at(c, p)] = c < channels ? scale * random.real() : 1e30f;
    }
  }

  fovea::SoftmaxArgs args() {
    return {in_.data(), in_place_ ? in_.data() : out_.data(), channels_, pixels_, block_stride_};
  }
  float& input(int channel, int pixel) { return in_[at(channel, pixel)]; }
  float output(int channel, int pixel) const { return (in_place_ ? in_ : out_)[at(channel, pixel)]; }

  std::vector<Ref> expected() {
    std::vector<Ref> refs;
    for (int p = 0; p < pixels_; ++p) {
      for (const Ref& r : reference::softmax_f32_c16(args(), p)) refs.push_back(r);
    }
    return refs;
  }
  std::vector<float> results() const {
    std::vector<float> values;
    for (int p = 0; p < pixels_; ++p) {
      for (int c = 0; c < channels_; ++c) values.push_back(output(c, p));
    }
    return values;
  }
  bool padding_is_zero() const {
    for (int c = channels_; c < blocks() * 16; ++c) {
      for (int p = 0; p < pixels_; ++p) {
        if (output(c, p) != 0) return false;
      }
    }
    return true;
  }
  bool only_outputs_written() const {
    const Buffer& out = in_place_ ? in_ : out_;
    return out.touched() == blocks() * 16 * pixels_ && out.guards_whole();
  }

 private:
  int blocks() const { return (channels_ + 15) / 16; }
  std::int64_t at(int channel, int pixel) const { return channel / 16 * block_stride_ + pixel * 16 + channel % 16; }

  int channels_, pixels_;
  std::int64_t block_stride_;
  Buffer in_, out_;
  bool in_place_;
};

class Softmax : public KernelTest {};
FOVEA_EVERY_TABLE(Softmax);

TEST_P(Softmax, EveryChannelCount) {
  for (int channels = 1; channels <= 67; ++channels) {
    for (const int pixels : {1, 2, 3, 17}) {
      for (const bool in_place : {false, true}) {
        SCOPED_TRACE(testing::Message() << channels << " channels, " << pixels << " pixels");
        SoftmaxCase softmax(channels, pixels, in_place);
        const std::vector<Ref> want = softmax.expected();
        table().softmax.f32_c16(softmax.args());
        ASSERT_TRUE(all_close(softmax.results(), want));
        ASSERT_TRUE(softmax.padding_is_zero());
        ASSERT_TRUE(softmax.only_outputs_written());
        for (int p = 0; p < pixels; ++p) {
          double sum = 0;
          for (int c = 0; c < channels; ++c) sum += softmax.output(c, p);
          ASSERT_NEAR(sum, 1, (channels + 4) * 0x1p-24);
        }
      }
    }
  }
}

TEST_P(Softmax, OneChannelIsOne) {
  SoftmaxCase softmax(1, 5, false, 1000);
  table().softmax.f32_c16(softmax.args());
  for (const float x : softmax.results()) EXPECT_EQ(x, 1.0f);
}

TEST_P(Softmax, LargeInputs) {
  for (const float scale : {100.0f, 1e4f, 1e30f}) {
    SoftmaxCase softmax(20, 3, false, scale);
    const std::vector<Ref> want = softmax.expected();
    table().softmax.f32_c16(softmax.args());
    const std::vector<float> got = softmax.results();
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_TRUE(close(got[i], want[i])) << got[i] << " " << want[i].value;
  }
  SoftmaxCase edge(4, 1, false);
  edge.input(0, 0) = 3.4e38f;
  edge.input(1, 0) = -3.4e38f;
  edge.input(2, 0) = 3.4e38f;
  edge.input(3, 0) = -kInfinity;
  table().softmax.f32_c16(edge.args());
  EXPECT_EQ(edge.results(), (std::vector<float>{0.5f, 0, 0.5f, 0}));
}

TEST_P(Softmax, NanStaysInItsPixel) {
  for (const int channel : {0, 15, 16, 36}) {
    SoftmaxCase softmax(37, 3, false);
    softmax.input(channel, 1) = kNaN;
    table().softmax.f32_c16(softmax.args());
    for (int p = 0; p < 3; ++p) {
      for (int c = 0; c < 37; ++c) EXPECT_EQ(std::isnan(softmax.output(c, p)), p == 1) << c << " of pixel " << p;
    }
  }
}

// The logarithms of what the probabilities are in double.
TEST_P(Softmax, Logarithms) {
  for (const int channels : {1, 2, 15, 16, 17, 40, 1000}) {
    for (const float scale : {1.0f, 30.0f}) {
      SoftmaxCase softmax(channels, 3, false, scale);
      const std::vector<Ref> want = softmax.expected();
      fovea::SoftmaxArgs args = softmax.args();
      args.log = true;
      table().softmax.f32_c16(args);
      const std::vector<float> got = softmax.results();
      for (std::size_t i = 0; i < got.size(); ++i) {
        const double log = std::log(want[i].value);
        ASSERT_NEAR(got[i], log, (std::abs(log) + channels + 8) * 0x1p-23) << channels;
      }
    }
  }
}

// Lanes apart from each other; the vectors of one softmax lie three apart.
TEST_P(Softmax, AlongVectors) {
  for (const bool log : {false, true}) {
    Buffer in(5 * 48 - 32), out(5 * 48 - 32);
    random().fill(in.values());
    table().softmax.along_f32(in.data(), out.data(), 5, 48, log);
    EXPECT_TRUE(out.guards_whole());
    EXPECT_EQ(out.touched(), 80);
    for (int l = 0; l < 16; ++l) {
      double sum = 0;
      for (int i = 0; i < 5; ++i) sum += std::exp(double{in[i * 48 + l]});
      for (int i = 0; i < 5; ++i) {
        const double want = std::exp(double{in[i * 48 + l]}) / sum;
        EXPECT_NEAR(out[i * 48 + l], log ? std::log(want) : want, 2e-6);
      }
    }
  }
}

TEST_P(Softmax, WrongAnswerFails) {
  SoftmaxCase softmax(37, 2, false);
  const std::vector<Ref> want = softmax.expected();
  table().softmax.f32_c16(softmax.args());
  EXPECT_TRUE(wrong_answer_fails(softmax.results(), want));
}

TEST_F(SameBits, Softmax) {
  for (int channels = 1; channels <= 67; ++channels) {
    expect_same([&](const KernelTable& table) {
      SoftmaxCase softmax(channels, 3, false);
      table.softmax.f32_c16(softmax.args());
      return softmax.results();
    });
  }
}

}  // namespace
}  // namespace fovea::test
