// Checked access to parsed JSON: every miss names the place, the key and what was expected.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <fovea/layer_config.h>

namespace fovea::keras {

/// The value's content as one of the types of Attribute::Value, or nullptr.
template <typename T>
const T* as(const Attribute& value) {
  return std::get_if<T>(&value.value());
}

/// Plain values as attributes.
Attribute number(std::int64_t value);
Attribute text(const std::string& value);
Attribute flag(bool value);
Attribute list(const AttributeList& value);
Attribute object(const AttributeMap& value);

/// The member `key`, or nullptr; a null counts as absent.
const Attribute* find(const AttributeMap& object, const std::string& key);

/// Each throws Error("<place>: ...") if the value is not of that type.
const AttributeMap& expect_object(const Attribute& value, const std::string& place);
const AttributeList& expect_list(const Attribute& value, const std::string& place);
const std::string& expect_text(const Attribute& value, const std::string& place);

/// Each throws Error("<place>: ...") if the member is absent or not of that type.
const AttributeMap& object_at(const AttributeMap& object, const std::string& key, const std::string& place);
const AttributeList& list_at(const AttributeMap& object, const std::string& key, const std::string& place);
const std::string& text_at(const AttributeMap& object, const std::string& key, const std::string& place);

/// The name of an activation function: a text, or {"class_name": "function", "config": text}; nullptr for others.
const std::string* function_name(const Attribute& activation);

/// The member if it is a boolean or a whole number that stands for one, else `fallback`.
bool flag_at(const AttributeMap& object, const std::string& key, bool fallback);

}  // namespace fovea::keras
