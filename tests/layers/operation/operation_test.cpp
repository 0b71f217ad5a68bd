// Operations: the same as the layers that they stand for.
#include "tests/layers/operation/operation_cases.h"

namespace fovea::test {
namespace {

class Operation : public LayerTest {
 protected:
  /// The operation alone, and in front of others.
  void check(const Shape& shape, const char* name, AttributeMap others, const Shape& result, bool integers = true) {
    ModelBuilder net(shape, integers);
    net.add("Operation", operation(name, std::move(others)));
    SCOPED_TRACE(testing::Message() << name << " of " << shape.str() << " to " << result.str());
    EXPECT_EQ(net.shape(net.last()), result);
    check(net);
  }
  void check(ModelBuilder net) {
    expect_matches(net);
    net.dense(3, "linear", true, net.add("Flatten"));
    expect_matches(net);
  }
  void check_key(const Shape& shape, AttributeList key, const Shape& result) {
    check(shape, "get_item", {{"argument 1", list(std::move(key))}}, result);
  }
};
FOVEA_EVERY_TABLE(Operation);

TEST_P(Operation, Constants) {
  for (const bool first : {false, true}) {
    ModelBuilder net({5, 7, 18});
    net.conv({.filters = 19});
    for (const char* name : {"add", "subtract", "multiply", "maximum", "minimum"}) {
      net.add("Operation", operation(name, {{"constant", value(0.75)}, {"constant_first", value(first)}}));
    }
    net.add("Operation", operation("divide", {{"constant", value(3)}}));
    net.add("Operation", operation("power", {{"constant", value(2)}}));
    net.add("Operation", operation("negative"));
    net.add("Operation", operation("clip", {{"x_min", value(-0.5)}, {"x_max", value(0.25)}}));
    expect_matches(net);
  }
}

TEST_P(Operation, Tensors) {
  ModelBuilder net({5, 7, 18});
  const std::string a = net.conv({.filters = 18});
  for (const char* name : {"add", "subtract", "multiply", "maximum", "minimum"}) {
    net.add("Operation", operation(name), {}, {net.last(), "input"});
  }
  net.add("Operation", operation("concatenate", {{"axis", value(-1)}}), {}, {net.last(), a});
  expect_matches(net);
}

TEST_P(Operation, Functions) {
  for (const char* name :
       {"relu", "relu6", "sigmoid", "tanh", "silu", "softplus", "soft_sign", "mish", "hard_sigmoid", "hard_silu",
        "selu", "log_sigmoid", "absolute", "softmax", "log_softmax", "leaky_relu", "elu", "identity"}) {
    SCOPED_TRACE(name);
    ModelBuilder net({5, 7, 18});
    net.add("Operation", operation(name));
    expect_matches(net);
  }
  for (const bool approximate : {false, true}) {
    ModelBuilder net({5, 7, 18});
    net.add("Operation", operation("gelu", {{"approximate", value(approximate)}}));
    expect_matches(net);
  }
}

TEST_P(Operation, Shapes) {
  ModelBuilder net({5, 4, 18});
  net.add("Operation", operation("transpose", {{"axes", list({value(0), value(2), value(1), value(3)})}}));
  net.add("Operation", operation("pad", {{"pad_width", list({pair(0, 0), pair(1, 2), pair(0, 3), pair(0, 0)})}}));
  net.add("Operation", operation("resize", {{"size", pair(4, 5)}}));
  const std::string map = net.last();
  net.add("Operation", operation("max", {{"axis", pair(2, 1)}, {"keepdims", value(true)}}), {}, {map});
  net.add("Operation", operation("squeeze", {{"axis", pair(1, 2)}}));
  net.add("Operation", operation("expand_dims", {{"axis", value(1)}}));
  net.add("Operation", operation("reshape", {{"newshape", list({value(-1), value(1), value(1), value(18)})}}));
  net.add("Operation", operation("add"), {}, {net.last(), map});
  net.add("Operation", operation("mean", {{"axis", pair(1, 2)}}));
  expect_matches(net);
}

TEST_P(Operation, ConstantsForEachChannel) {
  for (const Shape& shape : {Shape{3}, Shape{9, 3}, Shape{5, 7, 3}, Shape{2, 3, 4, 3}, Shape{2, 1, 2, 3, 2, 3}}) {
    SCOPED_TRACE(shape.str());
    const Attribute plain = list({value(0.75), value(-3), value(1.5)});
    ModelBuilder net(shape);
    for (const Attribute& constant : {plain, list({plain}), list({list({list({plain})})})}) {
      net.add("Operation", operation("add", {{"constant", constant}}));
      net.add("Operation", operation("multiply", {{"constant", constant}, {"constant_first", value(true)}}));
      net.add("Operation", operation("divide", {{"constant", constant}}));
      net.add("Operation", operation("subtract", {{"constant", constant}}));
      net.add("Operation", operation("subtract", {{"constant", constant}, {"constant_first", value(true)}}));
      net.add("Operation", operation("bias_add", {{"constant", constant}, {"data_format", value("NHWC")}}));
    }
    check(net);
  }
  // What every network of keras.applications in PyTorch's style begins with.
  ModelBuilder net({5, 7, 3});
  net.add("Operation", operation("divide", {{"constant", value(255)}}));
  net.add("Operation", operation("subtract", {{"constant", list({value(0.485), value(0.456), value(0.406)})}}));
  net.add("Operation", operation("divide", {{"constant", list({value(0.229), value(0.224), value(0.225)})}}));
  net.conv({.filters = 18, .kh = 3, .kw = 3});
  expect_matches(net);
}

TEST_P(Operation, Quotients) {
  const std::pair<Shape, Shape> cases[] = {{{21}, {21}},
                                           {{21}, {1}},
                                           {{5, 7, 18}, {5, 7, 18}},
                                           {{5, 7, 18}, {18}},
                                           {{5, 7, 18}, {7, 1}},
                                           {{1, 7, 1}, {5, 1, 3}},
                                           {{9, 20}, {1, 20}},
                                           {{2, 3, 4, 19}, {3, 1, 19}},
                                           {{1, 40}, {30, 1}},
                                           {{4}, {2, 3, 1, 2, 1, 4}}};
  for (const auto& [above, below] : cases) {
    SCOPED_TRACE(above.str() + " by " + below.str());
    ModelBuilder net(above);
    net.add("Operation", operation("absolute"), {}, {net.input(below)});
    net.add("Operation", operation("add", {{"constant", value(0.25)}}));
    net.add("Operation", operation("divide"), {}, {"input", net.last()});
    check(net);
  }
}

TEST_P(Operation, PowersAndRoots) {
  for (const Shape& shape : {Shape{21}, Shape{7, 18}, Shape{5, 7, 3}, Shape{50, 9, 19}, Shape{2, 3, 4, 5}}) {
    SCOPED_TRACE(shape.str());
    ModelBuilder net(shape);
    net.add("Operation", operation("absolute"));
    const std::string x = net.add("Operation", operation("add", {{"constant", value(0.25)}}));
    const auto read = [&](const char* name, AttributeMap others = {}) {
      net.add("Operation", operation(name, std::move(others)), {}, {x});
      SCOPED_TRACE(name);
      check(net);
    };
    for (const double exponent : {-2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 3.0, 4.0})
      read("power", {{"constant", value(exponent)}});
    for (const char* name : {"sqrt", "rsqrt", "reciprocal"}) read(name);
    read("divide", {{"constant", value(-2.5)}, {"constant_first", value(true)}});
  }
}

TEST_P(Operation, Reductions) {
  struct Case {
    Shape shape;
    std::vector<std::int64_t> axes;
    Shape result, kept;
  };
  const Case cases[] = {{{5, 7, 18}, {1}, {7, 18}, {1, 7, 18}},
                        {{5, 7, 18}, {-2}, {5, 18}, {5, 1, 18}},
                        {{5, 7, 18}, {-1}, {5, 7}, {5, 7, 1}},
                        {{5, 7, 18}, {2, 1}, {18}, {1, 1, 18}},
                        {{5, 7, 18}, {1, 3}, {7}, {1, 7, 1}},
                        {{5, 7, 3}, {-2, -1}, {5}, {5, 1, 1}},
                        {{50, 9, 19}, {2}, {50, 19}, {50, 1, 19}},
                        {{9, 20}, {1}, {20}, {1, 20}},
                        {{9, 20}, {2}, {9}, {9, 1}},
                        {{2, 3, 4, 19}, {2}, {2, 4, 19}, {2, 1, 4, 19}},
                        {{2, 3, 4, 19}, {4, 1}, {3, 4}, {1, 3, 4, 1}},
                        {{2, 3, 4, 19}, {1, 2, 3}, {19}, {1, 1, 1, 19}},
                        {{2, 3, 1, 2, 4, 5}, {2, -1}, {2, 1, 2, 4}, {2, 1, 1, 2, 4, 1}}};
  for (const char* name : {"sum", "mean", "max", "min"}) {
    const bool integers = std::string(name) != "mean";
    for (const auto& [shape, axes, result, kept] : cases) {
      const Attribute axis = axes.size() == 1 ? value(axes[0]) : list(numbers(axes));
      check(shape, name, {{"axis", axis}}, result, integers);
      check(shape, name, {{"axis", axis}, {"keepdims", value(true)}}, kept, integers);
    }
    check({21}, name, {{"axis", value(1)}, {"keepdims", value(true)}}, {1}, integers);
    check({4, 5, 3}, name, {{"axis", list(numbers({1, 2, 3}))}, {"keepdims", value(true)}}, {1, 1, 1}, integers);
    check({4, 5, 3}, name, {{"axis", value(3)}}, {4, 5}, false);
  }
}

TEST_P(Operation, ReductionsKeepNaN) {
  for (const char* name : {"sum", "mean", "max", "min"}) {
    SCOPED_TRACE(name);
    ModelBuilder net({3, 2});
    net.add("Operation", operation(name, {{"axis", value(1)}}));
    Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}));
    const float image[] = {kNaN, 2, 1, 3, 4, kNaN};
    std::copy(std::begin(image), std::end(image), session.input().begin());
    session.run();
    for (const float x : session.output()) EXPECT_NE(x, x);
  }
}

