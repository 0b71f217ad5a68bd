// PackFile: what users see of a pack file.
#include <fovea/pack.h>

#include <cstring>
#include <new>
#include <utility>

#include <fovea/error.h>
#include "base/float_mode.h"
#include "loaders/pack/contents.h"

namespace fovea {

struct PackFile::Impl {
  explicit Impl(pack::Contents read) : contents(std::move(read)) {
    for (const pack::WeightSet& set : contents.sets) {
      packed.push_back({set.isa, set.arithmetic, 0});
      for (const pack::PackedEntry& entry : set.entries) {
        packed.back().bytes += entry.key.floats * std::int64_t{sizeof(float)};
      }
    }
  }
  pack::Contents contents;
  std::vector<Packed> packed;
};

namespace {

// Gives out what a file has for the choice that is made.
class FileSource final : public PackedSource, public PackedStore {
 public:
  explicit FileSource(const pack::Contents& contents) : contents_(contents) {}

  PackedStore* store(const PackingChoice& choice) override {
    set_ = contents_.find(choice);
    return set_ == nullptr ? nullptr : this;
  }
  std::shared_ptr<const float[]> find(const PackedKey& key) override {
    const pack::PackedEntry* entry = set_->find(key);
    return entry == nullptr ? nullptr : contents_.values(*entry);
  }
  void keep(const PackedKey&, const PackedFloats&) override {}

 private:
  const pack::Contents& contents_;
  const pack::WeightSet* set_ = nullptr;
};

template <class Open>
pack::Contents read_checked(const std::string& path, const PackOptions& options, const Open& open) {
  const FloatMode mode(FloatMode::Tiny::kept);
  try {
    pack::Contents contents = pack::read_contents(open(), path);
    if (options.verify) pack::verify(contents);
    return contents;
  } catch (const std::bad_alloc&) {
    throw OutOfMemoryError(path + ": not enough memory");
  }
}

}  // namespace

PackFile::PackFile(const std::string& path, const PackOptions& options)
    : impl_(
          std::make_unique<Impl>(read_checked(path, options, [&] { return pack::Storage::open(path, options.map); }))) {
}

PackFile::PackFile(std::shared_ptr<const std::byte[]> data, std::size_t size, const std::string& name,
                   const PackOptions& options)
    : impl_(std::make_unique<Impl>(
          read_checked(name, options, [&] { return pack::Storage::of(std::move(data), size); }))) {}

PackFile::~PackFile() = default;
PackFile::PackFile(PackFile&&) noexcept = default;
PackFile& PackFile::operator=(PackFile&&) noexcept = default;

const std::string& PackFile::card() const { return impl_->contents.card; }
const std::vector<PackFile::Packed>& PackFile::packed() const { return impl_->packed; }

ModelDesc PackFile::desc() const {
  try {
    return pack::read_desc(impl_->contents);
  } catch (const std::bad_alloc&) {
    throw OutOfMemoryError(impl_->contents.path + ": not enough memory");
  }
}

std::shared_ptr<const Model> PackFile::model(const ModelOptions& options) const {
  ModelOptions checked = options;
  checked.check_finite = false;
  FileSource source(impl_->contents);
  return pack::make_model(desc(), checked, source, impl_->contents.path);
}

void PackFile::verify() const {
  const FloatMode mode(FloatMode::Tiny::kept);
  pack::verify(impl_->contents);
}

bool is_pack_file(const std::string& path) {
  const std::string first = pack::first_bytes(path, pack::kMagic.size());
  return is_pack_file(std::as_bytes(std::span(first)));
}

bool is_pack_file(std::span<const std::byte> file) noexcept {
  return file.size() >= pack::kMagic.size() && std::memcmp(file.data(), pack::kMagic.data(), pack::kMagic.size()) == 0;
}

}  // namespace fovea
