// Section by section.
#include "loaders/pack/contents.h"

#include <algorithm>
#include <utility>

#include <fovea/cancel.h>
#include <fovea/error.h>
#include "loaders/pack/network.h"
#include "loaders/printable.h"

namespace fovea::pack {

namespace {

// A section that is read rather than mapped, its checksum checked.
std::shared_ptr<const std::byte[]> read_section(const Contents& contents, Kind kind) {
  const Section& section = contents.sections[kind];
  auto bytes = contents.storage.copy(section.offset, static_cast<std::size_t>(section.size));
  if (section.kind != 0) check_sum(section, kind, {bytes.get(), static_cast<std::size_t>(section.size)}, contents.path);
  return bytes;
}

}  // namespace

const WeightSet* Contents::find(const PackingChoice& choice) const {
  const auto found = std::ranges::find_if(sets, [&](const WeightSet& set) {
    return set.isa == choice.isa && set.arithmetic == arithmetic_name(choice.arithmetic) &&
           set.packing == kPackingVersion && set.network == choice.network;
  });
  return found == sets.end() ? nullptr : &*found;
}

Contents read_contents(Storage storage, const std::string& path) {
  Contents contents{path, std::move(storage), {}, "", {}};
  contents.sections = read_head(contents.storage, path);
  const auto card = read_section(contents, Kind::card);
  contents.card.assign(reinterpret_cast<const char*>(card.get()), contents.sections[Kind::card].size);
  const Section& sets = contents.sections[Kind::sets];
  if (sets.kind == 0) return contents;
  const auto bytes = read_section(contents, Kind::sets);
  contents.sets =
      read_sets({bytes.get(), static_cast<std::size_t>(sets.size)}, contents.sections[Kind::packed].size, path);
  return contents;
}

ModelDesc read_desc(const Contents& contents) {
  const Section& network = contents.sections[Kind::network];
  const auto bytes = read_section(contents, Kind::network);
  ModelDesc desc = read_network({bytes.get(), static_cast<std::size_t>(network.size)}, contents.storage,
                                contents.sections[Kind::weights], contents.path);
  desc.provenance.file = contents.path;
  desc.provenance.format = kFormatPrefix + desc.provenance.format;
  return desc;
}

std::shared_ptr<const Model> make_model(ModelDesc desc, const ModelOptions& options, PackedSource& source,
                                        const std::string& path) {
  const std::string place = path.empty() ? "" : path + ": ";
  try {
    return ModelMaker::make(std::move(desc), options, &source);
  } catch (const Cancelled&) {
    throw;
  } catch (const OutOfMemoryError& error) {
    throw OutOfMemoryError(place + error.what());
  } catch (const UnsupportedError& error) {
    throw UnsupportedError(place + one_line(error.what()));  // names are the file's
  } catch (const Error& error) {
    throw Error(place + one_line(error.what()));
  }
}

}  // namespace fovea::pack
