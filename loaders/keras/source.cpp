// The choice of the architecture.
#include "loaders/keras/source.h"

#include <cctype>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "layers/error.h"
#include "loaders/hdf5/printable.h"
#include "loaders/keras/access.h"
#include "loaders/keras/builtin.h"
#include "loaders/keras/json.h"

namespace fovea::keras {
namespace {

using hdf5::printable;

constexpr std::uintmax_t kLargestJson = std::uintmax_t{16} << 20;

/// True for "2.2.4-tf" and later.
bool is_keras_2_or_later(const std::string& version) {
  std::size_t digits = 0;
  while (digits < version.size() && std::isdigit(static_cast<unsigned char>(version[digits])) != 0) ++digits;
  return digits > 1 || (digits == 1 && version[0] >= '2');
}

void check_version(const std::string& version, const std::string& place) {
  if (is_keras_2_or_later(version)) return;
  throw UnsupportedError(place + ": saved by Keras " +
                         (version.empty() ? "1 (it states no version)" : printable(version)) +
                         "; only models of Keras 2 and 3 can be read");
}

Attribute read_json(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) throw Error(path + ": no such file");
  if (!std::filesystem::is_regular_file(path, error)) throw Error(path + ": is not a regular file");
  if (std::filesystem::file_size(path, error) > kLargestJson) throw Error(path + ": larger than 16 MiB");
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw Error(path + ": cannot be read");
  return parse_json(text.str(), path);
}

Architecture from_json(const Attribute& json, const std::string& path) {
  if (const Attribute* version = find(expect_object(json, path), "keras_version")) {
    check_version(expect_text(*version, path + ": 'keras_version'"), path);
  }
  return parse_architecture(json, path);
}

Architecture from_config_file(const std::string& path) {
  const Attribute json = read_json(path);
  if (!is_model_config(json)) {
    const auto* object = as<AttributeMap>(json);
    const bool card = object != nullptr && find(*object, "fovea_card") != nullptr;
    throw Error(path + ": " + (card ? "a model card" : "not a Keras configuration") +
                "; the architecture is what Keras' model.to_json() writes");
  }
  return from_json(json, path);
}

/// The JSON of the same name, if there is one and it is a Keras configuration: a model card is named the same way.
std::optional<Architecture> from_neighbour(const std::string& path) {
  const std::string neighbour = std::filesystem::path(path).replace_extension(".json").string();
  std::error_code error;
  if (neighbour == path || !std::filesystem::is_regular_file(neighbour, error)) return std::nullopt;
  const Attribute json = read_json(neighbour);
  if (!is_model_config(json)) return std::nullopt;
  return from_json(json, neighbour);
}

}  // namespace

ArchitectureSource find_architecture(const StoredSource& stored, const KerasOptions& options) {
  const std::string& path = stored.path;
  const std::string& version = stored.keras_version;
  if (!options.config_file.empty() && !options.architecture.empty()) {
    throw Error(path + ": an architecture is given twice: '" + options.architecture + "' and " + options.config_file);
  }
  if (!options.config_file.empty()) return {from_config_file(options.config_file), version};
  if (!options.architecture.empty()) {
    return {builtin_architecture(options.architecture, stored.layer_names, path), version};
  }
  if (stored.config) {
    check_version(version, path);
    const std::string place = path + ": " + stored.config_place;
    return {parse_architecture(parse_json(*stored.config, place), place), version};
  }
  if (auto neighbour = from_neighbour(path)) return {std::move(*neighbour), version};
  throw Error(path +
              ": holds weights only: give the architecture by name (--architecture resnet50 or resnet50-notop) or " +
              "as a JSON file written by Keras' model.to_json()");
}

}  // namespace fovea::keras
