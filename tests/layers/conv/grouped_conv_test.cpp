// Conv2D in groups: widths around the block, geometry, what is folded in, and as many groups as channels.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class GroupedConv : public LayerTest {
 protected:
  // `in` and `out` channels a group.
  void check(std::int64_t groups, std::int64_t in, std::int64_t out, ConvOptions o, std::int64_t h = 6,
             std::int64_t w = 7) {
    o.groups = groups;
    o.filters = groups * out;
    for (const bool integers : {true, false}) {
      SCOPED_TRACE(testing::Message() << groups << " groups of " << in << " to " << out << ", kernel " << o.kh << "x"
                                      << o.kw << ", strides " << o.stride_y << "x" << o.stride_x);
      ModelBuilder net({h, w, groups * in}, integers);
      net.conv(o);
      expect_matches(net);
    }
  }
};
FOVEA_EVERY_TABLE(GroupedConv);

TEST_P(GroupedConv, Widths) {
  for (const std::int64_t in : {1, 3, 4, 8, 16, 20, 32}) {
    for (const std::int64_t out : {1, 4, 16, 20, 32}) {
      check(2, in, out, {.kh = 3, .kw = 3, .same = true}, 4, 3);
      check(5, in, out, {}, 3, 2);
    }
  }
  check(32, 4, 4, {.kh = 3, .kw = 3, .same = true});
  check(16, 2, 3, {.kh = 2, .kw = 3});
}

TEST_P(GroupedConv, Geometry) {
  for (const bool same : {true, false}) {
    for (const std::int64_t stride : {1, 2, 3}) {
      for (const std::int64_t dilation : {1, 2}) {
        for (const std::int64_t kernel : {1, 3}) {
          check(3, 8, 12,
                {.kh = kernel,
                 .kw = 3,
                 .stride_y = stride,
                 .stride_x = 2,
                 .dilation_y = dilation,
                 .dilation_x = dilation,
                 .same = same},
                9, 11);
        }
      }
    }
  }
}

TEST_P(GroupedConv, SeveralPieces) {
  check(2, 32, 16, {}, 31, 40);
  check(4, 64, 8, {.kh = 3, .kw = 3, .same = true}, 13, 150);
  check(4, 24, 20, {.kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2, .same = true}, 23, 201);
}

TEST_P(GroupedConv, WhatIsFoldedIn) {
  for (const std::int64_t width : {1, 4, 20}) {
    for (const bool integers : {true, false}) {
      ModelBuilder net({6, 7, 4 * width}, integers);
      net.zero_padding(1, 1, 2, 0);
      const std::string x = net.conv({.filters = 4 * width, .kh = 3, .kw = 2, .bias = false, .groups = 4});
      net.batch_norm(net.conv({.filters = 4 * width, .kh = 3, .kw = 3, .same = true, .groups = 4}));
      net.add("Add", {}, {}, {x, net.last()});
      net.relu();
      net.conv({.filters = 8 * width, .activation = integers ? "relu" : "tanh", .groups = 4});
      expect_matches(net);
    }
  }
}

// Strides of 1x1 convolutions move up to grouped ones.
TEST_P(GroupedConv, IsSubsampled) {
  ModelBuilder net({9, 11, 32});
  net.conv({.filters = 32, .kh = 3, .kw = 3, .same = true, .groups = 8});
  net.conv({.filters = 20, .stride_y = 2, .stride_x = 2});
  expect_matches(net);
}

TEST_P(GroupedConv, RunsDepthwiseWhereGroupsAreOneChannelWide) {
  ModelBuilder net({5, 5, 20});
  net.conv({.filters = 40, .kh = 3, .kw = 3, .groups = 20});
  const auto model = Model::create(net.desc(), {.isa = isa_name(table().isa)});
  EXPECT_TRUE(uses(*model, "depthwise_f32_c16"));
}

TEST(GroupedConvReport, CountsMultiplications) {
  ModelBuilder net({5, 4, 32});
  net.conv({.filters = 64, .kh = 3, .kw = 3, .same = true, .groups = 8});
  std::int64_t macs = 0;
  const auto model = Model::create(net.desc());
  for (const LayerReport& layer : model->layers()) macs += layer.macs;
  EXPECT_EQ(macs, 5 * 4 * 9 * 4 * 64);
}

}  // namespace
}  // namespace fovea::test
