// Weights as an operation reads them: packed at load, or taken from where they lie ready.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/aligned.h"
#include "base/thread_team.h"

namespace fovea {

/// Raised whenever the same network, instruction set and arithmetic give other packed weights than before: another
/// order or rounding of them, a fold of other layers, another choice of what runs. Packed weights of another version
/// are not used. tests/loaders/pack/packing_test.cpp notices a change.
inline constexpr std::uint32_t kPackingVersion = 1;

/// Values that never change, in memory of their own or of a file.
class PackedFloats {
 public:
  PackedFloats() = default;
  PackedFloats(std::shared_ptr<const float[]> data, std::int64_t size) : data_(std::move(data)), size_(size) {}

  const float* data() const { return data_.get(); }
  std::int64_t size() const { return size_; }
  std::int64_t bytes() const { return size_ * std::int64_t{sizeof(float)}; }

 private:
  std::shared_ptr<const float[]> data_;
  std::int64_t size_ = 0;
};

/// Which packed values of a network.
struct PackedKey {
  std::int64_t op = 0;    ///< the operation, in the order of the run
  std::int64_t part = 0;  ///< which of those that it packs
  std::string layout;     ///< how the values lie, "conv_f32_c16 x32"
  std::int64_t floats = 0;

  bool operator==(const PackedKey&) const = default;
};

/// A place where packed weights lie ready, or are to be kept.
class PackedStore {
 public:
  PackedStore() = default;
  virtual ~PackedStore() = default;
  PackedStore(const PackedStore&) = delete;
  PackedStore& operator=(const PackedStore&) = delete;

  /// The values of exactly this key, aligned to 64 bytes; nullptr: they are to be packed.
  virtual std::shared_ptr<const float[]> find(const PackedKey& key) = 0;
  /// What was packed because `find` had nothing.
  virtual void keep(const PackedKey& key, const PackedFloats& values) = 0;
};

/// Packs for one operation after the other. What is asked for, in which order, depends on the network alone.
class Packer {
 public:
  explicit Packer(ThreadTeam& team, PackedStore* store = nullptr) : team_(team), store_(store) {}

  ThreadTeam& team() { return team_; }
  void begin_op(std::int64_t op) {
    op_ = op;
    parts_ = 0;
  }

  /// The ready values, or those that `make` returns as a shared pointer.
  template <class Make>
  PackedFloats make(std::string layout, std::int64_t floats, const Make& make) {
    const PackedKey key{op_, parts_++, std::move(layout), floats};
    if (store_ != nullptr && floats > 0) {
      if (auto ready = store_->find(key)) return {std::move(ready), floats};
    }
    const PackedFloats made(make(), floats);
    if (store_ != nullptr && floats > 0) store_->keep(key, made);
    return made;
  }

  /// The ready values, or what `fill` makes of as many zeros.
  template <class Fill>
  PackedFloats fill(std::string layout, std::int64_t floats, const Fill& fill) {
    return make(std::move(layout), floats, [&] {
      AlignedFloats values(floats);
      fill(values.data());
      return std::move(values).share();
    });
  }

 private:
  ThreadTeam& team_;
  PackedStore* store_;
  std::int64_t op_ = 0, parts_ = 0;
};

}  // namespace fovea
