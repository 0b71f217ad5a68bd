// nlohmann-json's event parser building Attributes directly: no second tree, and limits kept while reading.
#include "loaders/keras/json/json.h"

#include <limits>
#include <nlohmann/json.hpp>

#include <fovea/error.h>

namespace fovea::keras {
namespace {

constexpr std::size_t kLongestText = std::size_t{16} << 20;
constexpr std::size_t kMostValues = 1'000'000;
constexpr std::size_t kDeepest = 400;  // a model within a model adds four

/// The handler of nlohmann's SAX interface. Returning false stops the parser; `error()` says why.
class JsonBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return add(Attribute()); }
  bool boolean(bool value) override { return add(Attribute::Value(value)); }
  bool number_integer(number_integer_t value) override { return add(Attribute::Value(std::int64_t{value})); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max())) {
      return add(Attribute::Value(static_cast<double>(value)));
    }
    return add(Attribute::Value(static_cast<std::int64_t>(value)));
  }
  bool number_float(number_float_t value, const string_t&) override { return add(Attribute::Value(value)); }
  bool string(string_t& value) override { return add(Attribute::Value(std::move(value))); }
  bool binary(binary_t&) override { return refuse("binary data"); }
  bool key(string_t& value) override {
    open_.back().key = std::move(value);
    return true;
  }
  bool start_object(std::size_t) override { return start(true); }
  bool start_array(std::size_t) override { return start(false); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return refuse("not valid JSON at byte " + std::to_string(position));
  }

  const std::string& error() const { return error_; }
  Attribute take() { return std::move(root_); }

 private:
  struct Open {
    bool is_object;
    AttributeMap object;
    AttributeList list;
    std::string key;
  };

  bool refuse(const std::string& reason) {
    error_ = reason;
    return false;
  }

  bool start(bool is_object) {
    if (open_.size() >= kDeepest) return refuse("nested more than " + std::to_string(kDeepest) + " deep");
    open_.push_back({is_object, {}, {}, {}});
    return true;
  }

  /// How Keras 2.0 writes a number that was a NumPy array: {"type": "ndarray", "value": 0.3}.
  static bool is_array(const AttributeMap& object) {
    const auto type = object.find("type");
    const auto* name = type == object.end() ? nullptr : std::get_if<std::string>(&type->second.value());
    return object.size() == 2 && name != nullptr && *name == "ndarray" && object.count("value") > 0;
  }

  bool end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.is_object && is_array(done.object)) return add(std::move(done.object.at("value")));
    return done.is_object ? add(Attribute::Value(std::move(done.object))) : add(Attribute::Value(std::move(done.list)));
  }

  bool add(Attribute value) {
    if (++values_ > kMostValues) return refuse("more than " + std::to_string(kMostValues) + " values");
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is_object) {
      open_.back().object.insert_or_assign(std::move(open_.back().key), std::move(value));
    } else {
      open_.back().list.push_back(std::move(value));
    }
    return true;
  }

  std::vector<Open> open_;
  Attribute root_;
  std::size_t values_ = 0;
  std::string error_;
};

}  // namespace

Attribute parse_json(const std::string& text, const std::string& place) {
  if (text.size() > kLongestText) throw Error(place + ": larger than 16 MiB");
  JsonBuilder builder;
  if (!nlohmann::json::sax_parse(text, &builder)) throw Error(place + ": " + builder.error());
  return builder.take();
}

}  // namespace fovea::keras