TEST_P(Operation, Slices) {
  const Shape map{6, 7, 19};
  check_key(map,
            {whole(), slice(value(1), value(6), value(2)), slice(null(), null(), value(-1)), slice(value(1), null())},
            {3, 7, 18});
  check_key(map, {whole(), slice(null(), null(), value(-2)), slice(value(5), value(1), value(-3))}, {3, 2, 19});
  check_key(map, {whole(), slice(value(-100), value(100)), slice(value(-1), null(), value(-4))}, {6, 2, 19});
  check_key(map, {whole(), slice(value(100), value(-100), value(-5)), slice(value(-3), value(-1))}, {2, 2, 19});
  check_key(map, {slice(value(0), null(), value(1)), slice(value(5), null())}, {1, 7, 19});
  check_key(map, {ellipsis(), slice(null(), value(2))}, {6, 7, 2});
  check_key(map, {ellipsis(), value(1)}, {6, 7});
  check_key(map, {ellipsis(), value(-1), slice(value(3), value(4))}, {6, 1});
  check_key(map, {whole(), value(2), value(-7)}, {19});
  check_key(map, {whole(), value(-1), whole(), value(18)}, {7});
  check_key(map, {whole(), null(), value(-2), ellipsis(), slice(value(-3), null())}, {1, 7, 3});
  check_key(map, {whole(), ellipsis(), null()}, {6, 7, 19, 1});
  check_key(map, {ellipsis(), null(), value(3)}, {6, 7, 1});
  check_key(map, {whole(), null(), slice(value(1), null(), value(3)), null(), null()}, {1, 2, 1, 1, 7, 19});
  check_key(map, {whole()}, map);
  check_key(map, {whole(), whole(), whole(), whole(), ellipsis()}, map);
  check_key({21}, {whole(), slice(null(), null(), value(-1))}, {21});
  check_key({21}, {whole(), slice(value(3), value(20), value(4))}, {5});
  check_key({21}, {whole(), null(), slice(value(18), null())}, {1, 3});
  check_key({2, 3, 4, 5}, {whole(), value(1), slice(value(2), value(0), value(-1)), ellipsis(), value(0)}, {2, 4});
  check_key({2, 3, 1, 2, 4, 5}, {ellipsis(), slice(value(1), null()), value(2), whole()}, {2, 3, 1, 1, 5});
  // More than one task.
  check_key({40, 70, 3}, {whole(), slice(null(), null(), value(-1)), slice(value(1), null())}, {40, 69, 3});
}

