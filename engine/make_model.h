// Model::create with a place for packed weights.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <fovea/model.h>
#include "layers/packed.h"

namespace fovea {

/// What decides how weights are packed.
struct PackingChoice {
  std::string isa;
  Arithmetic arithmetic = Arithmetic::fast;
  std::uint64_t network = 0;  ///< of the operations to be made, see network_print
};

/// Where packed weights come from, or go to.
class PackedSource {
 public:
  PackedSource() = default;
  virtual ~PackedSource() = default;
  PackedSource(const PackedSource&) = delete;
  PackedSource& operator=(const PackedSource&) = delete;

  /// The store for weights packed so, as long as the model is made; nullptr: there is none.
  virtual PackedStore* store(const PackingChoice& choice) = 0;
};

/// A friend of Model.
struct ModelMaker {
  /// As Model::create. What a store of `source` has is taken as it is: the description must be the one that those
  /// weights were packed for.
  static std::shared_ptr<const Model> make(ModelDesc desc, const ModelOptions& options, PackedSource* source);

 private:
  static std::shared_ptr<const Model> build(ModelDesc desc, const ModelOptions& options, PackedSource* source);
};

}  // namespace fovea
