// Operations on single values, statistics, running sums, padding and taking, on every instruction set.
#include "tests/layers/operation/operation_cases.h"

namespace fovea::test {
namespace {

class ValueOperations : public LayerTest {
 protected:
  /// The operation on the input, or on values from a quarter up, and a sum behind it.
  void check(const Shape& shape, const char* name, AttributeMap others, const Shape& result, bool integers = true,
             bool positive = false) {
    ModelBuilder net(shape, integers);
    std::vector<std::string> from{"input"};
    if (positive) {
      net.add("Operation", operation("absolute"));
      from = {net.add("Operation", operation("add", {{"constant", value(0.25)}}))};
    }
    net.add("Operation", operation(name, std::move(others)), {}, from);
    SCOPED_TRACE(testing::Message() << name << " of " << shape.str() << " to " << result.str());
    EXPECT_EQ(net.shape(net.last()), result);
    // Results that are mostly zero would tell little.
    net.add("Operation", operation("add", {{"constant", value(3)}}));
    expect_matches(net);
  }
};
FOVEA_EVERY_TABLE(ValueOperations);

const Shape kShapes[] = {{21}, {5, 7, 18}, {50, 30, 3}, {2, 3, 4, 19}};

TEST_P(ValueOperations, OfOne) {
  for (const Shape& shape : kShapes) {
    for (const char* name : {"sign", "logical_not", "zeros_like", "ones_like", "floor", "trunc"})
      check(shape, name, {}, shape);
    for (const char* name : {"expm1", "exp2"}) check(shape, name, {}, shape, false);
    for (const char* name : {"ceil", "floor", "trunc", "round"}) {
      ModelBuilder net(shape);
      net.add("Operation", operation("multiply", {{"constant", value(8)}}));
      net.add("Operation", operation(name));
      net.add("Operation", operation("add", {{"constant", value(0.5)}}));
      SCOPED_TRACE(name);
      expect_matches(net);
    }
    for (const char* name : {"log", "log1p", "log2", "log10"}) check(shape, name, {}, shape, false, true);
  }
}

TEST_P(ValueOperations, WithConstants) {
  const Attribute each = list({value(-1), value(0.5), value(2)});
  const Attribute rows = list({list({list({value(1)}), list({value(-2)}), list({value(0)}), list({value(3)})})});
  for (const char* name : {"greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "logical_and",
                           "logical_or", "logical_xor", "maximum", "minimum", "squared_difference"}) {
    for (const Attribute& constant : {value(1), each, rows, list({rows})}) {
      for (const bool first : {false, true})
        check({4, 4, 3}, name, {{"constant", constant}, {"constant_first", value(first)}}, {4, 4, 3});
    }
    check({21}, name, {{"constant", value(0)}}, {21});
    check({5, 4, 1}, name, {{"constant", each}}, {5, 4, 3});
  }
  for (const char* name : {"add", "subtract", "multiply"}) check({4, 4, 3}, name, {{"constant", rows}}, {4, 4, 3});
  for (const char* name : {"mod", "floor_divide"}) {
    for (const double constant : {1.5, -2.0}) check({5, 7, 18}, name, {{"constant", value(constant)}}, {5, 7, 18});
  }
  for (const double exponent : {1.0 / 3, 3.5, -1.25, 7.0})
    check({50, 30, 3}, "power", {{"constant", value(exponent)}}, {50, 30, 3}, false, true);
  check({5, 7, 18}, "power", {{"constant", value(2)}, {"constant_first", value(true)}}, {5, 7, 18}, false);
  check({4, 4, 3}, "power", {{"constant", each}}, {4, 4, 3}, false, true);
  check({4, 4, 3}, "divide", {{"constant", each}, {"constant_first", value(true)}}, {4, 4, 3}, false, true);
  check({4, 4, 3}, "clip", {{"x_min", value(-1)}, {"x_max", each}}, {4, 4, 3});
}

TEST_P(ValueOperations, OfSeveral) {
  for (const auto& [a, b] : {std::pair{Shape{5, 7, 18}, Shape{5, 7, 18}}, std::pair{Shape{21}, Shape{1}},
                             std::pair{Shape{5, 1, 3}, Shape{1, 7, 1}}}) {
    for (const char* name : {"greater", "equal", "logical_and", "squared_difference", "where", "clip", "power"}) {
      SCOPED_TRACE(name);
      const bool integers = std::string(name) != "power";
      ModelBuilder net(a, integers);
      const std::string other = net.input(b);
      const std::string first = integers ? "input" : net.add("Operation", operation("absolute"), {}, {"input"});
      if (std::string(name) == "where") {
        net.add("Operation", operation(name, {{"operands", list({value("tensor"), value("tensor"), value(0.5)})}}), {},
                {first, other});
      } else if (std::string(name) == "clip") {
        const AttributeMap operands{{"operands", list({value("tensor"), value("tensor"), value("tensor")})}};
        net.add("Operation", operation(name, operands), {}, {first, other, net.relu(other)});
      } else {
        net.add("Operation", operation(name), {}, {first, other});
      }
      net.add("Operation", operation("add", {{"constant", value(3)}}));
      expect_matches(net);
    }
  }
  ModelBuilder net({4, 3}, true);
  net.add("Operation", operation("greater"), {}, {"input", net.input({3})});
  expect_error<UnsupportedError>(net.desc(), {"different numbers of dimensions", "4x3 and 3"});
}

TEST_P(ValueOperations, Statistics) {
  for (const char* name : {"argmax", "argmin", "any", "all", "prod", "var", "std", "logsumexp"}) {
    const bool integers = std::string(name).rfind("a", 0) == 0;
    for (const bool keep : {false, true}) {
      const Attribute keepdims = value(keep);
      check({21}, name, {{"axis", value(-1)}, {"keepdims", keepdims}},
            keep ? Shape{1} : Shape(std::vector<std::int64_t>{}), integers);
      check({5, 7, 3}, name, {{"axis", value(2)}, {"keepdims", keepdims}}, keep ? Shape{5, 1, 3} : Shape{5, 3},
            integers);
      if (std::string(name).rfind("arg", 0) != 0) {
        check({5, 7, 3}, name, {{"axis", pair(1, 2)}, {"keepdims", keepdims}}, keep ? Shape{1, 1, 3} : Shape{3},
              integers);
      }
    }
  }
}

// One number for each image is less than a vector of one.
TEST_P(ValueOperations, OneNumber) {
  ModelBuilder net({7}, true);
  const std::string more = net.add("Operation", operation("greater", {{"constant", value(0)}}));
  const std::string count = net.add("Operation", operation("sum", {{"axis", value(1)}}), {}, {more});
  const std::string less = net.add("Operation", operation("subtract", {{"constant", value(1)}}), {}, {count});
  const std::string best = net.add("Operation", operation("argmax", {{"axis", value(-1)}}), {}, {"input"});
  const std::string half = net.add("Operation", operation("divide"), {}, {best, less});
  net.add("Operation", operation("maximum"), {}, {half, best});
  EXPECT_EQ(net.shape(net.last()), Shape(std::vector<std::int64_t>{}));
  EXPECT_EQ(net.shape(net.last()).str(), "one number");
  net.add("Operation", operation("stack", {{"axis", value(-1)}}), {}, {less, best, count});
  EXPECT_EQ(net.shape(net.last()), Shape{3});
  expect_matches(net);
  net.add("Operation", operation("get_item", {{"argument 1", list({whole(), value(1)})}}));
  net.add("Operation", operation("expand_dims", {{"axis", value(1)}}));
  EXPECT_EQ(net.shape(net.last()), Shape{1});
  expect_matches(net);
  net.add("Operation", operation("squeeze", {{"axis", value(1)}}));
  net.relu(net.last());
  EXPECT_EQ(net.shape(net.last()), Shape(std::vector<std::int64_t>{}));
  expect_matches(net);
}

TEST_P(ValueOperations, RunningSums) {
  for (const char* name : {"cumsum", "cumprod"}) {
    for (const bool exclusive : {false, true}) {
      for (const bool reverse : {false, true}) {
        const auto along = [&](int axis) {
          return AttributeMap{{"axis", value(axis)}, {"exclusive", value(exclusive)}, {"reverse", value(reverse)}};
        };
        check({21}, name, along(1), {21}, false);
        for (const int axis : {1, 2, -1}) check({5, 7, 3}, name, along(axis), {5, 7, 3}, false);
      }
    }
  }
}

TEST_P(ValueOperations, Padding) {
  for (const char* mode : {"constant", "reflect", "SYMMETRIC"}) {
    const auto padded = [&](std::initializer_list<Attribute> sides) {
      return AttributeMap{{"pad_width", list(AttributeList(sides))}, {"mode", value(mode)}};
    };
    check({5, 7, 3}, "pad", padded({pair(0, 0), pair(1, 2), pair(0, 3), pair(1, 0)}), {8, 10, 4});
    check({5, 7, 18}, "pad", padded({pair(0, 0), pair(4, 4), pair(3, 0), pair(0, 0)}), {13, 10, 18});
    check({21}, "pad", padded({pair(0, 0), pair(3, 5)}), {29});
  }
  check({5, 7, 3}, "pad",
        {{"pad_width", list({pair(0, 0), pair(1, 2), pair(0, 3), pair(0, 0)})}, {"constant_values", value(-2)}},
        {8, 10, 3});
  check({5, 7, 3}, "take", {{"indices", list(numbers({2, 0, -1, 2}))}, {"axis", value(3)}}, {5, 7, 4});
  check({5, 7, 3}, "take", {{"indices", list(numbers({4, 1}))}, {"axis", value(-3)}}, {2, 7, 3});
}

TEST_P(ValueOperations, Pools) {
  const auto four = [](int h, int w) { return list(numbers({1, h, w, 1})); };
  for (const char* name : {"max_pool", "average_pool"}) {
    check({6, 9, 19}, name, {{"pool_size", four(2, 3)}, {"strides", four(2, 1)}, {"padding", value("VALID")}},
          {3, 7, 19}, false);
    check({6, 9, 3}, name,
          {{"pool_size", list({value(2)})},
           {"strides", pair(2, 2)},
           {"padding", value("SAME")},
           {"data_format", value("NHWC")}},
          {3, 5, 3}, false);
  }
}

TEST_P(ValueOperations, Casts) { check({5, 7, 3}, "cast", {{"dtype", value("bool")}}, {5, 7, 3}, true); }

}  // namespace
}  // namespace fovea::test
