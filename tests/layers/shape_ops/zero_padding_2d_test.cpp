// ZeroPadding2D as a layer of its own (merged into what follows: conv_2d_test.cpp, max_pooling_2d_test.cpp).
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class ZeroPadding2D : public LayerTest {};
FOVEA_EVERY_TABLE(ZeroPadding2D);

TEST_P(ZeroPadding2D, Sides) {
  const std::int64_t sides[][4] = {{0, 0, 0, 0}, {1, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 3, 0}, {0, 0, 0, 4}, {3, 1, 7, 2}};
  for (const auto& [top, bottom, left, right] : sides) {
    for (const int channels : {1, 3, 16, 33}) {
      ModelBuilder net({4, 3, channels});
      net.zero_padding(top, bottom, left, right);
      EXPECT_EQ(net.shape(net.last()), (Shape{4 + top + bottom, 3 + left + right, channels}));
      expect_matches(net);
    }
  }
}

TEST_P(ZeroPadding2D, Forms) {
  for (const Attribute& padding : {value(2), pair(2, 1), list({pair(0, 1), pair(2, 0)})}) {
    ModelBuilder net({4, 3, 5});
    net.add("ZeroPadding2D", {{"padding", padding}});
    expect_matches(net);
  }
  ModelBuilder net({4, 3, 5});
  net.add("ZeroPadding2D");
  EXPECT_EQ(net.shape(net.last()), (Shape{6, 5, 5}));
}

// Two in a row, one that two layers read, and one that is the output.
TEST_P(ZeroPadding2D, WhereItCannotBeMerged) {
  ModelBuilder net({4, 5, 18});
  net.zero_padding(1, 0, 2, 1);
  const std::string padded = net.zero_padding(0, 1, 1, 1);
  const std::string a = net.conv({.filters = 4, .kh = 3, .kw = 3}, padded);
  const std::string b = net.conv({.filters = 4, .kh = 3, .kw = 3}, padded);
  net.add("Add", {}, {}, {a, b});
  net.zero_padding(1, 1, 1, 1);
  net.conv({.filters = 2, .kh = 3, .kw = 3, .same = true});
  net.zero_padding(2, 1, 0, 1);
  net.pool("AveragePooling2D", {});
  expect_matches(net);
  net.zero_padding(1, 2, 3, 4);
  expect_matches(net);
}

TEST(ZeroPadding2DConfig, Refuses) {
  const auto refused = [](Attribute padding) {
    expect_layer_error<Error>({4, 4, 3}, "ZeroPadding2D", {{"padding", std::move(padding)}}, {},
                              {"layer 'layer1' (ZeroPadding2D)", "padding"});
  };
  refused(value(-1));
  refused(pair(1, -1));
  refused(value(100000));
  refused(value("same"));
  refused(list({pair(1, 1)}));
  refused(list({pair(1, 1), value(1)}));
  refused(list({pair(1, 1), list({value(1)})}));
  refused(list({pair(1, 1), list({value(1), value("x")})}));
  refused(list({value(1), pair(1, 1)}));
  expect_layer_error<UnsupportedError>({4, 4, 3}, "ZeroPadding2D", {{"data_format", value("channels_first")}}, {},
                                       {"data_format"});
  expect_layer_error<UnsupportedError>({4, 4, 3}, "ZeroPadding2D", {{"mode", value("reflect")}}, {},
                                       {"layer 'layer1' (ZeroPadding2D)", "mode"});
  expect_layer_error<Error>({48}, "ZeroPadding2D", {}, {}, {"feature map"});
  // 65536 on every side of 16 channels: more than a tensor may hold.
  expect_layer_error<Error>({4, 4, 3}, "ZeroPadding2D", {{"padding", value(65536)}}, {}, {"layer1", "too large"});
}

}  // namespace
}  // namespace fovea::test
