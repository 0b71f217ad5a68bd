// The choice of the architecture.
#include "loaders/keras/source.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <initializer_list>
#include <optional>

#include <fovea/error.h>
#include "loaders/keras/classes/builtin.h"
#include "loaders/keras/classes/full_names.h"
#include "loaders/keras/config/channels_first.h"
#include "loaders/keras/config/element_types.h"
#include "loaders/keras/config/generation.h"
#include "loaders/keras/config/keras_1.h"
#include "loaders/keras/config/settings.h"
#include "loaders/keras/config/whole_numbers.h"
#include "loaders/keras/json/access.h"
#include "loaders/keras/json/json.h"
#include "loaders/keras/json/json_file.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

constexpr std::uintmax_t kLargestJson = std::uintmax_t{16} << 20;

/// True for "2.2.4-tf" and later.
bool is_keras_2_or_later(const std::string& version) {
  std::size_t digits = 0;
  while (digits < version.size() && std::isdigit(static_cast<unsigned char>(version[digits])) != 0) ++digits;
  return digits > 1 || (digits == 1 && version[0] >= '2');
}

bool is_keras_3_or_later(const std::string& version) {
  return is_keras_2_or_later(version) && !version.empty() && version[0] != '2';
}

/// Keras 2 and 3 mean different functions by hard_sigmoid.
void name_old_functions(Architecture& architecture, Generation written_by, const std::string& place) {
  for (ConfigNode& node : architecture.nodes) {
    const auto activation = node.attributes.find("activation");
    if (activation == node.attributes.end()) continue;
    const std::string* name = function_name(activation->second);
    if (name == nullptr || *name != "hard_sigmoid") continue;
    if (written_by == Generation::unknown) {
      throw UnsupportedError(place + ": layer '" + printable(node.name) +
                             "': hard_sigmoid is one function in Keras 2 and another in Keras 3, and the file does " +
                             "not say which wrote it");
    }
    activation->second = text("hard_sigmoid_keras_2");
  }
}

/// What RandomCrop does at inference has changed with Keras: to 2.6 it covered its size and took the middle, to 3.5 it
/// resized a window of its proportions, in 3.6 and 3.7 it took its size from that window's corner, and since 3.8
/// nothing.
void say_how_crops_run(Architecture& architecture, Generation written_by, const std::string& version) {
  const auto is = [&](std::initializer_list<const char*> all) {
    return std::ranges::any_of(all, [&](const char* start) { return version.starts_with(start); });
  };
  const bool old_3 = is({"3.0.", "3.1.", "3.2.", "3.3.", "3.4.", "3.5."});
  const bool old_2 = is({"2.2.", "2.3.", "2.4.", "2.5.", "2.6."});
  const char* way = is({"3.6.", "3.7."})                         ? "corner"
                    : old_2                                      ? "cover"
                    : old_3 || written_by == Generation::keras_2 ? "window"
                                                                 : "nothing";
  for (ConfigNode& node : architecture.nodes) {
    if (node.class_name == "RandomCrop") node.attributes.insert_or_assign("inference", text(way));
  }
}

Generation generation_of(const Attribute& json, const std::string& version, const std::string& place) {
  if (version.empty()) return generation_of_words(json, place);
  if (!is_keras_2_or_later(version)) return Generation::keras_1;
  return is_keras_3_or_later(version) ? Generation::keras_3 : Generation::keras_2;
}

/// Reads a configuration written by this version of Keras ("" = what its words are).
ArchitectureSource read_config(const Attribute& config, const std::string& version, const std::string& place) {
  const Generation written_by = generation_of(config, version, place);
  const bool keras_1 = written_by == Generation::keras_1;
  const Attribute json = with_full_names(config, version);
  Architecture architecture = parse_architecture(keras_1 ? from_keras_1(json) : without_merges(json), place);
  if (written_by != Generation::keras_3) name_old_functions(architecture, written_by, place);
  check_settings(architecture, place);
  say_how_crops_run(architecture, written_by, version);
  check_whole_numbers(architecture, written_by == Generation::keras_3, place);
  check_element_types(architecture, written_by == Generation::keras_3, place);
  const bool turned = to_channels_last(architecture, place, keras_1);
  return {std::move(architecture), version, keras_1, turned};
}

/// Some write what to_json() gives, a text, as JSON once more.
Attribute unwrapped(Attribute json, const std::string& place) {
  if (const auto* inner = as<std::string>(json)) json = parse_json(std::string(*inner), place);
  return json;
}