// Keras 2 names the key otherwise, and a slice has no class.
TEST_P(Operation, SlicesOfKeras2) {
  const Attribute all = old_slice(null(), null());
  check({6, 7, 19}, "get_item", {{"slice_spec", list({all, ellipsis(), old_slice(null(), null(), value(-1))})}},
        {6, 7, 19});
  check({6, 7, 19}, "get_item", {{"slice_spec", list({all, value(-2), old_slice(value(1), value(5)), null()})}},
        {4, 1, 19});
  check({21}, "get_item", {{"slice_spec", list({all, old_slice(value(2), null(), value(3))})}}, {7});
  check({6, 7, 19}, "get_item", {{"slice_spec", ellipsis()}}, {6, 7, 19});
}

TEST_P(Operation, TurnedAndRepeated) {
  const auto axes = [](const std::vector<std::int64_t>& all) { return list(numbers(all)); };
  for (const Attribute& axis : {value(1), value(2), value(-1), axes({1, 2}), axes({3, 1}), axes({1, -2, 3})})
    check({5, 7, 18}, "flip", {{"axis", axis}}, {5, 7, 18});
  check({21}, "flip", {{"axis", value(1)}}, {21});
  check({2, 3, 4, 5}, "flip", {{"axis", axes({2, -1})}}, {2, 3, 4, 5});

  check({5, 7, 18}, "swapaxes", {{"axis1", value(1)}, {"axis2", value(3)}}, {18, 7, 5});
  check({5, 7, 18}, "swapaxes", {{"axis1", value(-1)}, {"axis2", value(2)}}, {5, 18, 7});
  check({5, 7, 18}, "swapaxes", {{"axis1", value(2)}, {"axis2", value(2)}}, {5, 7, 18});
  check({2, 3, 4, 5}, "swapaxes", {{"axis1", value(1)}, {"axis2", value(-1)}}, {5, 3, 4, 2});

  for (const int axis : {1, -3})
    check({5, 7, 18}, "repeat", {{"repeats", value(3)}, {"axis", value(axis)}}, {15, 7, 18});
  check({5, 7, 18}, "repeat", {{"repeats", value(2)}, {"axis", value(2)}}, {5, 14, 18});
  check({5, 7, 18}, "repeat", {{"repeats", value(2)}, {"axis", value(-1)}}, {5, 7, 36});
  check({7}, "repeat", {{"repeats", value(3)}, {"axis", value(1)}}, {21});
  check({2, 3, 1, 2, 4, 5}, "repeat", {{"repeats", value(2)}, {"axis", value(3)}}, {2, 3, 2, 2, 4, 5});

  check({5, 7, 3}, "tile", {{"repeats", axes({1, 2, 1, 3})}}, {10, 7, 9});
  check({5, 7, 3}, "tile", {{"repeats", axes({1, 1, 3, 1})}}, {5, 21, 3});
  check({7}, "tile", {{"repeats", axes({1, 3})}}, {21});
  check({2, 3, 4, 5}, "tile", {{"repeats", axes({1, 2, 1, 2, 3})}}, {4, 3, 8, 15});
  check({2, 1, 1, 2, 1, 5}, "tile", {{"repeats", axes({1, 2, 3, 1, 2, 2, 1})}}, {4, 3, 1, 4, 2, 5});
}

