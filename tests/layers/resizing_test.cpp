// UpSampling2D and Resizing, nearest, bilinear and bicubic.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Resizing : public LayerTest {};
FOVEA_EVERY_TABLE(Resizing);

TEST_P(Resizing, Factors) {
  for (const char* kind : {"nearest", "bilinear", "bicubic"}) {
    for (const auto& [h, w] : {std::pair{2, 2}, {3, 1}, {1, 4}, {1, 1}}) {
      SCOPED_TRACE(kind);
      ModelBuilder net({5, 4, 19});
      net.relu();
      net.add("UpSampling2D", {{"size", pair(h, w)}, {"interpolation", value(kind)}});
      expect_matches(net);
    }
  }
}

TEST_P(Resizing, Sizes) {
  for (const char* kind : {"nearest", "bilinear", "bicubic"}) {
    for (const auto& [h, w] : {std::pair{7, 9}, {3, 50}, {40, 33}, {1, 1}, {11, 13}}) {
      SCOPED_TRACE(kind);
      ModelBuilder net({11, 13, 3});
      net.add("Resizing", {{"height", value(h)}, {"width", value(w)}, {"interpolation", value(kind)}});
      expect_matches(net);
    }
  }
}

TEST(ResizingConfig, Refuses) {
  const auto refuse = [](const char* key, const Attribute& setting) {
    expect_layer_error<UnsupportedError>({4, 4, 3}, "Resizing",
                                         {{"height", value(4)}, {"width", value(4)}, {key, setting}}, {},
                                         {"layer 'layer1' (Resizing)", key});
  };
  refuse("interpolation", value("lanczos3"));
  refuse("crop_to_aspect_ratio", value(true));
  refuse("antialias", value(true));
  expect_layer_error<Error>({4, 4, 3}, "Resizing", {{"height", value(4)}}, {}, {"(Resizing)", "size"});
  expect_layer_error<Error>({4, 4, 3}, "UpSampling2D", {{"size", value(0)}}, {}, {"(UpSampling2D)", "size"});
}

}  // namespace
}  // namespace fovea::test
