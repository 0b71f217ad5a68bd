// Parsing of `inbound_nodes`.
//
// Keras 2: [[["conv1", 0, 0, {}], ["pad", 0, 0, {}]]]: calls, tensors, (layer, node, tensor, keyword arguments).
// Keras 3: [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["conv1", 0, 0]}}], "kwargs":
// {}}]. The node number counts the calls that are listed here. In place of a list of tensors both have dictionaries.
#include "loaders/keras/config/calls.h"

#include <algorithm>

#include <fovea/error.h>
#include "loaders/keras/json/access.h"

namespace fovea::keras {
namespace {

/// Keras 2's name for an argument that is a number, not a tensor.
constexpr const char* kConstant = "_CONSTANT_VALUE";

/// [layer, node, tensor, ...]
TensorRef reference(const AttributeList& list, const std::string& place) {
  if (list.size() < 3) throw Error(place + ": a reference to a layer has too few parts");
  const auto *call = as<std::int64_t>(list[1]), *index = as<std::int64_t>(list[2]);
  if (call == nullptr || *call < 0) throw Error(place + ": a reference to a layer has no number of the call");
  if (index == nullptr || *index < 0) throw Error(place + ": a reference to a layer has no tensor number");
  return {expect_text(list[0], place + ": a reference to a layer"), *index, *call};
}

bool is_reference(const AttributeList& list) { return !list.empty() && as<std::string>(list[0]) != nullptr; }

/// null, or a null for each of several inputs.
bool is_nothing(const Attribute& value) {
  const auto* list = as<AttributeList>(value);
  const auto* object = as<AttributeMap>(value);
  return value.is_null() ||
         (list != nullptr && !list->empty() &&
          std::ranges::all_of(*list, [](const Attribute& item) { return item.is_null(); })) ||
         (object != nullptr && !object->empty() &&
          std::ranges::all_of(*object, [](const auto& item) { return item.second.is_null(); }));
}

/// Keeps the keyword arguments that could change the result.
void keep_arguments(const AttributeMap& arguments, Call& call) {
  for (const auto& [key, value] : arguments) {
    const bool* flag = as<bool>(value);
    const bool harmless = is_nothing(value) || (key == "training" && flag != nullptr && !*flag);
    if (!harmless) call.arguments.insert_or_assign(key, value);
  }
}

/// Of an operation: the tensors among the keyword arguments.
AttributeMap take_tensors(const AttributeMap& arguments, const std::string& place, Call& call) {
  AttributeMap rest;
  for (const auto& [key, value] : arguments) {
    const auto* list = as<AttributeList>(value);
    if (list != nullptr && is_reference(*list) && list->size() == 3) {
      call.add(reference(*list, place), key);
    } else {
      rest.insert_or_assign(key, value);
    }
  }
  return rest;
}

void add_keras_2_tensor(const AttributeList& tensor, const std::string& as_argument, bool operation,
                        const std::string& place, Call& call) {
  if (is_reference(tensor) && *as<std::string>(tensor[0]) == kConstant) {
    call.arguments.insert_or_assign("constant", tensor.size() > 2 ? tensor[2] : Attribute());
  } else {
    call.add(reference(tensor, place), as_argument);
  }
  if (tensor.size() <= 3) return;
  const AttributeMap& arguments = expect_object(tensor[3], place + ": keyword arguments");
  keep_arguments(operation ? take_tensors(arguments, place, call) : arguments, call);
}

constexpr const char* kFirstArgument = "argument 0";

Call keras_2_call(const AttributeList& tensors, bool operation, const std::string& place) {
  Call call;
  if (is_reference(tensors)) {
    add_keras_2_tensor(tensors, kFirstArgument, operation, place, call);
    return call;
  }
  for (const auto& tensor : tensors) {
    add_keras_2_tensor(expect_list(tensor, place + ": an input"), kFirstArgument, operation, place, call);
  }
  return call;
}

Call keras_2_call(const AttributeMap& tensors, const std::string& place) {
  Call call;
  call.dictionary = true;
  for (const auto& [key, tensor] : tensors) {
    add_keras_2_tensor(expect_list(tensor, place + ": an input"), key, false, place, call);
  }
  return call;
}

/// The tensor that `value` stands for, or nullptr.
const AttributeMap* keras_tensor(const Attribute& value) {
  const auto* object = as<AttributeMap>(value);
  if (object == nullptr) return nullptr;
  const Attribute* name = find(*object, "class_name");
  const auto* text = name == nullptr ? nullptr : as<std::string>(*name);
  return text != nullptr && *text == "__keras_tensor__" ? object : nullptr;
}

/// The dictionary of tensors that `value` is, or nullptr.
const AttributeMap* keras_tensors(const Attribute& value) {
  const auto* object = as<AttributeMap>(value);
  const bool tensors = object != nullptr && !object->empty() && std::ranges::all_of(*object, [](const auto& item) {
                         return keras_tensor(item.second) != nullptr;
                       });
  return tensors ? object : nullptr;
}

void add_keras_3_argument(const std::string& key, const Attribute& value, const std::string& place, Call& call) {
  if (const AttributeMap* tensor = keras_tensor(value)) {
    const auto& config = object_at(*tensor, "config", place);
    call.add(reference(list_at(config, "keras_history", place), place), key);
    return;
  }
  if (const AttributeMap* tensors = keras_tensors(value); tensors != nullptr && call.inputs.empty()) {
    call.dictionary = true;
    for (const auto& [name, tensor] : *tensors) add_keras_3_argument(name, tensor, place, call);
    return;
  }
  const auto* list = as<AttributeList>(value);
  const bool tensors = list != nullptr && !list->empty() && keras_tensor(list->front()) != nullptr;
  if (tensors) {
    for (const auto& item : *list) add_keras_3_argument(key, item, place, call);
  } else {
    keep_arguments({{key, value}}, call);
  }
}

bool is_keras_3_call(const AttributeMap& node) { return find(node, "args") != nullptr; }

Call keras_3_call(const AttributeMap& node, const std::string& place) {
  Call call;
  const auto& positional = list_at(node, "args", place);
  for (std::size_t i = 0; i < positional.size(); ++i) {
    add_keras_3_argument("argument " + std::to_string(i), positional[i], place, call);
  }
  if (const Attribute* keyword = find(node, "kwargs")) {
    for (const auto& [key, value] : expect_object(*keyword, place + ": 'kwargs'")) {
      // Running the model says what it is, whatever stands here.
      if (key == "training") continue;
      if (key == "inputs" && call.inputs.empty()) {
        add_keras_3_argument(key, value, place, call);
      } else {
        keep_arguments({{key, value}}, call);
      }
    }
  }
  return call;
}

}  // namespace

bool has_keras_3_calls(const AttributeMap& entry) {
  const Attribute* inbound = find(entry, "inbound_nodes");
  const auto* calls = inbound == nullptr ? nullptr : as<AttributeList>(*inbound);
  const auto* first = calls == nullptr || calls->empty() ? nullptr : as<AttributeMap>(calls->front());
  return first != nullptr && is_keras_3_call(*first);
}

std::vector<Call> parse_calls(const Attribute& inbound_nodes, bool operation, const std::string& place) {
  std::vector<Call> calls;
  for (const auto& node : expect_list(inbound_nodes, place + ": 'inbound_nodes'")) {
    const auto* object = as<AttributeMap>(node);
    calls.push_back(object == nullptr          ? keras_2_call(expect_list(node, place + ": a call"), operation, place)
                    : is_keras_3_call(*object) ? keras_3_call(*object, place)
                                               : keras_2_call(*object, place));
  }
  return calls;
}

References parse_references(const Attribute& value, const std::string& place) {
  References references;
  const auto add = [&](const Attribute& item) { references.all.push_back(reference(expect_list(item, place), place)); };
  if (const auto* object = as<AttributeMap>(value)) {
    for (const auto& [key, item] : *object) {
      add(item);
      references.keys.push_back(key);
    }
  } else if (const auto& list = expect_list(value, place); is_reference(list)) {
    add(value);
  } else {
    for (const auto& item : list) add(item);
  }
  return references;
}

}  // namespace fovea::keras