TEST_P(Operation, Parts) {
  const auto part = [&](const Shape& shape, const Attribute& sections, int number, int axis, const Shape& result) {
    check(shape, "split_part", {{"sections", sections}, {"part", value(number)}, {"axis", value(axis)}}, result);
  };
  for (const int number : {0, 1, 2}) {
    part({5, 7, 18}, value(3), number, -1, {5, 7, 6});
    part({6, 7, 5}, value(3), number, 1, {2, 7, 5});
    part({5, 6, 19}, value(3), number, -2, {5, 2, 19});
    part({21}, value(3), number, 1, {7});
    part({2, 3, 6, 5}, value(3), number, 3, {2, 3, 2, 5});
    const Attribute ends = list(numbers({1, 4}));
    const std::int64_t sizes[] = {1, 3, 15};
    part({5, 7, 19}, ends, number, 3, {5, 7, sizes[number]});
    part({19, 7, 5}, ends, number, 1, {sizes[number], 7, 5});
    part({19}, ends, number, -1, {sizes[number]});
  }
  part({5, 7, 18}, value(1), 0, 2, {5, 7, 18});
  part({5, 7, 18}, list(numbers({17})), 1, 3, {5, 7, 1});
  // All parts of one tensor, joined in another order.
  ModelBuilder net({5, 7, 18});
  const std::string x = net.conv({.filters = 21});
  std::vector<std::string> from;
  for (const int number : {2, 0, 1}) {
    from.push_back(net.add(
        "Operation", operation("split_part", {{"sections", value(3)}, {"part", value(number)}, {"axis", value(-1)}}),
        {}, {x}));
  }
  net.add("Operation", operation("concatenate", {{"axis", value(1)}}), {}, from);
  net.conv({.filters = 3, .kh = 3, .kw = 3});
  expect_matches(net);
}

