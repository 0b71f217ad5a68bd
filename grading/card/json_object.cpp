// A JSON object read with care.
#include "grading/card/json_object.h"

#include <cmath>
#include <limits>
#include <utility>

#include <fovea/error.h>
#include "grading/card/card_text.h"

namespace fovea {
namespace {

using nlohmann::json;

std::string with_article(const json& value) {
  const std::string type = value.type_name();
  if (type == "null") return type;
  return (type == "array" || type == "object" ? "an " : "a ") + type;
}

std::string wrong_type(const char* wanted, const json& value) {
  return std::string("must be ") + wanted + ", is " + with_article(value);
}

/// Sees every key as the parser meets it: the document itself keeps only the last of two equal ones.
class DuplicateKeys {
 public:
  bool operator()(int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open_.emplace_back();
    if (event == json::parse_event_t::object_end) open_.pop_back();
    if (event == json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second) {
      throw Error("the key '" + parsed.get<std::string>() + "' is there twice in one object");
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> open_;
};

}  // namespace

JsonObject::JsonObject(const json& value, std::string path) : value_(value), path_(std::move(path)) {
  if (!value.is_object()) throw Error((path_.empty() ? "" : path_ + ": ") + wrong_type("an object", value));
}

std::string JsonObject::path(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

void JsonObject::fail(const std::string& key, const std::string& reason) const {
  throw Error(path(key) + ": " + reason);
}

const json* JsonObject::find(const std::string& key) {
  known_.insert(key);
  const auto it = value_.find(key);
  return it == value_.end() ? nullptr : &*it;
}

const json& JsonObject::at(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) fail(key, "is missing");
  return *value;
}

std::optional<std::string> JsonObject::text(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) fail(key, wrong_type("a string", *value));
  return value->get<std::string>();
}

std::optional<double> JsonObject::number(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) fail(key, wrong_type("a number", *value));
  return value->get<double>();
}

std::optional<int> JsonObject::integer(const std::string& key) {
  const std::optional<double> value = number(key);
  if (!value) return std::nullopt;
  if (std::trunc(*value) != *value || std::abs(*value) > std::numeric_limits<int>::max()) {
    fail(key, "must be a whole number, is " + number_text(*value));
  }
  return static_cast<int>(*value);
}

std::optional<bool> JsonObject::boolean(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) fail(key, wrong_type("true or false", *value));
  return value->get<bool>();
}

std::optional<std::vector<double>> JsonObject::numbers(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array()) fail(key, wrong_type("a list of numbers", *value));
  std::vector<double> list;
  for (const json& item : *value) {
    if (!item.is_number()) fail(key + "[" + std::to_string(list.size()) + "]", wrong_type("a number", item));
    list.push_back(item.get<double>());
  }
  return list;
}

std::optional<std::vector<std::string>> JsonObject::texts(const std::string& key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array()) fail(key, wrong_type("a list of strings", *value));
  std::vector<std::string> list;
  for (const json& item : *value) {
    if (!item.is_string()) fail(key + "[" + std::to_string(list.size()) + "]", wrong_type("a string", item));
    list.push_back(item.get<std::string>());
  }
  return list;
}

void JsonObject::check_all_known() const {
  for (const auto& item : value_.items()) {
    if (known_.count(item.key()) != 0) continue;
    const std::vector<std::string> names(known_.begin(), known_.end());
    fail(item.key(), "is not known, there are " + join(names, ", "));
  }
}

json parse_json(const std::string& text) {
  try {
    return json::parse(text, DuplicateKeys());
  } catch (const json::exception& e) {
    // "[json.exception.parse_error.101] parse error at line 1 ...": the bracket says nothing to a user.
    const std::string message = e.what();
    const std::size_t end = message.find("] ");
    throw Error("not valid JSON: " + (end == std::string::npos ? message : message.substr(end + 2)));
  }
}

}  // namespace fovea
