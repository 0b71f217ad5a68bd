// All of a pack file read, and what it has packed held against packing anew.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include <fovea/error.h>
#include <fovea/version.h>
#include "loaders/pack/contents.h"

namespace fovea::pack {

namespace {

void check_values(const Contents& contents, Kind kind) {
  const Section& section = contents.sections[kind];
  if (section.kind == 0) return;
  check_sum(section, kind, contents.storage.bytes(section.offset, section.size), contents.path);
  const std::uint64_t count = section.size / sizeof(float);
  const auto values = contents.storage.floats(section.offset);
  const float* bad = std::find_if(values.get(), values.get() + count, [](float x) { return !std::isfinite(x); });
  if (bad == values.get() + count) return;
  throw Error(contents.path + ": " + name_of(kind) + ": the value at byte " +
              std::to_string((bad - values.get()) * std::ptrdiff_t{sizeof(float)}) + " is not finite");
}

// Packs everything anew and compares it with a set of the file.
class Comparison final : public PackedSource, public PackedStore {
 public:
  Comparison(const Contents& contents, const WeightSet& set)
      : contents_(contents), set_(set), what_("packed for " + set.isa + ", " + set.arithmetic + ": weights ") {}

  PackedStore* store(const PackingChoice& choice) override {
    if (choice.network != set_.network) fail("are packed for a network that has become another");
    return this;
  }
  std::shared_ptr<const float[]> find(const PackedKey&) override { return nullptr; }
  void keep(const PackedKey& key, const PackedFloats& values) override {
    ++kept_;
    const PackedEntry* entry = set_.find(key);
    const std::string which = "of operation " + std::to_string(key.op) + " (" + key.layout + ") ";
    if (entry == nullptr) fail(which + "are missing");
    if (std::memcmp(contents_.values(*entry).get(), values.data(), static_cast<std::size_t>(values.bytes())) != 0) {
      fail(which + "are not those that its weights give");
    }
  }
  bool kept_all() const { return kept_ == set_.entries.size(); }

 private:
  [[noreturn]] void fail(const std::string& reason) const { throw Error(what_ + reason); }

  const Contents& contents_;
  const WeightSet& set_;
  std::string what_;
  std::size_t kept_ = 0;
};

void compare(const Contents& contents, const WeightSet& set, Arithmetic arithmetic) {
  Comparison comparison(contents, set);
  ModelOptions options{.isa = set.isa, .check_finite = false};
  options.arithmetic = arithmetic;
  make_model(read_desc(contents), options, comparison, contents.path);
  if (!comparison.kept_all()) {
    throw Error(contents.path + ": packed for " + set.isa + ", " + set.arithmetic + ": more than the network has");
  }
}

}  // namespace

void verify(const Contents& contents) {
  check_values(contents, Kind::weights);
  check_values(contents, Kind::packed);
  const std::vector<std::string> isas = available_isas();
  for (const WeightSet& set : contents.sets) {
    if (set.packing != kPackingVersion || std::ranges::find(isas, set.isa) == isas.end()) continue;
    for (const Arithmetic arithmetic : {Arithmetic::direct, Arithmetic::fast}) {
      if (set.arithmetic == arithmetic_name(arithmetic)) compare(contents, set, arithmetic);
    }
  }
}

}  // namespace fovea::pack
