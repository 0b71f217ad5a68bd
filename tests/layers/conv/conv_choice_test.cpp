// Which method computes a convolution: from the shape and the arithmetic alone.
#include "layers/conv/conv_choice.h"

#include <cstdlib>
#include <vector>

#include <fovea/version.h>
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

// A convolution with "same" padding of a square map.
struct Case {
  std::int64_t size = 14, channels = 64, filters = 64, kernel = 3, stride = 1, dilation = 1;
  Layout layout = Layout::c16;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.size << "x" << c.size << "x" << c.channels << " to " << c.filters << ", kernel " << c.kernel
             << ", stride " << c.stride << ", dilation " << c.dilation;
}

ConvGeometry geometry(const Case& c, const KernelTable& table) {
  const WindowAxis axis{c.kernel, c.stride, c.dilation};
  const WindowSpan span = window_span(axis, true, c.size, 0, 0);
  return {.kernels = table,
          .in = {{c.size, c.size, c.channels}, c.layout},
          .out = {{span.out, span.out, c.filters}, Layout::c16},
          .y = axis,
          .x = axis,
          .pad_top = span.before,
          .pad_left = span.before};
}

ConvAlgorithm choice(const Case& c, Arithmetic arithmetic = Arithmetic::fast) {
  return choose_conv(geometry(c, *usable_tables().front()), arithmetic).algorithm;
}

TEST(ConvChoice, OfResNet50) {
  EXPECT_EQ(choice({.size = 56, .channels = 64, .filters = 64}), ConvAlgorithm::winograd4);
  EXPECT_EQ(choice({.size = 28, .channels = 128, .filters = 128}), ConvAlgorithm::winograd4);
  EXPECT_EQ(choice({.size = 14, .channels = 256, .filters = 256}), ConvAlgorithm::winograd4);
  EXPECT_EQ(choice({.size = 7, .channels = 512, .filters = 512}), ConvAlgorithm::winograd2);
}

TEST(ConvChoice, DirectForbidsWinograd) {
  for (const std::int64_t size : {7, 14, 28, 56}) {
    EXPECT_NE(choice({.size = size}), ConvAlgorithm::direct) << size;
    EXPECT_EQ(choice({.size = size}, Arithmetic::direct), ConvAlgorithm::direct) << size;
  }
}

// Each of these differs in one thing from a convolution that Winograd's algorithms compute.
TEST(ConvChoice, DirectWhereTheAlgorithmsDoNotApply) {
  const Case good{.size = 28};
  ASSERT_EQ(choice(good), ConvAlgorithm::winograd4);
  for (const std::int64_t stride : {2, 3}) {
    Case c = good;
    c.stride = stride;
    EXPECT_EQ(choice(c), ConvAlgorithm::direct) << c;
  }
  for (const std::int64_t kernel : {1, 2, 4, 5, 7}) {
    Case c = good;
    c.kernel = kernel;
    EXPECT_EQ(choice(c), ConvAlgorithm::direct) << c;
  }
  Case dilated = good, image = good;
  dilated.dilation = 2;
  image.layout = Layout::nhwc;
  EXPECT_EQ(choice(dilated), ConvAlgorithm::direct);
  EXPECT_EQ(choice(image), ConvAlgorithm::direct);
}

TEST(ConvChoice, DirectWhereOneAxisDiffers) {
  const ConvGeometry good = geometry({.size = 28}, *usable_tables().front());
  ASSERT_NE(choose_conv(good, Arithmetic::fast).algorithm, ConvAlgorithm::direct);
  for (const WindowAxis& other : {WindowAxis{3, 2, 1}, WindowAxis{1, 1, 1}, WindowAxis{3, 1, 2}}) {
    ConvGeometry y = good, x = good;
    y.y = other;
    x.x = other;
    EXPECT_EQ(choose_conv(y, Arithmetic::fast).algorithm, ConvAlgorithm::direct);
    EXPECT_EQ(choose_conv(x, Arithmetic::fast).algorithm, ConvAlgorithm::direct);
  }
}

// One pixel has no neighbours to share products with.
TEST(ConvChoice, DirectForTheSmallestMaps) { EXPECT_EQ(choice({.size = 1}), ConvAlgorithm::direct); }

