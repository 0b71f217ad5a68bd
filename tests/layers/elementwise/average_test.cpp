// Average of inputs of one shape and of several.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Average : public LayerTest {};
FOVEA_EVERY_TABLE(Average);

TEST_P(Average, TwoAndThreeInputs) {
  for (const std::int64_t channels : {1, 16, 37}) {
    SCOPED_TRACE(channels);
    ModelBuilder net({20, 17, channels});
    const std::string a = net.conv({.filters = channels}), b = net.relu("input");
    net.add("Average", {}, {}, {"input", a});
    net.add("Average", {}, {}, {net.last(), b, a});
    expect_matches(net);
  }
}

// Every pairing takes one value for each channel, for each pixel or for all, on either side.
TEST_P(Average, SmallerInputs) {
  for (const char* kind : {"Add", "Average", "Subtract", "Multiply", "Maximum", "Minimum"}) {
    for (const bool swapped : {false, true}) {
      SCOPED_TRACE(kind);
      ModelBuilder net({9, 7, 21});
      const std::string channels = net.add("GlobalAveragePooling2D", {}, {}, {"input"});
      const std::string pixels = net.conv({.filters = 1}, "input");
      const std::string one = net.add("GlobalMaxPooling2D", {{"keepdims", value(true)}}, {}, {pixels});
      std::string x = "input";
      for (const std::string& small : {channels, pixels, one}) {
        x = net.add(kind, {}, {}, swapped ? std::vector{small, x} : std::vector{x, small});
      }
      net.add(kind, {}, {}, {net.add("GlobalMaxPooling2D", {{"keepdims", value(true)}}, {}, {x}), pixels});
      net.add("Add", {}, {}, {net.last(), x});
      expect_matches(net);
    }
  }
}

TEST_P(Average, RepeatedAlongAnyDimensions) {
  const std::vector<std::vector<Shape>> cases = {{{9, 7, 21}, {9, 1, 21}},
                                                 {{9, 1, 21}, {1, 7, 1}},
                                                 {{1, 7, 21}, {9, 7, 1}, {9, 1, 1}},
                                                 {{7, 1}, {9, 1, 16}, {21 - 5}},
                                                 {{7, 3}, {1, 3}},
                                                 {{1, 3}, {40, 1}},
                                                 {{2, 3, 4, 19}, {3, 1, 19}},
                                                 {{2, 1, 4, 1}, {2, 3, 1, 5}, {2, 3, 4, 5}},
                                                 {{2, 3, 4, 19}, {19}, {2, 3, 4, 1}, {1}},
                                                 {{2, 1, 2, 1, 2, 5}, {3, 1, 4, 1, 5}, {1, 5}},
                                                 {{2, 3, 2, 2, 1, 5}, {2, 3, 2, 2, 1, 5}}};
  for (const char* kind : {"Add", "Average", "Subtract", "Multiply", "Maximum", "Minimum"}) {
    const bool two = std::string(kind) == "Subtract";
    for (const auto& shapes : cases) {
      SCOPED_TRACE(testing::Message() << kind << " " << shapes[0].str() << " " << shapes[1].str());
      ModelBuilder net(shapes[0]);
      std::vector<std::string> from = {"input"};
      for (std::size_t i = 1; i < (two ? 2 : shapes.size()); ++i) from.push_back(net.input(shapes[i]));
      net.add(kind, {}, {}, from);
      net.relu();
      net.add(kind, {}, {}, {net.last(), from[1]});
      expect_matches(net);
      net.dense(3, "linear", true, net.add("Flatten"));
      expect_matches(net);
    }
  }
}

// As where nothing repeats (kernels/table.h).
TEST_P(Average, NaNOfEitherStaysWhereBothRepeat) {
  for (const char* kind : {"Add", "Average", "Subtract", "Multiply", "Maximum", "Minimum"}) {
    SCOPED_TRACE(kind);
    ModelBuilder net({1, 2, 2});
    net.add(kind, {}, {}, {"input", net.input({2, 1, 2})});
    Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}));
    set_inputs(session, 0, std::vector<float>{kNaN, 1, 1, 1, 2, 2, 2, kNaN});
    session.run();
    const std::vector<float> got = outputs_of(session, 0);
    ASSERT_EQ(got.size(), 8U);
    for (const std::size_t i : {0U, 4U, 5U, 7U}) EXPECT_NE(got[i], got[i]) << i;
    for (const std::size_t i : {1U, 2U, 3U, 6U}) EXPECT_EQ(got[i], got[i]) << i;
  }
}

TEST(AverageConfig, Refuses) {
  for (const char* kind : {"Add", "Average", "Subtract", "Multiply", "Maximum", "Minimum"}) {
    for (const Shape& other : {Shape{4, 3, 3}, Shape{5, 4, 1}, Shape{2}, Shape{2, 5, 4, 3}}) {
      SCOPED_TRACE(testing::Message() << kind << " " << other.str());
      ModelBuilder net({4, 4, 3});
      net.add(kind, {}, {}, {"input", net.input(other)});
      expect_error<Error>(net.desc(), {"layer 'layer2'", kind, "4x4x3"});
    }
  }
  expect_layer_error<Error>({4, 4, 3}, "Average", {}, {}, {"layer 'layer1' (Average)", "two inputs"});
  expect_layer_error<UnsupportedError>({4, 4, 3}, "Average", {{"secret", value(1)}}, {}, {"(Average)", "secret"});
}

}  // namespace
}  // namespace fovea::test
