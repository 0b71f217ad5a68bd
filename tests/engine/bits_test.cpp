// The promise about bits: any number of threads, any batch, any place in it, AVX2 or AVX-512, all the same.
#include <algorithm>
#include <cmath>

#include <fovea/version.h>
#include "tests/engine/networks.h"
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

constexpr Arithmetic kArithmetics[] = {Arithmetic::direct, Arithmetic::fast};

// Results of three images, each run in a batch with the others around it.
std::vector<std::vector<float>> run(const ModelBuilder& net, const ModelOptions& options, int threads, int batch) {
  Session session(Model::create(net.desc(), options), {.max_batch = batch, .threads = threads});
  std::vector<std::vector<float>> results;
  for (int image = 0; image < 3; ++image) {
    // Image 0, 1, 2 in the places 2, 0, 1 of a batch of three.
    const int place = (image + 2) % batch;
    for (int i = 0; i < batch; ++i) {
      const int other = (image + 3 + i - place) % 3;
      set_inputs(session, i, net.image(static_cast<std::uint32_t>(other)));
    }
    session.run(batch);
    results.push_back(outputs_of(session, place));
  }
  return results;
}

void expect_bits(const std::vector<std::vector<float>>& got, const std::vector<std::vector<float>>& want) {
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_TRUE(same_bits(got[i], want[i])) << "image " << i;
}

class Bits : public KernelTest {
 protected:
  ModelOptions options(Arithmetic arithmetic) const { return {.isa = isa_name(table().isa), .arithmetic = arithmetic}; }
};
FOVEA_EVERY_TABLE(Bits);

TEST_P(Bits, DoNotDependOnThreadsOrBatch) {
  for (const Arithmetic arithmetic : kArithmetics) {
    for (const ModelBuilder& net : {every_layer(), every_convolution()}) {
      const auto want = run(net, options(arithmetic), 1, 1);
      EXPECT_FALSE(same_bits(want[0], want[1]));
      for (const int threads : {1, 2, 3, 5}) {
        for (const int batch : {1, 2, 3}) {
          SCOPED_TRACE(testing::Message()
                       << arithmetic_name(arithmetic) << ", " << threads << " threads, batch " << batch);
          expect_bits(run(net, options(arithmetic), threads, batch), want);
        }
      }
    }
  }
}

TEST_P(Bits, OfRandomNetworks) {
  for (std::uint32_t seed = 100; seed < 110; ++seed) {
    SCOPED_TRACE(seed);
    const ModelBuilder net = random_network(seed);
    for (const Arithmetic arithmetic : kArithmetics) {
      expect_bits(run(net, options(arithmetic), 3, 3), run(net, options(arithmetic), 1, 1));
    }
  }
}

// A layer wide and high enough that its work is cut into several pieces, by rows, pixels and output channels.
TEST_P(Bits, OfLargeLayers) {
  ModelBuilder net({20, 120, 64});
  const std::string x = net.conv({.filters = 72});
  net.conv({.filters = 72, .kh = 3, .kw = 3, .same = true});
  net.add("Add", {}, {}, {x, net.last()});
  net.conv({.filters = 40, .stride_y = 2, .stride_x = 2});
  net.conv({.filters = 8, .kh = 3, .kw = 3});
  net.add("GlobalAveragePooling2D");
  for (const Arithmetic arithmetic : kArithmetics) {
    expect_bits(run(net, options(arithmetic), 5, 3), run(net, options(arithmetic), 1, 1));
  }
}

// Otherwise the tests above would show nothing about one of the methods.
TEST(BitsNetwork, TakesEveryMethod) {
  const auto model = Model::create(every_convolution().desc());
  std::string kernels;
  for (const LayerReport& layer : model->layers()) kernels += layer.kernel + "\n";
  for (const char* method : {"winograd4_f32_c16", "winograd2_f32_c16", "conv_f32_c16", "conv_f32_planar"}) {
    EXPECT_NE(kernels.find(method), std::string::npos) << method << " is not among\n" << kernels;
  }
}

class BitsOfTables : public SameBits {};

TEST_F(BitsOfTables, Avx2AndAvx512Agree) {
  for (const Arithmetic arithmetic : kArithmetics) {
    const ModelOptions avx2{.isa = "avx2", .arithmetic = arithmetic}, avx512{.isa = "avx512", .arithmetic = arithmetic};
    expect_bits(run(every_layer(), avx2, 2, 3), run(every_layer(), avx512, 1, 1));
    expect_bits(run(every_convolution(), avx2, 1, 1), run(every_convolution(), avx512, 3, 3));
    for (std::uint32_t seed = 200; seed < 230; ++seed) {
      SCOPED_TRACE(seed);
      expect_bits(run(random_network(seed), avx2, 1, 1), run(random_network(seed), avx512, 1, 1));
    }
  }
}

// The portable copy has no fused multiply-add: its results are close, not equal.
TEST(Portable, IsClose) {
  if (find_table("portable") == nullptr) GTEST_SKIP() << "this build has no portable kernels: nothing to compare";
  for (const std::string& isa : available_isas()) {
    for (const ModelBuilder& net : {every_layer(), every_convolution()}) {
      const auto got = run(net, {.isa = isa}, 1, 1), want = run(net, {.isa = "portable"}, 1, 1);
      for (std::size_t i = 0; i < got.size(); ++i) {
        const float size = std::abs(*std::ranges::max_element(want[i], {}, [](float x) { return std::abs(x); }));
        for (std::size_t c = 0; c < got[i].size(); ++c)
          EXPECT_LE(std::abs(got[i][c] - want[i][c]), 2e-5f * size) << isa;
      }
    }
  }
}

}  // namespace
}  // namespace fovea::test
