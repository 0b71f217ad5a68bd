// A JSON object read with care: every miss names the path of the key, and a key that nobody asked for is an error.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fovea {

/// View of one object in a document. Asking for a key marks it as known; `check_all_known` refuses the rest.
/// Errors read "PATH: reason"; the caller puts the file's name before them.
class JsonObject {
 public:
  /// `path` is the object's own path, "" for the document itself. Throws if `value` is no object.
  JsonObject(const nlohmann::json& value, std::string path);

  bool has(const std::string& key) const { return value_.contains(key); }
  /// The value of a key, nullptr if it is absent.
  const nlohmann::json* find(const std::string& key);
  /// The value of a key that must be there.
  const nlohmann::json& at(const std::string& key);

  // nullopt if the key is absent; an Error if its value is of another type.
  std::optional<std::string> text(const std::string& key);
  std::optional<double> number(const std::string& key);
  std::optional<int> integer(const std::string& key);
  std::optional<bool> boolean(const std::string& key);
  std::optional<std::vector<double>> numbers(const std::string& key);
  std::optional<std::vector<std::string>> texts(const std::string& key);

  /// "preprocessing.scale".
  std::string path(const std::string& key) const;
  /// Throws Error "PATH: reason".
  [[noreturn]] void fail(const std::string& key, const std::string& reason) const;
  void check_all_known() const;

 private:
  const nlohmann::json& value_;
  std::string path_;
  std::set<std::string> known_;
};

/// Parses a document in which no object has a key twice. Throws Error with the reason, on one line.
nlohmann::json parse_json(const std::string& text);

}  // namespace fovea
