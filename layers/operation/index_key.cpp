// Keys as Keras 3 and 2 write them, and Python's rules for them.
#include "layers/operation/index_key.h"

#include <algorithm>
#include <cstdlib>

#include <fovea/error.h>

namespace fovea {

namespace {

using Kind = KeyPart::Kind;

// A bound that no size reaches, so that hostile numbers end in an error.
constexpr std::int64_t kMostIndex = std::int64_t{1} << 32;

const Attribute* member(const AttributeMap& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &found->second;
}

class Reader {
 public:
  explicit Reader(const LayerConfig& config) : config_(config) {}

  KeyPart part(const Attribute& item) const {
    if (item.is_null()) return {Kind::new_axis, {}, {}, {}};
    if (std::holds_alternative<std::int64_t>(item.value())) return {Kind::index, bound(item), {}, {}};
    const auto* object = std::get_if<AttributeMap>(&item.value());
    if (object == nullptr) fail();
    const Attribute* class_name = member(*object, "class_name");
    const auto* name = class_name == nullptr ? nullptr : std::get_if<std::string>(&class_name->value());
    if (name != nullptr && *name == "__ellipsis__") return {};
    // Keras 3 has start, stop and step in a `config` of a named object, Keras 2 the three alone.
    const Attribute* config = member(*object, "config");
    const auto* inner = config == nullptr ? object : std::get_if<AttributeMap>(&config->value());
    if (inner == nullptr || (name != nullptr && *name != "__slice__")) fail();
    KeyPart slice{Kind::slice, bound(*inner, "start"), bound(*inner, "stop"), bound(*inner, "step")};
    if (slice.step == 0) throw Error(config_.where("a slice has the step 0"));
    return slice;
  }

 private:
  [[noreturn]] void fail() const { throw UnsupportedError(config_.where("this way to index is not supported")); }

  std::optional<std::int64_t> bound(const AttributeMap& object, const char* key) const {
    const Attribute* value = member(object, key);
    return value == nullptr || value->is_null() ? std::nullopt : std::optional(bound(*value));
  }
  std::int64_t bound(const Attribute& value) const {
    const auto* number = std::get_if<std::int64_t>(&value.value());
    if (number == nullptr) fail();
    return std::clamp(*number, -kMostIndex, kMostIndex);
  }

  const LayerConfig& config_;
};

// As slice.indices of Python: the first index, how many, and the step.
struct Range {
  std::int64_t first, count, step;
};

Range range_of(const KeyPart& part, std::int64_t size) {
  const std::int64_t step = part.step.value_or(1);
  const std::int64_t lowest = step > 0 ? 0 : -1, highest = step > 0 ? size : size - 1;
  const auto place = [&](std::optional<std::int64_t> at, std::int64_t fallback) {
    return at ? std::clamp(*at < 0 ? *at + size : *at, lowest, highest) : fallback;
  };
  const std::int64_t first = place(part.start, step > 0 ? lowest : highest);
  const std::int64_t end = place(part.stop, step > 0 ? highest : lowest);
  const std::int64_t way = step > 0 ? end - first : first - end;
  return {first, way <= 0 ? 0 : (way - 1) / std::abs(step) + 1, step};
}

bool takes_a_dimension(const KeyPart& part) { return part.kind == Kind::slice || part.kind == Kind::index; }

}  // namespace

std::vector<KeyPart> read_key(const LayerConfig& config, const Attribute& key) {
  const AttributeList one{key};
  const auto* list = std::get_if<AttributeList>(&key.value());
  std::vector<KeyPart> parts;
  const Reader reader(config);
  for (const Attribute& item : list != nullptr ? *list : one) parts.push_back(reader.part(item));
  if (std::ranges::count(parts, Kind::ellipsis, &KeyPart::kind) > 1)
    throw Error(config.where("an index has more than one ellipsis"));
  if (parts.empty() || parts.front().kind == Kind::ellipsis) return parts;
  const KeyPart& batch = parts.front();
  const bool whole =
      batch.kind == Kind::slice && batch.start.value_or(0) == 0 && !batch.stop && batch.step.value_or(1) == 1;
  if (!whole) throw UnsupportedError(config.where("taking some of the batch is not supported"));
  parts.erase(parts.begin());
  return parts;
}

std::optional<View> take(const Shape& shape, const std::vector<KeyPart>& key) {
  const View whole = View::of(shape);
  View view;
  std::size_t axis = 0;
  const auto keep = [&](std::int64_t count) {
    for (; count > 0; --count, ++axis) {
      view.sizes.push_back(whole.sizes[axis]);
      view.strides.push_back(whole.strides[axis]);
    }
  };
  const std::int64_t others = shape.rank() - std::ranges::count_if(key, takes_a_dimension);
  if (others < 0) return std::nullopt;
  for (const KeyPart& part : key) {
    if (part.kind == Kind::ellipsis) {
      keep(others);
    } else if (part.kind == Kind::new_axis) {
      view.sizes.push_back(1);
      view.strides.push_back(0);
    } else if (part.kind == Kind::index) {
      const std::int64_t index = *part.start < 0 ? *part.start + whole.sizes[axis] : *part.start;
      if (index < 0 || index >= whole.sizes[axis]) return std::nullopt;
      view.first += index * whole.strides[axis++];
    } else {
      const Range range = range_of(part, whole.sizes[axis]);
      view.first += range.first * whole.strides[axis];
      view.sizes.push_back(range.count);
      view.strides.push_back(range.count > 1 ? range.step * whole.strides[axis] : 0);
      ++axis;
    }
  }
  keep(shape.rank() - static_cast<std::int64_t>(axis));
  return view;
}

}  // namespace fovea
