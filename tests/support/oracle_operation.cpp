// The oracle's operations, each as its definition reads.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "tests/support/model_builder.h"
#include "tests/support/oracle_map.h"

namespace fovea::test {
namespace {

std::vector<std::int64_t> numbers(const LayerConfig& config, const std::string& key) {
  const Attribute* attribute = config.find(key);
  if (const auto* one = std::get_if<std::int64_t>(&attribute->value())) return {*one};
  std::vector<std::int64_t> all;
  for (const Attribute& item : std::get<AttributeList>(attribute->value())) {
    all.push_back(std::get<std::int64_t>(item.value()));
  }
  return all;
}

Attribute list_of(const std::vector<std::int64_t>& numbers) {
  AttributeList items;
  for (const std::int64_t number : numbers) items.push_back(value(number));
  return list(items);
}

Map layer(const std::string& kind, const AttributeMap& attributes, const std::vector<const Map*>& in) {
  return compute(LayerConfig(kind, "operation", attributes, {}), in, Arithmetic::direct);
}

Map with_constant(const std::string& name, double c, bool first, const Map& in) {
  if (name == "add") return scale_shift(in, {1}, {c});
  if (name == "subtract") return first ? scale_shift(in, {-1}, {c}) : scale_shift(in, {1}, {-c});
  if (name == "multiply") return scale_shift(in, {c}, {0});
  if (name == "divide") return scale_shift(in, {1 / c}, {0});
  if (name == "maximum") return clamp(in, c, HUGE_VAL);
  if (name == "minimum") return clamp(in, -HUGE_VAL, c);
  if (name == "power" && c == 2) return activate("square", in);
  throw std::invalid_argument("the oracle knows no operation " + name + " with a constant");
}

Map new_shape(const std::string& name, const LayerConfig& config, const Map& in) {
  std::vector<std::int64_t> dims = in.shape.dims();
  if (name == "squeeze") {
    std::erase(dims, 1);
  } else if (name == "expand_dims") {
    dims.insert(dims.begin() + config.integer("axis", 0) - 1, 1);
  } else {
    dims = numbers(config, "newshape");
    dims.erase(dims.begin());
  }
  return {Shape(dims), in.values};
}

}  // namespace

Map operation(const LayerConfig& config, const std::vector<const Map*>& in) {
  const std::string name = config.text("operation", "");
  const Map& first = *in[0];
  if (config.has("constant"))
    return with_constant(name, config.number("constant", 0), config.boolean("constant_first", false), first);
  if (name == "add") return layer("Add", {}, in);
  if (name == "subtract" || name == "multiply" || name == "maximum" || name == "minimum") {
    std::string kind = name;
    kind[0] = static_cast<char>(kind[0] - 'a' + 'A');
    return merge(kind, in);
  }
  if (name == "concatenate") return concatenate(in);
  if (name == "negative") return scale_shift(first, {-1}, {0});
  if (name == "clip") return clamp(first, config.number("x_min", 0), config.number("x_max", 0));
  if (name == "identity") return first;
  if (name == "gelu") return activate(config.boolean("approximate", true) ? "gelu_tanh" : "gelu", first);
  if (name == "squeeze" || name == "expand_dims" || name == "reshape") return new_shape(name, config, first);
  if (name == "mean" || name == "max") {
    AttributeMap attributes;
    if (const Attribute* keepdims = config.find("keepdims")) attributes.emplace("keepdims", *keepdims);
    return layer(name == "mean" ? "GlobalAveragePooling2D" : "GlobalMaxPooling2D", attributes, in);
  }
  if (name == "transpose") {
    std::vector<std::int64_t> axes = numbers(config, "axes");
    axes.erase(axes.begin());
    AttributeMap attributes;
    attributes.emplace("dims", list_of(axes));
    return layer("Permute", attributes, in);
  }
  if (name == "pad") {
    const auto& sides = std::get<AttributeList>(config.find("pad_width")->value());
    AttributeList kept;
    kept.push_back(sides[1]);
    kept.push_back(sides[2]);
    AttributeMap attributes;
    attributes.emplace("padding", list(kept));
    return layer("ZeroPadding2D", attributes, in);
  }
  if (name == "resize") {
    const auto [h, w] = config.pair("size", 0);
    return resize(first, h, w, "bilinear");
  }
  if (name == "soft_sign") return activate("softsign", first);
  return activate(name, first);
}

}  // namespace fovea::test
