// The inputs of a network as Keras users give them.
#include "bindings/python/src/inputs.h"

#include <algorithm>
#include <string>
#include "bindings/python/src/text.h"

namespace fovea::python {

namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

/// The objects in the order of the network's inputs.
std::vector<nb::object> by_name(const Model& network, nb::dict inputs) {
  const std::vector<std::string>& names = network.input_names();
  std::vector<nb::object> ordered(names.size());
  for (const auto [key, value] : inputs) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& name) { return to_str(name).equal(key); });
    if (found == names.end()) {
      raise(PyExc_ValueError,
            std::string("the model has no input ") + nb::repr(key).c_str() + ", it has " + listed(names));
    }
    ordered[static_cast<std::size_t>(found - names.begin())] = nb::borrow(value);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!ordered[i].is_valid()) raise(PyExc_ValueError, "the input '" + names[i] + "' is missing");
  }
  return ordered;
}

/// True for a list that holds the one array of a network with one input, and is not the array itself as a list.
bool holds_one_array(const Model& network, nb::handle inputs) {
  if (nb::len(inputs) != 1) return false;
  const nb::object only = inputs[0];
  return nb::hasattr(only, "ndim") && nb::cast<int>(only.attr("ndim")) == network.input_shape().rank() + 1;
}

std::vector<nb::object> in_order(const Model& network, nb::handle inputs) {
  const std::size_t count = network.input_names().size();
  if (nb::isinstance<nb::dict>(inputs)) return by_name(network, nb::cast<nb::dict>(inputs));
  const bool list = nb::isinstance<nb::list>(inputs) || nb::isinstance<nb::tuple>(inputs);
  if (count == 1 && !(list && holds_one_array(network, inputs))) return {nb::borrow(inputs)};
  if (!list || nb::len(inputs) != count) {
    raise(PyExc_ValueError, "the model has " + std::to_string(count) + " inputs: a list of as many arrays, or a dict " +
                                "of them by name, is expected (" + listed(network.input_names()) + ")");
  }
  std::vector<nb::object> ordered;
  for (std::size_t i = 0; i < count; ++i) ordered.push_back(inputs[i]);
  return ordered;
}

}  // namespace

std::vector<InputArray> read_inputs(const Model& network, nb::handle inputs) {
  std::vector<InputArray> arrays;
  const std::vector<nb::object> objects = in_order(network, inputs);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    arrays.push_back(read_input(objects[i], network.input_shape(static_cast<int>(i)), network.input_names()[i]));
    if (arrays[i].count != arrays[0].count) {
      raise(PyExc_ValueError, "the input '" + network.input_names()[i] + "' has " + std::to_string(arrays[i].count) +
                                  " images, '" + network.input_names()[0] + "' has " + std::to_string(arrays[0].count));
    }
  }
  return arrays;
}

}  // namespace fovea::python
