// A model as data: what a loader hands to the engine. No Keras JSON, no HDF5, no layer objects.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fovea/layer_config.h>

namespace fovea {

/// One layer of a model and where its inputs come from.
struct NodeDesc {
  LayerConfig config;
  std::vector<std::string> inputs;  ///< names of the nodes it reads, in Keras' argument order; empty for an input
};

/// Where a model came from; goes into run records.
struct Provenance {
  std::string file;           ///< path as given
  std::string sha256;         ///< of the whole file, lower-case hexadecimal
  std::string format;         ///< "keras", "keras-h5", "keras-h5-weights", "keras-weights-h5"
  std::string keras_version;  ///< as stored in the file, may be empty
  std::string layers;         ///< the JSON that said what to run in place of its layers, "" = none
};

/// A checked description of a network: names are unique, every input exists, each weight is finite and of the
/// shape its layer's configuration demands (the layers themselves check that when the graph is built).
struct ModelDesc {
  std::string name;
  std::vector<NodeDesc> nodes;  ///< any order; the graph sorts them
  std::vector<std::string>
      inputs;  ///< names of the InputLayer nodes. Their attribute `shape` is [H, W, C], null = unknown
  std::vector<std::string> outputs;  ///< names of the nodes whose results are the model's outputs
  Provenance provenance;
  std::string
      unsupported_help;  ///< ends the refusal of layers that are not supported: what the user may do, "" = nothing
};

}  // namespace fovea
