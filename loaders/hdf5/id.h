// An HDF5 identifier that closes itself.
#pragma once

#include <hdf5.h>

#include <utility>

namespace fovea::hdf5 {

/// Owns an identifier; `Close` is the function of the C library that releases it. Negative = none.
template <herr_t (*Close)(hid_t)>
class Id {
 public:
  explicit Id(hid_t id = -1) noexcept : id_(id) {}
  ~Id() { reset(); }
  Id(Id&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Id& operator=(Id&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, -1);
    }
    return *this;
  }

  hid_t get() const noexcept { return id_; }
  bool valid() const noexcept { return id_ >= 0; }

 private:
  void reset() noexcept {
    if (id_ >= 0) Close(id_);
    id_ = -1;
  }

  hid_t id_;
};

using FileId = Id<H5Fclose>;
using ObjectId = Id<H5Oclose>;
using AttributeId = Id<H5Aclose>;
using TypeId = Id<H5Tclose>;
using SpaceId = Id<H5Sclose>;
using PropertiesId = Id<H5Pclose>;

}  // namespace fovea::hdf5
