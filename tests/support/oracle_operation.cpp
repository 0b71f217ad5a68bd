// The oracle's operations, each as its definition reads.
#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

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

// The constants: one, or a list of one for each channel, perhaps as the only item of lists.
std::vector<double> constants_of(const LayerConfig& config) {
  const Attribute* attribute = config.find("constant");
  const AttributeList one{*attribute};
  const AttributeList* items = std::get_if<AttributeList>(&attribute->value());
  while (items != nullptr && std::holds_alternative<AttributeList>(items->front().value()))
    items = &std::get<AttributeList>(items->front().value());
  std::vector<double> all;
  for (const Attribute& item : items != nullptr ? *items : one) {
    const auto* whole = std::get_if<std::int64_t>(&item.value());
    all.push_back(whole != nullptr ? static_cast<double>(*whole) : std::get<double>(item.value()));
  }
  return all;
}

Map with_constant(const std::string& name, const std::vector<double>& all, bool first, const Map& in) {
  const double c = all.front();
  const auto each = [&](auto f) {
    std::vector<double> values;
    for (const double x : all) values.push_back(f(x));
    return values;
  };
  if (name == "add" || name == "bias_add") return scale_shift(in, {1}, all);
  if (name == "subtract")
    return first ? scale_shift(in, {-1}, all) : scale_shift(in, {1}, each([](double x) { return -x; }));
  if (name == "multiply") return scale_shift(in, all, {0});
  if (name == "divide" && !first) return scale_shift(in, each([](double x) { return 1 / x; }), {0});
  if (name == "divide") return power(-1, c, in);
  if (name == "maximum") return clamp(in, c, HUGE_VAL);
  if (name == "minimum") return clamp(in, -HUGE_VAL, c);
  if (name == "power" && c == 1) return in;
  if (name == "power" && c == 2) return activate("square", in);
  if (name == "power") return power(c, 1, in);
  throw std::invalid_argument("the oracle knows no operation " + name + " with a constant");
}

// True if the constant is one or one for each channel, and the operation exact but for a rounding or two.
bool is_affine_or_clamp(const std::string& name, const LayerConfig& config) {
  const Attribute* items = config.find("constant");
  const bool first = config.boolean("constant_first", false);
  bool single = true;
  while (const auto* list = std::get_if<AttributeList>(&items->value())) {
    single = list->size() == 1;
    if (!single && std::ranges::any_of(*list, [](const Attribute& item) {
          return std::holds_alternative<AttributeList>(item.value());
        }))
      return false;
    items = &list->front();
  }
  if (name == "add" || name == "bias_add" || name == "subtract" || name == "multiply") return true;
  if (name == "divide") return !first || single;
  if (name == "power") {
    const auto all = constants_of(config);
    return single && !first && std::ranges::count(std::vector<double>{-2, -1, -0.5, 0.5, 1, 2, 3, 4}, all[0]) > 0;
  }
  return single && (name == "maximum" || name == "minimum");
}

Map new_shape(const std::string& name, const LayerConfig& config, const Map& in) {
  std::vector<std::int64_t> dims = in.shape.dims();
  if (name == "squeeze") {
    std::erase(dims, 1);
  } else if (name == "expand_dims") {
    std::vector<std::int64_t> axes = numbers(config, "axis");
    const int rank = in.shape.rank() + static_cast<int>(axes.size());
    for (std::int64_t& axis : axes) axis = static_cast<std::int64_t>(dimension(axis, rank));
    std::ranges::sort(axes);
    for (const std::int64_t place : axes) dims.insert(dims.begin() + place, 1);
  } else {
    dims = numbers(config, "newshape");
    dims.erase(dims.begin());
  }
  return {Shape(dims), in.values};
}

const Attribute* member(const Attribute& item, const char* key) {
  const auto* object = std::get_if<AttributeMap>(&item.value());
  if (object == nullptr) return nullptr;
  const auto found = object->find(key);
  return found == object->end() ? nullptr : &found->second;
}

// The places that `start:stop:step` takes of so many, as Python defines it.
std::vector<std::int64_t> sliced(const Attribute& slice, std::int64_t size) {
  const Attribute* config = member(slice, "config");
  const auto bound = [&](const char* key) -> const std::int64_t* {
    const Attribute* found = member(config != nullptr ? *config : slice, key);
    return found == nullptr ? nullptr : std::get_if<std::int64_t>(&found->value());
  };
  const std::int64_t *start = bound("start"), *stop = bound("stop"), *given = bound("step");
  const std::int64_t step = given == nullptr ? 1 : *given;
  const std::int64_t before = step > 0 ? 0 : -1, behind = step > 0 ? size : size - 1;
  const auto within = [&](std::int64_t at) { return std::clamp(at < 0 ? at + size : at, before, behind); };
  std::int64_t at = start != nullptr ? within(*start) : step > 0 ? before : behind;
  const std::int64_t end = stop != nullptr ? within(*stop) : step > 0 ? behind : before;
  std::vector<std::int64_t> places;
  for (; step > 0 ? at < end : at > end; at += step) places.push_back(at);
  return places;
}

