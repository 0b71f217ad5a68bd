// What the tests of operations share: their settings, and the parts of keys.
#pragma once

#include "tests/support/layer_test.h"

namespace fovea::test {

inline AttributeMap operation(const char* name, AttributeMap others = {}) {
  others.emplace("operation", value(name));
  return others;
}

inline AttributeList numbers(const std::vector<std::int64_t>& all) {
  AttributeList items;
  for (const std::int64_t x : all) items.push_back(value(x));
  return items;
}

// Parts of keys as Keras 3 and Keras 2 write them.
inline Attribute slice(const Attribute& start, const Attribute& stop, const Attribute& step = null()) {
  return object(
      {{"class_name", value("__slice__")}, {"config", object({{"start", start}, {"stop", stop}, {"step", step}})}});
}
inline Attribute old_slice(const Attribute& start, const Attribute& stop, const Attribute& step = null()) {
  return object({{"start", start}, {"stop", stop}, {"step", step}});
}
inline Attribute whole() { return slice(null(), null()); }
inline Attribute ellipsis() { return object({{"class_name", value("__ellipsis__")}}); }

}  // namespace fovea::test
