// What a model's file holds and what the engine made of it: the data of model-info.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fovea/export.h>
#include <fovea/model.h>

namespace fovea {

/// One layer of the file.
struct LayerInfo {
  FileLayer layer;
  std::int64_t macs = 0;  ///< multiply-accumulates of one image, counted where they are done
  std::string made;       ///< what the engine made of it: its kernel, or "part of NAME"
  std::string because;    ///< why that kernel, where there was a choice
};

/// One of the model's inputs or outputs: the layer that it is, and its shape if that is known.
struct EndInfo {
  std::string name;
  Shape shape;
};

/// What a pack file has beyond the Keras file that it was made of.
struct PackInfo {
  struct Set {
    std::string isa, arithmetic;
    std::int64_t bytes;  ///< packed weights
  };
  std::vector<Set> sets;  ///< what weights are packed for
  bool card = false;      ///< it holds the model's card
  bool verified = false;  ///< all of it was checked
};

struct ModelInfo {
  Provenance provenance;
  std::string name;
  std::vector<EndInfo> inputs, outputs;  ///< in the file's order
  std::vector<LayerInfo> layers;
  std::int64_t parameters = 0;
  std::int64_t macs = 0;               ///< of one image
  std::int64_t weight_bytes = 0;       ///< packed
  std::string unsupported;             ///< why it cannot run; "" = it can
  std::shared_ptr<const Model> model;  ///< if it can
  std::optional<PackInfo> pack;        ///< if it is a pack file; for who knows to fill in
};

/// Throws Error without a model.
FOVEA_API ModelInfo model_info(std::shared_ptr<const Model> model);

/// Makes the model of a description as read from a file. One that this version cannot run is described without shapes;
/// what makes no network at all is an Error.
FOVEA_API ModelInfo model_info(ModelDesc desc, const ModelOptions& options);

/// All of it as an object of JSON, indented, with a newline at the end. Names that are no UTF-8 are mended.
FOVEA_API std::string model_info_json(const ModelInfo& info);

}  // namespace fovea
