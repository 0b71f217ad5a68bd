// Sets as bytes, and back.
#include "loaders/pack/sets.h"

#include <algorithm>
#include <utility>

#include <fovea/error.h>
#include "loaders/pack/byte_reader.h"
#include "loaders/pack/byte_writer.h"
#include "loaders/pack/format.h"

namespace fovea::pack {

namespace {

constexpr std::size_t kLeastSet = 24, kLeastPacked = 28;

std::pair<std::int64_t, std::int64_t> place_of(const PackedKey& key) { return {key.op, key.part}; }

PackedEntry read_entry(ByteReader& in, std::uint64_t packed_bytes) {
  PackedEntry entry;
  entry.key.op = in.number<std::uint32_t>();
  entry.key.part = in.number<std::uint32_t>();
  entry.key.layout = in.text();
  const auto floats = in.number<std::uint64_t>();
  entry.offset = in.number<std::uint64_t>();
  if (entry.offset % kLine != 0 || entry.offset > packed_bytes ||
      floats > (packed_bytes - entry.offset) / sizeof(float)) {
    in.fail(std::to_string(floats) + " values at " + std::to_string(entry.offset) +
            " do not lie within the section of packed weights");
  }
  entry.key.floats = static_cast<std::int64_t>(floats);
  return entry;
}

}  // namespace

const PackedEntry* WeightSet::find(const PackedKey& key) const {
  const auto found = std::ranges::lower_bound(entries, place_of(key), {},
                                              [](const PackedEntry& entry) { return place_of(entry.key); });
  return found != entries.end() && found->key == key ? &*found : nullptr;
}

std::string set_bytes(const std::vector<WeightSet>& sets) {
  ByteWriter out;
  out.count(sets.size());
  for (const WeightSet& set : sets) {
    out.text(set.isa);
    out.text(set.arithmetic);
    out.number(set.packing);
    out.number(set.network);
    out.count(set.entries.size());
    for (const PackedEntry& entry : set.entries) {
      out.number(static_cast<std::uint32_t>(entry.key.op));
      out.number(static_cast<std::uint32_t>(entry.key.part));
      out.text(entry.key.layout);
      out.number(static_cast<std::uint64_t>(entry.key.floats));
      out.number(entry.offset);
    }
  }
  if (out.bytes().size() > kLargestText) throw Error("the packed weights are too many for a pack file");
  return out.bytes();
}

std::vector<WeightSet> read_sets(std::span<const std::byte> bytes, std::uint64_t packed_bytes,
                                 const std::string& path) {
  ByteReader in(bytes, path + ": sets");
  std::vector<WeightSet> sets(in.count(kLeastSet));
  for (WeightSet& set : sets) {
    set.isa = in.text();
    set.arithmetic = in.text();
    set.packing = in.number<std::uint32_t>();
    set.network = in.number<std::uint64_t>();
    const std::size_t count = in.count(kLeastPacked);
    for (std::size_t i = 0; i < count; ++i) {
      PackedEntry entry = read_entry(in, packed_bytes);
      if (i > 0 && place_of(entry.key) <= place_of(set.entries.back().key)) in.fail("entries are out of order");
      set.entries.push_back(std::move(entry));
    }
  }
  in.expect_end();
  return sets;
}

}  // namespace fovea::pack
