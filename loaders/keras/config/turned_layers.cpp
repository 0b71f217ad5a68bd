// What a channels_first layer reads as {channels, height, width} is, in a channels-last model, a map of {height, width,
// channels} all the same: the layer takes its rows for channels.
#include "loaders/keras/config/turned_layers.h"

#include <map>

#include <fovea/error.h>
#include "loaders/keras/json/access.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

constexpr const char *kFormat = "data_format", *kFirst = "channels_first";

bool says_first(const ConfigNode& node) {
  const Attribute* value = find(node.attributes, kFormat);
  const auto* format = value == nullptr ? nullptr : as<std::string>(*value);
  return format != nullptr && *format == kFirst;
}

/// Layers of maps, by their names; operations of that kind exist for maps alone.
bool is_of_maps(const ConfigNode& node) {
  return node.class_name.find("2D") != std::string::npos || node.class_name == "Resizing" ||
         node.class_name == "CenterCrop" || node.class_name.starts_with("Random") || node.class_name == "Operation";
}

}  // namespace

ConfigNode permute_node(const std::string& name, const std::string& input, int a, int b, int c) {
  ConfigNode permute{"Permute", name, name, {}, {input}, false, "", std::nullopt};
  permute.attributes["dims"] = list({number(a), number(b), number(c)});
  return permute;
}

bool has_softmax(const ConfigNode& node) {
  const Attribute* activation = find(node.attributes, "activation");
  if (activation == nullptr) return false;
  if (const auto* function = function_name(*activation)) return function->find("softmax") != std::string::npos;
  const auto* object = as<AttributeMap>(*activation);
  const Attribute* name = object == nullptr ? nullptr : find(*object, "class_name");
  const auto* class_name = name == nullptr ? nullptr : as<std::string>(*name);
  return class_name != nullptr && *class_name == "Softmax";
}

void turn_layers(Architecture& architecture, const std::string& place) {
  std::vector<ConfigNode> added;
  std::map<std::string, std::string> renamed;
  const auto follow = [&](std::string& name) {
    if (const auto found = renamed.find(name); found != renamed.end()) name = found->second;
  };
  for (ConfigNode& node : architecture.nodes) {  // nodes stand behind all that they read
    for (std::string& input : node.inputs) follow(input);
    if (!says_first(node)) continue;
    if (!is_of_maps(node) || has_softmax(node) || node.inputs.size() != 1) {
      throw UnsupportedError(place + ": layer '" + printable(node.name) + "' (" + printable(node.class_name) +
                             "): data_format channels_first" + (has_softmax(node) ? " with softmax over columns" : "") +
                             " is not supported in a channels_last model");
    }
    added.push_back(permute_node(node.name + "/order", node.inputs.front(), 2, 3, 1));
    node.inputs.front() = added.back().name;
    node.attributes.insert_or_assign(kFormat, text("channels_last"));
    const bool makes_vector = node.class_name.starts_with("Global") && !flag_at(node.attributes, "keepdims", false);
    if (makes_vector) continue;
    added.push_back(permute_node(node.name + "/turned", node.name, 3, 1, 2));
    renamed[node.name] = added.back().name;
  }
  for (std::string& output : architecture.outputs) follow(output);
  for (ConfigNode& node : added) architecture.nodes.push_back(std::move(node));
}

}  // namespace fovea::keras
