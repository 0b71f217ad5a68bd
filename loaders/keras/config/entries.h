// The entries of a model's list of layers, as its configuration states them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <fovea/layer_config.h>

namespace fovea::keras {

inline constexpr const char* kInputClass = "InputLayer";

/// Most layers in a model, and models within one another.
inline constexpr std::size_t kMostNodes = 20'000;
inline constexpr int kDeepestModel = 64;

/// One layer as the configuration states it. Points into the configuration.
struct Entry {
  std::string class_name, name, place;
  std::string saved_class;  ///< as Python calls the class, and Keras 3 saves it
  const AttributeMap* json = nullptr;
  const AttributeMap* config =
      nullptr;  ///< nullptr for a Sequential whose configuration is a bare list (Keras < 2.2.3)
  bool operation = false;
};

bool is_model(const std::string& class_name);

/// Each throws Error("<place>: ...").
Entry read_entry(const Attribute& value, const std::string& fallback_name, const std::string& place);
std::vector<Entry> read_entries(const Entry& model);

/// The shape without the batch dimension, from `batch_input_shape` (Keras 2) or `batch_shape` (Keras 3).
std::optional<Attribute> stated_shape(const AttributeMap& object, const std::string& place);

/// The input shape of a model that starts without an InputLayer.
std::optional<Attribute> sequential_shape(const Entry& model, int depth);

/// For each layer the name under which Keras 3 saves it; operations have none.
std::vector<std::string> saved_names_of(const std::vector<Entry>& layers);

}  // namespace fovea::keras
