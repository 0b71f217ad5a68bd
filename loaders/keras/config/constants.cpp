// As deep as JSON is nested, which its reader bounds.
#include "loaders/keras/config/constants.h"

#include <utility>

#include "loaders/keras/json/access.h"

namespace fovea::keras {
namespace {

/// The numbers of one such object, or nullptr.
const Attribute* numbers_in(const AttributeMap& object) {
  const Attribute* name = find(object, "class_name");
  const auto* text = name == nullptr ? nullptr : as<std::string>(*name);
  if (text == nullptr || (*text != "__tensor__" && *text != "__numpy__")) return nullptr;
  const Attribute* config = find(object, "config");
  const auto* members = config == nullptr ? nullptr : as<AttributeMap>(*config);
  return members == nullptr ? nullptr : find(*members, "value");
}

}  // namespace

Attribute plain_numbers(const Attribute& value) {
  if (const auto* object = as<AttributeMap>(value)) {
    const Attribute* numbers = numbers_in(*object);
    return numbers != nullptr ? *numbers : Attribute(Attribute::Value(plain_numbers(*object)));
  }
  const auto* list = as<AttributeList>(value);
  if (list == nullptr) return value;
  AttributeList plain;
  plain.reserve(list->size());
  for (const Attribute& item : *list) plain.push_back(plain_numbers(item));
  return Attribute::Value(std::move(plain));
}

AttributeMap plain_numbers(const AttributeMap& values) {
  AttributeMap plain;
  for (const auto& [key, value] : values) plain.emplace(key, plain_numbers(value));
  return plain;
}

}  // namespace fovea::keras