TEST_P(Operation, SeveralNewDimensions) {
  check({5}, "expand_dims", {{"axis", list({value(1), value(2)})}}, {1, 1, 5});
  check({5}, "expand_dims", {{"axis", list({value(-1), value(-2)})}}, {5, 1, 1});
}

TEST_P(Operation, DepthAndSpace) {
  check({3, 5, 12}, "depth_to_space", {{"block_size", value(2)}}, {6, 10, 3});
  check({3, 5, 18}, "depth_to_space", {{"block_size", value(3)}, {"data_format", value("channels_last")}}, {9, 15, 2});
  check({1, 1, 16}, "depth_to_space", {{"block_size", value(4)}}, {4, 4, 1});
  check({3, 5, 7}, "depth_to_space", {{"block_size", value(1)}}, {3, 5, 7});
  check({6, 10, 3}, "space_to_depth", {{"block_size", value(2)}}, {3, 5, 12});
  check({9, 6, 19}, "space_to_depth", {{"block_size", value(3)}, {"data_format", value("NHWC")}}, {3, 2, 171});
  check({4, 4, 1}, "space_to_depth", {{"block_size", value(4)}}, {1, 1, 16});
}

TEST_P(Operation, Stacks) {
  struct Case {
    Shape shape;
    int axis;
    Shape result;
  };
  for (const auto& [shape, axis, result] :
       {Case{{5, 7}, 1, {3, 5, 7}}, Case{{5, 7}, 2, {5, 3, 7}}, Case{{5, 7}, -1, {5, 7, 3}}, Case{{21}, 1, {3, 21}},
        Case{{21}, -1, {21, 3}}, Case{{5, 7, 18}, -4, {3, 5, 7, 18}}, Case{{5, 7, 18}, 3, {5, 7, 3, 18}},
        Case{{2, 3, 1, 2, 5}, 4, {2, 3, 1, 3, 2, 5}}}) {
    SCOPED_TRACE(testing::Message() << shape.str() << " along " << axis);
    ModelBuilder net(shape, true);
    const std::string other = net.input(shape);
    net.add("Operation", operation("stack", {{"axis", value(axis)}}), {}, {"input", other, net.relu("input")});
    EXPECT_EQ(net.shape(net.last()), result);
    check(net);
  }
}

TEST_P(Operation, Pools) {
  for (const char* name : {"max_pool", "average_pool"}) {
    check({6, 9, 19}, name, {{"pool_size", value(2)}}, {3, 4, 19}, false);
    check({6, 9, 3}, name, {{"pool_size", pair(3, 2)}, {"strides", value(1)}, {"padding", value("same")}}, {6, 9, 3},
          false);
  }
}

TEST_P(Operation, UnitVectors) {
  for (const Shape& shape : {Shape{21}, Shape{7, 18}, Shape{5, 7, 3}, Shape{2, 3, 4, 19}}) {
    for (const int axis : {-1, 1}) {
      for (const char* name : {"normalize", "l2_normalize"}) {
        check(shape, name, {{"axis", value(axis)}}, shape, false);
        // Of many vectors this is larger than the length, or than its square.
        check(shape, name, {{"axis", value(axis)}, {"epsilon", value(1.75)}}, shape, false);
      }
    }
  }
  check({5, 7, 3}, "l2_normalize", {{"axis", pair(1, 2)}}, {5, 7, 3}, false);
}

TEST_P(Operation, NewDimensions) {
  for (const int axis : {1, 2, 3, 4, -1, -4}) {
    const int place = axis > 0 ? axis - 1 : 4 + axis;
    std::vector<std::int64_t> dims = {5, 7, 18};
    dims.insert(dims.begin() + place, 1);
    check({5, 7, 18}, "expand_dims", {{"axis", value(axis)}}, Shape(dims));
  }
  check({21}, "expand_dims", {{"axis", value(-1)}}, {21, 1});
  check({5, 1, 7, 1, 3}, "squeeze", {{"axis", pair(2, -2)}}, {5, 7, 3});
  check({1, 1, 1, 21}, "squeeze", {{"axis", list(numbers({1, 2, 3}))}}, {21});
}

}  // namespace
}  // namespace fovea::test
