// Writes a pack file: everything is packed, then written front to back, and the header last.
#include <fovea/pack.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <ostream>
#include <utility>

#include <fovea/error.h>
#include "base/checksum64.h"
#include "base/float_mode.h"
#include "loaders/pack/contents.h"
#include "loaders/pack/network.h"

namespace fovea {

namespace {

using pack::Kind;
using pack::Section;

// Packed values of all sets, each of the same bytes once.
class PackedPool {
 public:
  std::uint64_t offset_of(const PackedFloats& values) {
    const auto bytes = bytes_of(values);
    const auto [begin, end] = known_.equal_range(checksum64(bytes));
    for (auto other = begin; other != end; ++other) {
      const auto& [place, there] = blocks_[other->second];
      if (there.bytes() == values.bytes() && std::memcmp(there.data(), values.data(), bytes.size()) == 0) return place;
    }
    const std::uint64_t offset = end_;
    known_.emplace(checksum64(bytes), blocks_.size());
    blocks_.emplace_back(offset, values);
    end_ = pack::aligned(end_ + bytes.size(), pack::kLine);
    return offset;
  }

  const std::vector<std::pair<std::uint64_t, PackedFloats>>& blocks() const { return blocks_; }
  static std::span<const std::byte> bytes_of(const PackedFloats& values) {
    return std::as_bytes(std::span(values.data(), static_cast<std::size_t>(values.size())));
  }

 private:
  std::vector<std::pair<std::uint64_t, PackedFloats>> blocks_;  // with the offset of each
  std::multimap<std::uint64_t, std::size_t> known_;             // by checksum
  std::uint64_t end_ = 0;
};

// Takes down what one model packs.
class Recorder final : public PackedSource, public PackedStore {
 public:
  explicit Recorder(PackedPool& pool) : pool_(pool) {}

  pack::WeightSet set;

  PackedStore* store(const PackingChoice& choice) override {
    set.isa = choice.isa;
    set.arithmetic = arithmetic_name(choice.arithmetic);
    set.network = choice.network;
    return this;
  }
  std::shared_ptr<const float[]> find(const PackedKey&) override { return nullptr; }
  void keep(const PackedKey& key, const PackedFloats& values) override {
    set.entries.push_back({key, pool_.offset_of(values)});
  }

 private:
  PackedPool& pool_;
};

class PackWriter {
 public:
  explicit PackWriter(std::ostream& out) : out_(out) {}

  /// Before the first section: room for the header and a table of so many lines.
  void begin(std::size_t sections) { pad(sizeof(pack::Header) + sections * sizeof(Section)); }
  void begin_section(Kind kind) {
    pad(pack::aligned(at_, pack::kPage));
    table_.push_back({static_cast<std::uint32_t>(kind), 0, at_, 0, 0});
    sum_ = {};
  }
  /// Parts of a section begin at multiples of a cache line.
  void part(std::span<const std::byte> bytes) {
    const std::size_t whole = bytes.size() / pack::kLine * pack::kLine;
    write(bytes.first(whole));
    if (whole == bytes.size()) return;
    std::array<std::byte, pack::kLine> last{};
    std::ranges::copy(bytes.subspan(whole), last.begin());
    write(last);
  }
  void write(std::span<const std::byte> bytes) {
    put(bytes);
    sum_.add(bytes);
  }
  void end_section() {
    table_.back().size = at_ - table_.back().offset;
    table_.back().sum = sum_.value();
  }
  void finish() {
    const auto table = std::as_bytes(std::span(table_));
    pack::Header header{pack::kMagic,
                        pack::kByteOrder,
                        pack::kVersion,
                        static_cast<std::uint32_t>(table_.size()),
                        0,
                        at_,
                        checksum64(table),
                        {},
                        0};
    header.sum = checksum64(std::as_bytes(std::span(&header, 1)).first(pack::kSummedHeader));
    out_.flush();
    out_.seekp(static_cast<std::streamoff>(sizeof header));
    put(table);
    out_.flush();
    out_.seekp(0);
    put(std::as_bytes(std::span(&header, 1)));
    out_.flush();
    if (!out_) throw Error("the pack file cannot be written");
  }

 private:
  void put(std::span<const std::byte> bytes) {
    out_.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!out_) throw Error("the pack file cannot be written");
    at_ += bytes.size();
  }
  void pad(std::uint64_t end) {
    constexpr std::byte kZeros[pack::kPage]{};
    put({kZeros, static_cast<std::size_t>(end - at_)});
  }

  std::ostream& out_;
  std::uint64_t at_ = 0;
  std::vector<Section> table_;
  Checksum64 sum_;
};

void write_text(PackWriter& writer, Kind kind, const std::string& text) {
  writer.begin_section(kind);
  writer.write(std::as_bytes(std::span(text)));
  writer.end_section();
}

}  // namespace

void save_pack(std::ostream& out, const ModelDesc& desc, const std::string& card, const std::vector<PackedSet>& sets,
               const std::function<void(std::size_t done, std::size_t total)>& progress) {
  const FloatMode mode(FloatMode::Tiny::kept);
  std::size_t done = 0;
  const auto step = [&] {
    if (progress) progress(done++, sets.size() + 2);
  };
  step();
  if (card.size() > pack::kLargestCard) throw Error("the card is too large for a pack file");
  PackedPool pool;
  std::vector<pack::WeightSet> packed;
  if (sets.empty()) Model::create(desc);  // a network that cannot run is not worth a file
  for (const PackedSet& wanted : sets) {
    Recorder recorder(pool);
    ModelOptions options{.isa = wanted.isa};
    options.arithmetic = wanted.arithmetic;
    pack::make_model(desc, options, recorder, "");
    packed.push_back(std::move(recorder.set));
    step();
  }
  const pack::WeightPlaces places(desc);
  const std::string network = pack::network_bytes(desc, places);
  Section weights{};
  if (!places.places().empty())
    weights.size = places.places().back().offset + places.places().back().floats * sizeof(float);
  pack::read_network(std::as_bytes(std::span(network)), {}, weights, "");  // what cannot be read back is not written
  PackWriter writer(out);
  writer.begin(2 + (card.empty() ? 0 : 1) + (packed.empty() ? 0 : 2));
  write_text(writer, Kind::network, network);
  if (!card.empty()) write_text(writer, Kind::card, card);
  if (!packed.empty()) write_text(writer, Kind::sets, pack::set_bytes(packed));
  writer.begin_section(Kind::weights);
  for (const auto& place : places.places()) {
    writer.part(std::as_bytes(std::span(place.data, static_cast<std::size_t>(place.floats))));
  }
  writer.end_section();
  step();
  if (!packed.empty()) {
    writer.begin_section(Kind::packed);
    for (const auto& [offset, values] : pool.blocks()) writer.part(PackedPool::bytes_of(values));
    writer.end_section();
  }
  writer.finish();
  step();
}

}  // namespace fovea
