// A layer as plain data: its attributes under their Keras names, and its weights. Filled by a loader, read by a layer.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <fovea/export.h>

namespace fovea {

class Attribute;
using AttributeList = std::vector<Attribute>;
using AttributeMap = std::map<std::string, Attribute>;

/// One value of a layer's configuration, as JSON has it: null, bool, integer, real, string, list or object.
class Attribute {
 public:
  using Value = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, AttributeList, AttributeMap>;
  Attribute() = default;
  Attribute(Value v) : value_(std::move(v)) {}  // NOLINT(google-explicit-constructor): a plain value
  const Value& value() const { return value_; }
  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }

 private:
  Value value_ = nullptr;
};

/// One weight tensor in Keras' own order: C-contiguous float32. `data` may point into storage shared with other
/// weights.
struct FOVEA_API Weight {
  std::string name;                 ///< last component of Keras' name, without ":0": "kernel", "bias", "gamma"
  std::vector<std::int64_t> shape;  ///< as stored: Conv2D {kh, kw, in, out}, Dense {in, out}
  std::shared_ptr<const float[]> data;
  /// `data` is memory of 64-byte alignment that may be written to as soon as one Weight alone refers to it: a layer may
  /// keep its own form of the weights there, and a large model is never in memory twice.
  bool reusable = false;

  std::int64_t elements() const;
};

/// Stands for "any size" in LayerConfig::weight.
inline constexpr std::int64_t kAnySize = -1;

/// Attributes and weights of one layer. Reading an attribute marks it as read; `check_all_read` reports the rest,
/// so that no setting of a model is ever silently ignored. Errors name the layer, its class and the attribute.
class FOVEA_API LayerConfig {
 public:
  LayerConfig(std::string class_name, std::string name, AttributeMap attributes, std::vector<Weight> weights)
      : class_name_(std::move(class_name)),
        name_(std::move(name)),
        attributes_(std::move(attributes)),
        weights_(std::move(weights)) {}

  const std::string& class_name() const { return class_name_; }
  const std::string& name() const { return name_; }

  bool has(const std::string& key) const;  ///< present and not null
  bool boolean(const std::string& key, bool fallback) const;
  std::int64_t integer(const std::string& key, std::int64_t fallback) const;
  double number(const std::string& key, double fallback) const;
  std::string text(const std::string& key, const std::string& fallback) const;
  /// A pair such as `strides`: [2, 2], or one number for both.
  std::pair<std::int64_t, std::int64_t> pair(const std::string& key, std::int64_t fallback) const;
  /// The raw value (marks it as read), or nullptr.
  const Attribute* find(const std::string& key) const;

  /// All attributes, marked as read or not.
  const AttributeMap& attributes() const { return attributes_; }
  const std::vector<Weight>& weights() const { return weights_; }
  /// The weight called `name` with exactly this shape (kAnySize where a dimension may be anything); throws if it is
  /// absent or of another shape.
  const Weight& weight(const std::string& name, const std::vector<std::int64_t>& shape) const;
  bool has_weight(const std::string& name) const;

  /// Throws if an attribute that could change the layer's result, or a weight, was never read.
  void check_all_read() const;

  /// "layer 'conv1' (Conv2D): " + message, to be thrown as Error.
  std::string where(const std::string& message) const;

 private:
  std::string class_name_;
  std::string name_;
  AttributeMap attributes_;
  std::vector<Weight> weights_;
  mutable std::set<std::string> read_, read_weights_;
};

/// Copies those attributes that are there (and marks them as read): for a layer that is made of another.
void copy_attributes(const LayerConfig& from, std::initializer_list<const char*> keys, AttributeMap& to);

}  // namespace fovea
