// What model-info tells of a file, gathered before any of it is printed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <fovea/model.h>

namespace fovea::tools {

/// One layer of the file.
struct LayerRow {
  FileLayer layer;
  std::int64_t macs = 0;  ///< multiply-accumulates of one image, counted where they are done
  std::string made;       ///< what the engine made of it: its kernel, or "part of NAME"
  std::string because;    ///< why that kernel, where there was a choice
};

/// One of the model's inputs or outputs: the layer that it is, and its shape if that is known.
struct End {
  std::string name;
  Shape shape;
};

struct ModelInfo {
  Provenance provenance;
  std::string name;
  std::vector<End> inputs, outputs;  ///< in the file's order
  std::vector<LayerRow> rows;
  std::int64_t parameters = 0;
  std::string unsupported;             ///< why it cannot run; "" = it can
  std::shared_ptr<const Model> model;  ///< if it can
};

/// `desc` as read from a file. A model that cannot run is described without shapes.
ModelInfo gather(ModelDesc desc, const ModelOptions& options);

/// A table as Keras' summary() prints it, with totals and memory.
std::string info_text(const ModelInfo& info);
std::string info_json(const ModelInfo& info);
/// The network as a picture for Graphviz.
std::string info_dot(const ModelInfo& info);

}  // namespace fovea::tools