// A larger map never goes back to a method that multiplies more.
TEST(ConvChoice, LargerMapsMultiplyLess) {
  for (const std::int64_t channels : {16, 64, 512}) {
    int last = 0;
    for (const std::int64_t size : {4, 8, 16, 32, 64, 128}) {
      const int now = static_cast<int>(choice({.size = size, .channels = channels, .filters = channels}));
      EXPECT_GE(now, last) << size << " with " << channels;
      last = now;
    }
    EXPECT_EQ(last, static_cast<int>(ConvAlgorithm::winograd4)) << channels;
  }
}

TEST(ConvChoice, TheSameForEveryTable) {
  Random random;
  for (int i = 0; i < 2000; ++i) {
    Case c{.size = random.integer(1, 80), .channels = random.integer(16, 600), .filters = random.integer(1, 600)};
    c.kernel = i % 4 == 0 ? random.integer(1, 5) : 3;
    const ConvAlgorithm want = choice(c);
    for (const KernelTable* table : usable_tables()) {
      ASSERT_EQ(choose_conv(geometry(c, *table), Arithmetic::fast).algorithm, want)
          << c << " on " << isa_name(table->isa);
    }
  }
}

// "avx512/winograd4_f32_c16 F(4x4,3x3)" without the instruction set and the tile: "winograd4_f32_c16".
std::vector<std::string> methods(const Model& model) {
  std::vector<std::string> names;
  for (const LayerReport& layer : model.layers()) {
    const std::string name = layer.kernel.substr(layer.kernel.find('/') + 1);
    names.push_back(name.substr(0, name.find(' ')));
  }
  return names;
}

// The same through a whole model, chosen by the environment as a user would.
TEST(ConvChoice, OfAModelDoesNotDependOnTheInstructionSet) {
  ModelBuilder net({40, 40, 3});
  net.conv({.filters = 32, .kh = 3, .kw = 3});
  net.conv({.filters = 64, .kh = 3, .kw = 3});
  net.pool("MaxPooling2D", {});
  net.conv({.filters = 64, .kh = 3, .kw = 3, .same = true});
  net.pool("MaxPooling2D", {.kh = 3, .kw = 3, .stride_y = 3, .stride_x = 3});
  net.conv({.filters = 64, .kh = 3, .kw = 3, .same = true});
  net.conv({.filters = 64, .kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2});
  net.conv({.filters = 16});
  const char* before = std::getenv("FOVEA_ISA");
  const std::string saved = before != nullptr ? before : "";
  std::vector<std::vector<std::string>> seen;
  for (const std::string& isa : available_isas()) {
    ASSERT_EQ(setenv("FOVEA_ISA", isa.c_str(), 1), 0);
    const auto model = Model::create(net.desc());
    EXPECT_EQ(model->isa(), isa);
    seen.push_back(methods(*model));
    EXPECT_EQ(seen.back(), seen.front()) << isa;
  }
  if (before != nullptr) {
    setenv("FOVEA_ISA", saved.c_str(), 1);
  } else {
    unsetenv("FOVEA_ISA");
  }
  for (const char* method : {"winograd4_f32_c16", "winograd2_f32_c16", "conv_f32_c16", "conv_f32_planar"}) {
    EXPECT_GT(std::ranges::count(seen.front(), method), 0) << method;
  }
}

TEST(ConvChoice, SaysWhy) {
  const KernelTable& table = *usable_tables().front();
  const ConvGeometry good = geometry({.size = 56, .channels = 64, .filters = 64}, table);
  EXPECT_EQ(choose_conv(good, Arithmetic::fast).reason.find("least cost of direct 100, Winograd 2x2 "), 0U);
  EXPECT_EQ(choose_conv(good, Arithmetic::direct).reason, "the arithmetic is direct");
  ConvGeometry other = good;
  other.y.stride = 2;
  EXPECT_EQ(choose_conv(other, Arithmetic::fast).reason, "the stride is 2x1");
  other.x.kernel = 1;
  EXPECT_EQ(choose_conv(other, Arithmetic::fast).reason, "the kernel is 3x1, not 3x3");
  for (const ConvCandidate& candidate : conv_candidates(good, Arithmetic::fast)) {
    EXPECT_TRUE(candidate.refusal.empty());
    EXPECT_GT(candidate.cost, 0);
  }
}

}  // namespace
}  // namespace fovea::test
