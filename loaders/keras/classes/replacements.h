// What to run in place of layers that hold Python code or a user's own class: said by their names, in a JSON file.
//
//   {"RescaleGAP": {"class_name": "Divide"},
//    "gem": {"layers": [{"class_name": "Maximum", "inputs": ["input", 1e-6]},
//                       {"class_name": "Power", "inputs": [{"weight": "p"}]}, ...]}}
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <fovea/keras.h>
#include <fovea/model_desc.h>
#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

class Replacements {
 public:
  /// Reads the options' file or text, if there is one. Throws Error("<path>: ...").
  explicit Replacements(const KerasOptions& options);

  bool empty() const { return layers_.empty(); }
  /// The file's text.
  const std::string& text() const { return text_; }

  /// Notes at the nodes of the layers that they are replaced. Throws Error("<path>: ...") for a name that no layer has
  /// or several have.
  void mark(Architecture& architecture) const;

  /// Puts them into the model of `architecture`, whose nodes are those of `desc`. Throws Error("<path>: ...") for
  /// settings that are not known and for weights that nothing takes.
  void apply(const Architecture& architecture, ModelDesc& desc) const;

 private:
  std::string path_, text_;
  AttributeMap layers_;  ///< by name
};

/// How to begin a file for these layers: `{"RescaleGAP": {"class_name": "..."}}`.
std::string replacement_to_start_from(const std::vector<std::string>& names);

}  // namespace fovea::keras
