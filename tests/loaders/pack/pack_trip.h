// Models on their way through a pack file, in memory that is exactly as long as the file: sanitizers see what reads
// beyond it.
#pragma once

#include <cstring>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include <fovea/pack.h>

namespace fovea::test {

/// The bytes of a pack file.
inline std::string pack_bytes(const ModelDesc& desc, const std::vector<PackedSet>& sets, const std::string& card = "") {
  std::stringstream out(std::ios::binary | std::ios::in | std::ios::out);
  save_pack(out, desc, card, sets);
  return out.str();
}

/// A pack file in memory, called "memory".
inline PackFile open_pack(const std::string& bytes, const PackOptions& options = {}) {
  constexpr std::align_val_t kLine{64};
  auto* copy = static_cast<std::byte*>(::operator new(bytes.size(), kLine));
  std::memcpy(copy, bytes.data(), bytes.size());
  const std::shared_ptr<const std::byte[]> data(
      copy, [](const std::byte* p) { ::operator delete(const_cast<std::byte*>(p), kLine); });
  return {data, bytes.size(), "memory", options};
}

/// The model that comes out of a pack file made for it, packed for this choice.
inline std::shared_ptr<const Model> through_pack_file(const ModelDesc& desc, const std::string& isa,
                                                      Arithmetic arithmetic) {
  return open_pack(pack_bytes(desc, {{isa, arithmetic}})).model({.isa = isa, .arithmetic = arithmetic});
}

}  // namespace fovea::test
