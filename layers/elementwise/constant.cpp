// Nested lists into a shape and values.
#include "layers/elementwise/constant.h"

#include <algorithm>

#include <fovea/error.h>

namespace fovea {

namespace {

class ConstantReader {
 public:
  ConstantReader(const LayerConfig& config, const std::string& key) : config_(config), key_(key) {}

  Constant read(const Attribute& value) {
    for (const Attribute* inner = &value;;) {
      const auto* list = std::get_if<AttributeList>(&inner->value());
      if (list == nullptr) break;
      if (list->empty()) throw Error(config_.where("attribute '" + key_ + "' is empty"));
      constant_.dims.push_back(std::ssize(*list));
      inner = &list->front();
    }
    add(value, 0);
    return std::move(constant_);
  }

 private:
  void add(const Attribute& value, std::size_t depth) {
    if (const auto* list = std::get_if<AttributeList>(&value.value())) {
      if (depth >= constant_.dims.size() || std::ssize(*list) != constant_.dims[depth]) fail();
      for (const Attribute& item : *list) add(item, depth + 1);
      return;
    }
    if (depth != constant_.dims.size()) fail();
    if (const auto* real = std::get_if<double>(&value.value())) {
      constant_.values.push_back(*real);
    } else if (const auto* whole = std::get_if<std::int64_t>(&value.value())) {
      constant_.values.push_back(static_cast<double>(*whole));
    } else if (const auto* flag = std::get_if<bool>(&value.value())) {
      constant_.values.push_back(*flag ? 1 : 0);
    } else {
      fail();
    }
  }
  [[noreturn]] void fail() const {
    throw Error(config_.where("attribute '" + key_ + "' is not numbers in equal rows"));
  }

  const LayerConfig& config_;
  const std::string& key_;
  Constant constant_;
};

}  // namespace

bool Constant::is_per_channel() const {
  return !dims.empty() && std::all_of(dims.begin(), dims.end() - 1, [](std::int64_t dim) { return dim == 1; });
}

Constant read_constant(const LayerConfig& config, const std::string& key, const Attribute& value) {
  return ConstantReader(config, key).read(value);
}

}  // namespace fovea
