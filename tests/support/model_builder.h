// Small networks for tests, described as a loader would describe them.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include <fovea/model_desc.h>
#include <fovea/shape.h>
#include "tests/support/random.h"

namespace fovea::test {

/// An attribute value, written as in JSON: value(3), value(0.5), value(true), value("same"), list({value(1),
/// value(2)}).
inline Attribute value(int x) { return Attribute::Value(std::int64_t{x}); }
inline Attribute value(std::int64_t x) { return Attribute::Value(x); }
inline Attribute value(double x) { return Attribute::Value(x); }
inline Attribute value(bool x) { return Attribute::Value(x); }
inline Attribute value(const char* x) { return Attribute::Value(std::string(x)); }
inline Attribute value(const std::string& x) { return Attribute::Value(x); }
inline Attribute list(AttributeList x) { return Attribute::Value(std::move(x)); }
inline Attribute object(AttributeMap x) { return Attribute::Value(std::move(x)); }
inline Attribute pair(std::int64_t a, std::int64_t b) { return list({value(a), value(b)}); }
inline Attribute null() { return {}; }

/// A weight with these values.
Weight weight(const std::string& name, std::vector<std::int64_t> shape, const std::vector<float>& values);

struct ConvOptions {
  std::int64_t filters = 1, kh = 1, kw = 1, stride_y = 1, stride_x = 1, dilation_y = 1, dilation_x = 1;
  bool same = false, bias = true;
  std::string activation = "linear";
  std::int64_t groups = 1;
};

struct PoolOptions {
  std::int64_t kh = 2, kw = 2, stride_y = 2, stride_x = 2;
  bool same = false;
};

/// Builds a ModelDesc layer by layer. Each call adds one layer that reads `from` (the last layer added if empty) and
/// returns its name. Weights are random: small whole numbers (so that sums are exact) or real ones.
class ModelBuilder {
 public:
  explicit ModelBuilder(const Shape& input, bool integers = false, std::uint32_t seed = test_seed());

  /// One more input; returns its name. That of the first is "input".
  std::string input(const Shape& shape);
  /// This layer's result is an output as well, in front of the last layer's.
  void output(const std::string& name) { outputs_.push_back(name); }

  /// Any layer, with its attributes and weights as they are.
  std::string add(const std::string& class_name, AttributeMap attributes = {}, std::vector<Weight> weights = {},
                  std::vector<std::string> from = {});

  std::string conv(const ConvOptions& options, const std::string& from = "");
  std::string batch_norm(const std::string& from = "");
  std::string pool(const std::string& class_name, const PoolOptions& options, const std::string& from = "");
  std::string zero_padding(std::int64_t top, std::int64_t bottom, std::int64_t left, std::int64_t right,
                           const std::string& from = "");
  std::string relu(const std::string& from = "") { return add("ReLU", {}, {}, one(from)); }
  std::string dense(std::int64_t units, const std::string& activation = "linear", bool bias = true,
                    const std::string& from = "");

  /// A weight filled at random.
  Weight random_weight(const std::string& name, std::vector<std::int64_t> shape);

  /// The whole network, or as one whose output is `output` alone.
  ModelDesc desc(const std::string& output = "") const;
  const std::string& last() const { return nodes_.back().config.name(); }
  /// Shape of a layer's result.
  Shape shape(const std::string& name) const;
  const Shape& input_shape() const { return inputs_.front(); }
  bool integers() const { return integers_; }

  /// An image that fits the input; those of several inputs in a row.
  std::vector<float> image(std::uint32_t seed) const;

 private:
  std::vector<std::string> one(const std::string& from) const { return {from.empty() ? last() : from}; }

  std::vector<Shape> inputs_;
  bool integers_;
  Random random_;
  std::vector<NodeDesc> nodes_;
  std::vector<std::string> outputs_;
};

}  // namespace fovea::test
