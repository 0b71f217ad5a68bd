// The oracle's layers that move values or mix neighbours: cropping, permutation, resizing, and 1D layers as 2D ones.
#include <algorithm>
#include <stdexcept>

#include "tests/support/oracle_map.h"

namespace fovea::test {
namespace {

std::int64_t number(const Attribute& attribute) { return std::get<std::int64_t>(attribute.value()); }

Map crop(const Map& in, std::int64_t top, std::int64_t left, std::int64_t h, std::int64_t w) {
  Map out{{h, w, in.shape.c()}, {}};
  for (std::int64_t y = top; y < top + h; ++y) {
    for (std::int64_t x = left; x < left + w; ++x) {
      for (std::int64_t c = 0; c < in.shape.c(); ++c) out.values.push_back(in.at(y, x, c));
    }
  }
  return out;
}

// Neighbours of an output's centre, in float as TensorFlow has it.
struct Neighbours {
  std::vector<std::int64_t> at;
  std::vector<double> weight;
};

// Keys' kernel, of places that TensorFlow rounds to 1/1024 of a pixel; what lies outside has no weight.
Neighbours cubic_neighbours(float below, float part, std::int64_t in) {
  const double place = std::nearbyint(part * 1024) / 1024;
  Neighbours found;
  double sum = 0;
  for (int k = -1; k <= 2; ++k) {
    const std::int64_t at = static_cast<std::int64_t>(below) + k;
    const double d = std::abs(k - place);
    if (at < 0 || at >= in) continue;
    found.at.push_back(at);
    found.weight.push_back(d < 1 ? 1.5 * d * d * d - 2.5 * d * d + 1 : -0.5 * d * d * d + 2.5 * d * d - 4 * d + 2);
    sum += found.weight.back();
  }
  for (double& weight : found.weight) weight /= sum;
  return found;
}

Neighbours neighbours(std::int64_t i, std::int64_t in, std::int64_t out, const std::string& kind) {
  const float scale = static_cast<float>(in) / static_cast<float>(out);
  const float centre = (static_cast<float>(i) + 0.5f) * scale;
  if (kind == "nearest") return {{std::min(in - 1, static_cast<std::int64_t>(centre))}, {1}};
  const float place = centre - 0.5f, below = std::floor(place);
  if (kind == "bicubic") return cubic_neighbours(below, place - below, in);
  const auto inside = [&](float at) { return std::clamp<std::int64_t>(static_cast<std::int64_t>(at), 0, in - 1); };
  return {{inside(below), inside(below + 1)}, {1.0 - double{place - below}, double{place - below}}};
}

}  // namespace

Place place_in(const Shape& shape, std::int64_t i) {
  Place place(shape.dims().size());
  for (std::size_t d = place.size(); d-- > 0; i /= shape.dims()[d]) place[d] = i % shape.dims()[d];
  return place;
}

std::size_t index_in(const Shape& shape, const Place& place) {
  std::int64_t index = 0;
  for (std::size_t d = 0; d < place.size(); ++d) index = index * shape.dims()[d] + place[d];
  return static_cast<std::size_t>(index);
}

std::vector<std::int64_t> axes_of(const LayerConfig& config, const std::string& key) {
  const Attribute* attribute = config.find(key);
  if (attribute == nullptr || attribute->is_null()) return {-1};
  if (const auto* one = std::get_if<std::int64_t>(&attribute->value())) return {*one};
  std::vector<std::int64_t> axes;
  for (const Attribute& item : std::get<AttributeList>(attribute->value())) axes.push_back(number(item));
  return axes;
}

std::vector<std::size_t> places_along(const Shape& shape, const std::vector<std::int64_t>& axes) {
  std::vector<std::int64_t> dims(shape.dims().size(), 1);
  for (const std::int64_t axis : axes)
    dims[dimension(axis, shape.rank())] = shape.dims()[dimension(axis, shape.rank())];
  const Shape along(dims);
  std::vector<std::size_t> places;
  for (std::int64_t i = 0; i < shape.elements(); ++i) {
    Place place = place_in(shape, i);
    for (std::size_t d = 0; d < place.size(); ++d) place[d] %= dims[d];
    places.push_back(index_in(along, place));
  }
  return places;
}

std::vector<std::vector<std::size_t>> groups_along(const Shape& shape, const std::vector<std::int64_t>& axes) {
  std::vector<std::int64_t> others;
  for (int d = 1; d <= shape.rank(); ++d) others.push_back(d);
  for (const std::int64_t axis : axes) std::erase(others, static_cast<std::int64_t>(dimension(axis, shape.rank())) + 1);
  const std::vector<std::size_t> places = places_along(shape, others);
  std::vector<std::vector<std::size_t>> groups(*std::ranges::max_element(places) + 1);
  for (std::size_t i = 0; i < places.size(); ++i) groups[places[i]].push_back(i);
  return groups;
}

Map cropping(const LayerConfig& config, const Map& in) {
  std::int64_t sides[2][2];
  const auto* axes = std::get_if<AttributeList>(&config.find("cropping")->value());
  for (std::size_t i = 0; i < 2; ++i) {
    const auto* ends = axes != nullptr ? std::get_if<AttributeList>(&axes->at(i).value()) : nullptr;
    for (std::size_t end = 0; end < 2; ++end) {
      sides[i][end] =
          ends != nullptr ? number(ends->at(end)) : number(axes != nullptr ? axes->at(i) : *config.find("cropping"));
    }
  }
  return crop(in, sides[0][0], sides[1][0], in.shape.h() - sides[0][0] - sides[0][1],
              in.shape.w() - sides[1][0] - sides[1][1]);
}

Map center_crop(const LayerConfig& config, const Map& in) {
  const std::int64_t h = config.integer("height", 0), w = config.integer("width", 0);
  return crop(in, (in.shape.h() - h) / 2, (in.shape.w() - w) / 2, h, w);
}

Map permute(const LayerConfig& config, const Map& in) {
  std::vector<std::int64_t> from;
  for (const Attribute& item : std::get<AttributeList>(config.find("dims")->value())) from.push_back(number(item) - 1);
  std::vector<std::int64_t> dims;
  for (const std::int64_t axis : from) dims.push_back(in.shape[static_cast<int>(axis)]);
  return moved(in, Shape(dims), [&](const Place& place) {
    Place at(place.size());
    for (std::size_t d = 0; d < at.size(); ++d) at[static_cast<std::size_t>(from[d])] = place[d];
    return at;
  });
}

Map concatenate(std::int64_t axis, const std::vector<const Map*>& in) {
  const std::size_t along = dimension(axis, in[0]->shape.rank());
  std::vector<std::int64_t> dims = in[0]->shape.dims();
  dims[along] = 0;
  for (const Map* map : in) dims[along] += map->shape.dims()[along];
  Map out{Shape(dims), {}};
  for (std::int64_t i = 0; i < out.shape.elements(); ++i) {
    Place place = place_in(out.shape, i);
    auto map = in.begin();
    for (; place[along] >= (*map)->shape.dims()[along]; ++map) place[along] -= (*map)->shape.dims()[along];
    out.values.push_back((*map)->values[index_in((*map)->shape, place)]);
  }
  return out;
}

Map repeat_vector(const LayerConfig& config, const Map& in) {
  Map out{{config.integer("n", 0), in.shape[0]}, {}};
  for (std::int64_t i = 0; i < out.shape[0]; ++i)
    out.values.insert(out.values.end(), in.values.begin(), in.values.end());
  return out;
}

Map resize(const Map& in, std::int64_t h, std::int64_t w, const std::string& kind) {
  Map out{{h, w, in.shape.c()}, {}};
  for (std::int64_t y = 0; y < h; ++y) {
    for (std::int64_t x = 0; x < w; ++x) {
      const Neighbours rows = neighbours(y, in.shape.h(), h, kind), cols = neighbours(x, in.shape.w(), w, kind);
      for (std::int64_t c = 0; c < in.shape.c(); ++c) {
        Sum sum;
        for (std::size_t j = 0; j < rows.at.size(); ++j) {
          for (std::size_t i = 0; i < cols.at.size(); ++i)
            sum.add(in.at(rows.at[j], cols.at[i], c), rows.weight[j] * cols.weight[i]);
        }
        sum.terms += kind == "bicubic" ? 40 : 2;  // the weights' own roundings
        out.values.push_back(kind == "nearest" ? in.at(rows.at[0], cols.at[0], c) : sum.result());
      }
    }
  }
  return out;
}

LayerConfig as_2d(const LayerConfig& config) {
  std::string kind = config.class_name();
  kind.replace(kind.find("1D"), 2, "2D");
  const bool ends = kind == "ZeroPadding2D" || kind == "Cropping2D";
  AttributeMap attributes;
  for (const char* key : {"pool_size", "strides", "size", "padding", "cropping", "keepdims"}) {
    const Attribute* value = config.find(key);
    if (value == nullptr) continue;
    Attribute column = *value;
    const auto* list = std::get_if<AttributeList>(&value->value());
    if (list != nullptr && list->size() == 1) column = list->front();
    const bool window = std::string(key) == "pool_size" || std::string(key) == "strides" || std::string(key) == "size";
    const auto pair = [](Attribute a, Attribute b) { return Attribute(Attribute::Value(AttributeList{a, b})); };
    const Attribute zero = Attribute::Value(std::int64_t{0}), one = Attribute::Value(std::int64_t{1});
    if (window) column = pair(one, column);
    if (ends && std::get_if<std::int64_t>(&column.value()) != nullptr) column = pair(column, column);
    if (ends) column = pair(pair(zero, zero), column);
    attributes.emplace(key, column);
  }
  return {kind, config.name(), attributes, {}};
}

}  // namespace fovea::test
