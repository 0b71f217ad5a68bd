// A pack file that was read and checked, its weights left where they are.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <fovea/model.h>
#include "engine/make_model.h"
#include "loaders/pack/head.h"
#include "loaders/pack/sets.h"
#include "loaders/pack/storage.h"

namespace fovea::pack {

struct Contents {
  std::string path;
  Storage storage;
  Sections sections;
  std::string card;
  std::vector<WeightSet> sets;

  /// Where the values of an entry lie.
  std::shared_ptr<const float[]> values(const PackedEntry& entry) const {
    return storage.floats(sections[Kind::packed].offset + entry.offset);
  }
  /// The set for this choice that this fovea would pack itself, or nullptr.
  const WeightSet* find(const PackingChoice& choice) const;
};

/// Head, card and sets. Throws Error "PATH: place: reason".
Contents read_contents(Storage storage, const std::string& path);

/// The description of the file's network.
ModelDesc read_desc(const Contents& contents);

/// ModelMaker::make, errors with the path.
std::shared_ptr<const Model> make_model(ModelDesc desc, const ModelOptions& options, PackedSource& source,
                                        const std::string& path);

/// Everything, see PackFile::verify.
void verify(const Contents& contents);

}  // namespace fovea::pack