bool is_ellipsis(const Attribute& item) {
  const Attribute* name = member(item, "class_name");
  return name != nullptr && std::get<std::string>(name->value()) == "__ellipsis__";
}

// x[key], whose first part is the batch's unless it is an ellipsis.
Map get_item(const LayerConfig& config, const Map& in) {
  const Attribute* key = config.find(config.has("slice_spec") ? "slice_spec" : "argument 1");
  const auto* several = std::get_if<AttributeList>(&key->value());
  AttributeList parts = several != nullptr ? *several : AttributeList{*key};
  if (!is_ellipsis(parts.front())) parts.erase(parts.begin());
  const auto ellipsis = std::ranges::find_if(parts, is_ellipsis);
  const std::int64_t new_axes = std::ranges::count_if(parts, [](const Attribute& a) { return a.is_null(); });
  // Dimensions that no part names are taken whole.
  const Attribute whole = object({});
  const std::int64_t named = std::ssize(parts) - new_axes - (ellipsis != parts.end() ? 1 : 0);
  const auto at = ellipsis == parts.end() ? ellipsis : parts.erase(ellipsis);
  parts.insert(at, static_cast<std::size_t>(in.shape.rank() - named), whole);

  std::vector<std::int64_t> dims;
  std::vector<std::vector<std::int64_t>> taken;  // of each dimension of the input
  std::vector<std::ptrdiff_t> kept;              // dimension of the result that each of the input became; -1 = none
  for (const Attribute& part : parts) {
    if (part.is_null()) {
      dims.push_back(1);
      continue;
    }
    const std::int64_t size = in.shape.dims()[taken.size()];
    if (const auto* index = std::get_if<std::int64_t>(&part.value())) {
      taken.push_back({*index < 0 ? *index + size : *index});
      kept.push_back(-1);
      continue;
    }
    taken.push_back(sliced(part, size));
    kept.push_back(std::ssize(dims));
    dims.push_back(std::ssize(taken.back()));
  }
  return moved(in, Shape(dims), [&](const Place& place) {
    Place from;
    for (std::size_t d = 0; d < taken.size(); ++d) {
      const std::int64_t number = kept[d] < 0 ? 0 : place[static_cast<std::size_t>(kept[d])];
      from.push_back(taken[d][static_cast<std::size_t>(number)]);
    }
    return from;
  });
}

Map tile(const std::vector<std::int64_t>& repeats, const Map& in) {
  std::vector<std::int64_t> dims = in.shape.dims();
  for (std::size_t d = 0; d < dims.size(); ++d) dims[d] *= repeats[d + 1];
  return moved(in, Shape(dims), [&](Place place) {
    for (std::size_t d = 0; d < place.size(); ++d) place[d] %= in.shape.dims()[d];
    return place;
  });
}

// One of equal parts, or from where the part before ends to where this one does.
Map split_part(const LayerConfig& config, std::size_t along, const Map& in) {
  std::vector<std::int64_t> dims = in.shape.dims();
  const std::int64_t size = dims[along], part = config.integer("part", 0);
  std::vector<std::int64_t> ends{0};
  if (const auto* sections = std::get_if<std::int64_t>(&config.find("sections")->value())) {
    for (std::int64_t i = 1; i <= *sections; ++i) ends.push_back(i * size / *sections);
  } else {
    for (const std::int64_t end : numbers(config, "sections")) ends.push_back(end);
    ends.push_back(size);
  }
  const std::int64_t first = ends[static_cast<std::size_t>(part)];
  dims[along] = ends[static_cast<std::size_t>(part) + 1] - first;
  return moved(in, Shape(dims), [&](Place place) {
    place[along] += first;
    return place;
  });
}

// Channel (y * block + x) * channels + c of a pixel is channel c of pixel (y, x) of a block.
Map depth_to_space(std::int64_t block, const Map& in) {
  const std::int64_t channels = in.shape.c() / (block * block);
  return moved(in, {in.shape.h() * block, in.shape.w() * block, channels}, [&](const Place& place) {
    const std::int64_t y = place[0], x = place[1];
    return Place{y / block, x / block, (y % block * block + x % block) * channels + place[2]};
  });
}

Map space_to_depth(std::int64_t block, const Map& in) {
  const std::int64_t channels = in.shape.c();
  return moved(in, {in.shape.h() / block, in.shape.w() / block, channels * block * block}, [&](const Place& place) {
    const std::int64_t pixel = place[2] / channels;
    return Place{place[0] * block + pixel / block, place[1] * block + pixel % block, place[2] % channels};
  });
}

Map stack(std::int64_t axis, const std::vector<const Map*>& in) {
  std::vector<Map> planes;
  for (const Map* map : in) {
    std::vector<std::int64_t> dims = map->shape.dims();
    dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(dimension(axis, map->shape.rank() + 1)), 1);
    planes.push_back({Shape(dims), map->values});
  }
  std::vector<const Map*> pointers;
  for (const Map& plane : planes) pointers.push_back(&plane);
  return concatenate(axis, pointers);
}