Attribute read_json(const std::string& path) { return unwrapped(read_json_file(path, kLargestJson).json, path); }

/// A JSON without a version is of `otherwise`.
ArchitectureSource from_json(const Attribute& json, const std::string& otherwise, const std::string& path) {
  const Attribute* version = find(expect_object(json, path), "keras_version");
  const std::string stated = version == nullptr ? "" : expect_text(*version, path + ": 'keras_version'");
  return read_config(json, stated.empty() ? otherwise : stated, path);
}

ArchitectureSource from_config(const Attribute& json, const std::string& version, const std::string& path) {
  if (!is_model_config(json)) {
    const auto* object = as<AttributeMap>(json);
    const bool card = object != nullptr && find(*object, "fovea_card") != nullptr;
    throw Error(path + ": " + (card ? "a model card" : "not a Keras configuration") +
                "; the architecture is what Keras' model.to_json() writes");
  }
  return from_json(json, version, path);
}

ArchitectureSource from_config_file(const std::string& path, const std::string& version) {
  return from_config(read_json(path), version, path);
}

ArchitectureSource from_config_text(const std::string& text, const std::string& version, const std::string& place) {
  if (text.size() > kLargestJson) throw Error(place + ": larger than " + std::to_string(kLargestJson >> 20) + " MiB");
  return from_config(unwrapped(parse_json(text, place), place), version, place);
}

/// The JSON of the same name, if there is one and it is a Keras configuration: a model card is named the same way.
std::optional<ArchitectureSource> from_neighbour(const std::string& path, const std::string& version) {
  const std::string neighbour = std::filesystem::path(path).replace_extension(".json").string();
  std::error_code error;
  if (neighbour == path || !std::filesystem::is_regular_file(neighbour, error)) return std::nullopt;
  const Attribute json = read_json(neighbour);
  if (!is_model_config(json)) return std::nullopt;
  return from_json(json, version, neighbour);
}

/// Gives the dimensions that a configuration leaves open the size that the options have.
void set_input_size(Architecture& architecture, const KerasOptions& options) {
  for (ConfigNode& node : architecture.nodes) {
    const auto shape = node.attributes.find("shape");
    if (node.class_name != "InputLayer" || shape == node.attributes.end()) continue;
    const auto* stated = as<AttributeList>(shape->second);
    if (stated == nullptr || stated->size() < 2 || stated->size() > 3) continue;
    AttributeList dims = *stated;
    const auto set = [](Attribute& dim, std::int64_t size) {
      if (dim.is_null() && size > 0) dim = number(size);
    };
    if (dims.size() == 3) set(dims[0], options.input_height);
    set(dims[dims.size() - 2], options.input_width);
    shape->second = list(dims);
  }
}

void check_given_once(const KerasOptions& options, const std::string& path) {
  std::string given;
  const auto note = [&](const std::string& what, bool is_there) {
    if (is_there && !given.empty()) throw Error(path + ": an architecture is given twice: " + given + " and " + what);
    if (is_there) given = what;
  };
  note("'" + options.architecture + "'", !options.architecture.empty());
  note(options.config_file, !options.config_file.empty());
  note("config_json", !options.config_json.empty());
}

ArchitectureSource choose(const StoredSource& stored, const KerasOptions& options) {
  const std::string& path = stored.path;
  const std::string& version = stored.keras_version;
  check_given_once(options, path);
  if (!options.config_file.empty()) return from_config_file(options.config_file, version);
  if (!options.config_json.empty()) return from_config_text(options.config_json, version, path + ": config_json");
  if (!options.architecture.empty()) {
    return {builtin_architecture(options.architecture, stored.layer_names, path), version};
  }
  if (stored.config) {
    const std::string place = path + ": " + stored.config_place;
    return read_config(parse_json(*stored.config, place), version, place);
  }
  if (auto neighbour = stored.has_neighbours ? from_neighbour(path, version) : std::nullopt) {
    return std::move(*neighbour);
  }
  throw Error(path +
              ": holds weights only: give the architecture by name (--architecture resnet50 or resnet50-notop) or " +
              "as a JSON file written by Keras' model.to_json()");
}

}  // namespace

ArchitectureSource find_architecture(const StoredSource& stored, const KerasOptions& options) {
  ArchitectureSource source = choose(stored, options);
  source.keras_version = stored.keras_version;
  set_input_size(source.architecture, options);
  return source;
}

}  // namespace fovea::keras
