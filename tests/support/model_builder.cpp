// Descriptions of small networks.
#include "tests/support/model_builder.h"

#include <algorithm>

#include "engine/graph/graph.h"

namespace fovea::test {

Weight weight(const std::string& name, std::vector<std::int64_t> shape, const std::vector<float>& values) {
  const std::shared_ptr<float[]> data(new float[values.size()]);
  std::copy(values.begin(), values.end(), data.get());
  return {name, std::move(shape), data};
}

namespace {

std::string input_name(std::size_t number) { return number == 1 ? "input" : "input" + std::to_string(number); }

}  // namespace

ModelBuilder::ModelBuilder(const Shape& input, bool integers, std::uint32_t seed) : integers_(integers), random_(seed) {
  this->input(input);
}

std::string ModelBuilder::input(const Shape& shape) {
  const std::string name = input_name(inputs_.size() + 1);
  AttributeList dims;
  for (const std::int64_t dim : shape.dims()) dims.push_back(value(dim));
  nodes_.push_back({LayerConfig("InputLayer", name, {{"shape", list(dims)}}, {}), {}});
  inputs_.push_back(shape);
  return name;
}

std::string ModelBuilder::add(const std::string& class_name, AttributeMap attributes, std::vector<Weight> weights,
                              std::vector<std::string> from) {
  const std::string name = "layer" + std::to_string(nodes_.size());
  if (from.empty()) from = {last()};
  nodes_.push_back({LayerConfig(class_name, name, std::move(attributes), std::move(weights)), std::move(from)});
  return name;
}

std::string ModelBuilder::conv(const ConvOptions& o, const std::string& from) {
  std::vector<Weight> weights = {random_weight("kernel", {o.kh, o.kw, shape(one(from)[0]).c() / o.groups, o.filters})};
  if (o.bias) weights.push_back(random_weight("bias", {o.filters}));
  return add("Conv2D",
             {{"filters", value(o.filters)},
              {"kernel_size", pair(o.kh, o.kw)},
              {"strides", pair(o.stride_y, o.stride_x)},
              {"dilation_rate", pair(o.dilation_y, o.dilation_x)},
              {"groups", value(o.groups)},
              {"padding", value(o.same ? "same" : "valid")},
              {"use_bias", value(o.bias)},
              {"activation", value(o.activation)}},
             std::move(weights), one(from));
}

std::string ModelBuilder::batch_norm(const std::string& from) {
  const std::int64_t channels = shape(one(from)[0]).c();
  std::vector<float> variance;
  for (std::int64_t c = 0; c < channels; ++c) {
    // Deviations of 1 and 2 keep whole numbers exact.
    variance.push_back(integers_ ? static_cast<float>(random_.integer(0, 1) * 3 + 1) : random_.real(0.25f, 4));
  }
  return add("BatchNormalization", {{"epsilon", value(integers_ ? 0.0 : 1e-3)}, {"axis", value(-1)}},
             {random_weight("gamma", {channels}), random_weight("beta", {channels}),
              random_weight("moving_mean", {channels}), weight("moving_variance", {channels}, variance)},
             one(from));
}

std::string ModelBuilder::pool(const std::string& class_name, const PoolOptions& o, const std::string& from) {
  return add(class_name,
             {{"pool_size", pair(o.kh, o.kw)},
              {"strides", pair(o.stride_y, o.stride_x)},
              {"padding", value(o.same ? "same" : "valid")}},
             {}, one(from));
}

std::string ModelBuilder::zero_padding(std::int64_t top, std::int64_t bottom, std::int64_t left, std::int64_t right,
                                       const std::string& from) {
  return add("ZeroPadding2D", {{"padding", list({pair(top, bottom), pair(left, right)})}}, {}, one(from));
}

std::string ModelBuilder::dense(std::int64_t units, const std::string& activation, bool bias, const std::string& from) {
  std::vector<Weight> weights = {random_weight("kernel", {shape(one(from)[0]).c(), units})};
  if (bias) weights.push_back(random_weight("bias", {units}));
  return add("Dense", {{"units", value(units)}, {"use_bias", value(bias)}, {"activation", value(activation)}},
             std::move(weights), one(from));
}

Weight ModelBuilder::random_weight(const std::string& name, std::vector<std::int64_t> shape) {
  std::vector<float> values(static_cast<std::size_t>(Shape(shape).elements()));
  random_.fill(values, integers_);
  return weight(name, std::move(shape), values);
}

ModelDesc ModelBuilder::desc(const std::string& output) const {
  ModelDesc desc;
  desc.name = "test";
  desc.nodes = nodes_;
  for (std::size_t number = 1; number <= inputs_.size(); ++number) desc.inputs.push_back(input_name(number));
  if (output.empty()) desc.outputs = outputs_;
  desc.outputs.push_back(output.empty() ? last() : output);
  return desc;
}

Shape ModelBuilder::shape(const std::string& name) const {
  const Graph graph(desc(name));
  return graph.nodes()[static_cast<std::size_t>(graph.outputs()[0])].shape;
}

std::vector<float> ModelBuilder::image(std::uint32_t seed) const {
  std::int64_t elements = 0;
  for (const Shape& input : inputs_) elements += input.elements();
  std::vector<float> values(static_cast<std::size_t>(elements));
  Random random(test_seed() + 1000 + seed);
  random.fill(values, integers_);
  return values;
}

}  // namespace fovea::test
