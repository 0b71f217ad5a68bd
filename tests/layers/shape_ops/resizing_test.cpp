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

// A window in the middle is what Cropping2D leaves.
TEST_P(Resizing, Windows) {
  struct Case {
    Shape in;
    int h, w;
    const char* inference;
    std::vector<std::int64_t> crop;  // top, bottom, left, right
  };
  const Case cases[] = {{{11, 13, 3}, 5, 9, "window", {2, 2, 0, 0}},  {{11, 13, 3}, 9, 5, "window", {0, 0, 3, 4}},
                        {{5, 4, 19}, 10, 2, "window", {0, 0, 1, 2}},  {{11, 13, 3}, 4, 4, "corner", {0, 7, 1, 8}},
                        {{11, 13, 3}, 20, 9, "corner", {0, 0, 4, 0}}, {{11, 13, 3}, 11, 13, "window", {0, 0, 0, 0}}};
  for (const auto& [in, h, w, inference, crop] : cases) {
    for (const char* kind : {"nearest", "bilinear", "bicubic"}) {
      SCOPED_TRACE(testing::Message() << in.str() << " to " << h << "x" << w << ", " << inference << ", " << kind);
      const auto run = [&, &in = in, h = h, w = w, inference = inference, &crop = crop](bool cropped) {
        ModelBuilder net(in);
        AttributeMap attributes{{"height", value(h)}, {"width", value(w)}, {"interpolation", value(kind)}};
        if (cropped) {
          const Attribute rows = list({value(crop[0]), value(crop[1])}),
                          columns = list({value(crop[2]), value(crop[3])});
          net.add("Cropping2D", {{"cropping", list({rows, columns})}});
          net.add("Resizing", attributes);
        } else {
          attributes.emplace("inference", value(inference));
          net.add("RandomCrop", attributes);
        }
        Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}));
        set_inputs(session, 0, net.image(0));
        session.run();
        return outputs_of(session, 0);
      };
      const auto want = run(true), got = run(false);
      ASSERT_EQ(got.size(), want.size());
      for (std::size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], want[i], 2e-6 * (1 + std::abs(want[i]))) << i;
    }
  }
}

// TensorFlow to 2.6 covered the size first.
TEST_P(Resizing, Cover) {
  const auto run = [&](bool at_once) {
    ModelBuilder net({11, 13, 3});
    if (at_once) {
      net.add("RandomCrop", {{"height", value(5)}, {"width", value(9)}, {"inference", value("cover")}});
    } else {
      net.add("Resizing", {{"height", value(7)}, {"width", value(9)}});
      net.add("CenterCrop", {{"height", value(5)}, {"width", value(9)}});
    }
    Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}));
    set_inputs(session, 0, net.image(0));
    session.run();
    return outputs_of(session, 0);
  };
  EXPECT_EQ(run(true), run(false));
}

TEST(ResizingConfig, RandomCropSinceKeras38) {
  ModelBuilder net({11, 13, 3});
  net.add("RandomCrop", {{"height", value(5)}, {"width", value(9)}, {"seed", value(1)}});
  EXPECT_EQ(net.shape(net.last()), (Shape{11, 13, 3}));
}

TEST(ResizingConfig, Refuses) {
  const auto refuse = [](const char* key, const Attribute& setting) {
    expect_layer_error<UnsupportedError>({4, 4, 3}, "Resizing",
                                         {{"height", value(4)}, {"width", value(4)}, {key, setting}}, {},
                                         {"layer 'layer1' (Resizing)", key});
  };
  refuse("interpolation", value("lanczos3"));
  refuse("antialias", value(true));
  expect_layer_error<Error>({4, 4, 3}, "Resizing", {{"height", value(4)}}, {}, {"(Resizing)", "size"});
  expect_layer_error<Error>({4, 4, 3}, "UpSampling2D", {{"size", value(0)}}, {}, {"(UpSampling2D)", "size"});
}

}  // namespace
}  // namespace fovea::test