// Operations that only move values.
std::optional<Map> view(const std::string& name, const LayerConfig& config, const Map& in) {
  const int rank = in.shape.rank();
  std::vector<std::int64_t> dims = in.shape.dims();
  if (name == "get_item") return get_item(config, in);
  if (name == "flip") {
    return moved(in, in.shape, [&](Place place) {
      for (const std::int64_t axis : axes_of(config)) {
        const std::size_t d = dimension(axis, rank);
        place[d] = dims[d] - 1 - place[d];
      }
      return place;
    });
  }
  if (name == "swapaxes") {
    const std::size_t a = dimension(config.integer("axis1", 0), rank), b = dimension(config.integer("axis2", 0), rank);
    std::swap(dims[a], dims[b]);
    return moved(in, Shape(dims), [&](Place place) {
      std::swap(place[a], place[b]);
      return place;
    });
  }
  const std::size_t along = dimension(axes_of(config).front(), rank);
  if (name == "repeat") {
    const std::int64_t repeats = config.integer("repeats", 1);
    dims[along] *= repeats;
    return moved(in, Shape(dims), [&](Place place) {
      place[along] /= repeats;
      return place;
    });
  }
  if (name == "tile") return tile(numbers(config, "repeats"), in);
  if (name == "split_part") return split_part(config, along, in);
  if (name == "depth_to_space") return depth_to_space(config.integer("block_size", 1), in);
  if (name == "space_to_depth") return space_to_depth(config.integer("block_size", 1), in);
  return std::nullopt;
}

}  // namespace

Map operation(const LayerConfig& config, const std::vector<const Map*>& in) {
  const std::string name = config.text("operation", "");
  const Map& first = *in[0];
  if (config.has("constant") && is_affine_or_clamp(name, config))
    return with_constant(name, constants_of(config), config.boolean("constant_first", false), first);
  if (config.has("constant")) return *value_operation(name, config, in);
  if (auto map = view(name, config, first)) return *std::move(map);
  if (name == "add") return layer("Add", {}, in);
  if (name == "subtract" || name == "multiply" || name == "divide" || name == "maximum" || name == "minimum") {
    std::string kind = name;
    kind[0] = static_cast<char>(kind[0] - 'a' + 'A');
    return merge(kind, in);
  }
  if (name == "concatenate") return concatenate(config.integer("axis", -1), in);
  if (name == "stack") return stack(config.integer("axis", 0), in);
  if (name == "reciprocal") return power(-1, 1, first);
  if (name == "sqrt") return power(0.5, 1, first);
  if (name == "rsqrt") return power(-0.5, 1, first);
  if (name == "negative") return scale_shift(first, {-1}, {0});
  if (name == "identity") return first;
  if (name == "gelu") return activate(config.boolean("approximate", true) ? "gelu_tanh" : "gelu", first);
  if (name == "squeeze" || name == "expand_dims" || name == "reshape") return new_shape(name, config, first);
  if (name == "sum" || name == "mean" || name == "max" || name == "min")
    return reduce(name, axes_of(config), config.boolean("keepdims", false), first);
  // The bound is that of the length, or TensorFlow's that of its square.
  if (name == "normalize") {
    const double smallest = config.number("epsilon", 1e-7);
    return unit_norm(axes_of(config), smallest * smallest, first);
  }
  if (name == "l2_normalize") return unit_norm(axes_of(config), config.number("epsilon", 1e-12), first);
  if (name == "max_pool" || name == "average_pool") {
    AttributeMap attributes;
    for (const char* key : {"pool_size", "strides"}) {
      if (!config.has(key)) continue;
      const std::vector<std::int64_t> sizes = numbers(config, key);
      // TensorFlow has the batch and the channels as well.
      const std::size_t first = sizes.size() == 4 ? 1 : 0, second = sizes.size() == 1 ? 0 : first + 1;
      attributes.emplace(key, list_of({sizes[first], sizes[second]}));
    }
    const std::string padding = config.text("padding", "valid");
    attributes.emplace("padding", value(padding == "same" || padding == "SAME" ? "same" : "valid"));
    return layer(name == "max_pool" ? "MaxPooling2D" : "AveragePooling2D", attributes, in);
  }
  if (name == "transpose") {
    std::vector<std::int64_t> axes = numbers(config, "axes");
    axes.erase(axes.begin());
    AttributeMap attributes;
    attributes.emplace("dims", list_of(axes));
    return layer("Permute", attributes, in);
  }
  if (name == "resize") {
    const auto [h, w] = config.pair("size", 0);
    return resize(first, h, w, "bilinear");
  }
  if (name == "soft_sign") return activate("softsign", first);
  if (auto map = value_operation(name, config, in)) return *std::move(map);
  return activate(name, first);
}

}  // namespace fovea::test
