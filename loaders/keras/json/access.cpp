// Checked access to parsed JSON.
#include "loaders/keras/json/access.h"

#include <fovea/error.h>

namespace fovea::keras {
namespace {

template <typename T>
const T& expect(const Attribute& value, const char* what, const std::string& place) {
  if (const T* content = as<T>(value)) return *content;
  throw Error(place + ": is not " + what);
}

template <typename T>
const T& at(const AttributeMap& object, const std::string& key, const char* what, const std::string& place) {
  const Attribute* value = find(object, key);
  if (value == nullptr) throw Error(place + ": has no '" + key + "'");
  return expect<T>(*value, what, place + ": '" + key + "'");
}

constexpr const char* kObject = "an object";
constexpr const char* kList = "a list";
constexpr const char* kText = "a string";

}  // namespace

Attribute number(std::int64_t value) { return Attribute::Value(value); }
Attribute text(const std::string& value) { return Attribute::Value(value); }
Attribute flag(bool value) { return Attribute::Value(value); }
Attribute list(const AttributeList& value) { return Attribute::Value(value); }
Attribute object(const AttributeMap& value) { return Attribute::Value(value); }

const Attribute* find(const AttributeMap& object, const std::string& key) {
  const auto found = object.find(key);
  return found == object.end() || found->second.is_null() ? nullptr : &found->second;
}

const AttributeMap& expect_object(const Attribute& value, const std::string& place) {
  return expect<AttributeMap>(value, kObject, place);
}
const AttributeList& expect_list(const Attribute& value, const std::string& place) {
  return expect<AttributeList>(value, kList, place);
}
const std::string& expect_text(const Attribute& value, const std::string& place) {
  return expect<std::string>(value, kText, place);
}

const AttributeMap& object_at(const AttributeMap& object, const std::string& key, const std::string& place) {
  return at<AttributeMap>(object, key, kObject, place);
}
const AttributeList& list_at(const AttributeMap& object, const std::string& key, const std::string& place) {
  return at<AttributeList>(object, key, kList, place);
}
const std::string& text_at(const AttributeMap& object, const std::string& key, const std::string& place) {
  return at<std::string>(object, key, kText, place);
}

const std::string* function_name(const Attribute& activation) {
  if (const auto* name = as<std::string>(activation)) return name;
  const auto* object = as<AttributeMap>(activation);
  const Attribute* kind = object == nullptr ? nullptr : find(*object, "class_name");
  const auto* class_name = kind == nullptr ? nullptr : as<std::string>(*kind);
  const Attribute* name = class_name == nullptr || *class_name != "function" ? nullptr : find(*object, "config");
  return name == nullptr ? nullptr : as<std::string>(*name);
}

bool flag_at(const AttributeMap& object, const std::string& key, bool fallback) {
  const Attribute* value = find(object, key);
  const bool* flag = value == nullptr ? nullptr : as<bool>(*value);
  const auto* number = value == nullptr ? nullptr : as<std::int64_t>(*value);
  return flag != nullptr ? *flag : number != nullptr ? *number != 0 : fallback;
}

}  // namespace fovea::keras
