// The network as bytes, and back.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fovea/model_desc.h>
#include "loaders/pack/format.h"
#include "loaders/pack/storage.h"

namespace fovea::pack {

/// In front of the source's format in Provenance::format.
inline constexpr const char* kFormatPrefix = "pack of ";

/// Where the weights of a description lie in their section: each tensor once, in the order in which they are met.
class WeightPlaces {
 public:
  explicit WeightPlaces(const ModelDesc& desc);

  struct Place {
    const float* data;
    std::uint64_t floats, offset;
  };
  const std::vector<Place>& places() const { return places_; }
  std::uint64_t offset_of(const Weight& weight) const;

 private:
  std::vector<Place> places_;
  std::map<std::pair<const float*, std::uint64_t>, std::uint64_t> offsets_;
};

/// All of a description but the values of its weights. Throws Error where a file has no room for it.
std::string network_bytes(const ModelDesc& desc, const WeightPlaces& places);

/// The description, its weights where `storage` has the section `weights`; the file's name is left to the caller.
/// Throws Error "PATH: network at byte N: reason".
ModelDesc read_network(std::span<const std::byte> bytes, const Storage& storage, const Section& weights,
                       const std::string& path);

}  // namespace fovea::pack
