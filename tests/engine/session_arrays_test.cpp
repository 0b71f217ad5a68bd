// Whole arrays into a session and out of it, channels last and first.
#include <algorithm>
#include <numeric>

#include "tests/engine/networks.h"
#include "tests/support/layer_test.h"
#include "tests/support/refused.h"

namespace fovea::test {
namespace {

// Everything that goes in comes out, as it is: a map, rows and a vector.
ModelBuilder identities() {
  ModelBuilder net({3, 4, 5});
  const std::string rows = net.input({7, 3}), vector = net.input({6});
  for (const std::string& name : {std::string("input"), rows, vector}) {
    net.output(net.add("Rescaling", {{"scale", value(1.0)}, {"offset", value(1.0)}}, {}, {name}));
  }
  net.add("Rescaling", {{"scale", value(2.0)}, {"offset", value(0.0)}}, {}, {vector});
  return net;
}

std::vector<float> counted(std::size_t size) {
  std::vector<float> values(size);
  std::iota(values.begin(), values.end(), 0.0F);
  return values;
}

// The same values with the channels of each image first, by the definition of both orders.
std::vector<float> channels_first(const std::vector<float>& last, const Shape& shape, std::size_t batch) {
  std::vector<float> first;
  const auto channels = static_cast<std::size_t>(shape.c()), size = static_cast<std::size_t>(shape.elements());
  for (std::size_t i = 0; i < batch; ++i) {
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t p = 0; p < size / channels; ++p) first.push_back(last[i * size + p * channels + c]);
    }
  }
  return first;
}

TEST(SessionArrays, EitherLayoutInAndOut) {
  Session session(Model::create(identities().desc()), {.max_batch = 3, .threads = 1});
  for (const DataLayout in : {DataLayout::nhwc, DataLayout::nchw}) {
    for (int index = 0; index < 3; ++index) {
      const Shape& shape = session.model().input_shape(index);
      const std::vector<float> last = counted(2 * static_cast<std::size_t>(shape.elements()));
      session.set_input(in == DataLayout::nhwc ? last : channels_first(last, shape, 2), in, 2, index);
    }
    session.run(2);
    for (int index = 0; index < 3; ++index) {
      const Shape& shape = session.model().input_shape(index);
      std::vector<float> last = counted(2 * static_cast<std::size_t>(shape.elements())), got(last.size());
      for (float& value : last) value += 1;
      session.get_output(got, DataLayout::nhwc, 2, index);
      EXPECT_EQ(got, last) << index;
      session.get_output(got, DataLayout::nchw, 2, index);
      EXPECT_EQ(got, channels_first(last, shape, 2)) << index;
    }
  }
}

TEST(SessionArrays, RefusesOtherSizes) {
  Session session(Model::create(identities().desc()), {.max_batch = 2, .threads = 1});
  std::vector<float> values(60);
  for (const std::size_t size : {0, 59, 61, 120}) {
    refused([&] { session.set_input(std::vector<float>(size)); }, "values for inputs of 60");
    std::vector<float> out(size);
    refused([&] { session.get_output(out); }, "values for results of 60");
  }
  for (const int batch : {0, -1, 3}) {
    refused([&] { session.set_input(values, DataLayout::nchw, batch); }, "outside the session's 1 to 2");
    refused([&] { session.get_output(values, DataLayout::nchw, batch); }, "outside the session's 1 to 2");
  }
  refused([&] { session.set_input(values, DataLayout::nhwc, 1, 3); }, "no input of number 3");
  refused([&] { session.get_output(values, DataLayout::nhwc, 1, -1); }, "no output of number -1");
}

}  // namespace
}  // namespace fovea::test
