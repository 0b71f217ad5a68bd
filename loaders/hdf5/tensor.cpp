// Float datasets, read straight into the memory they stay in.
#include <algorithm>
#include <cstring>

#include "base/aligned.h"
#include "loaders/hdf5/chunks/chunked_data.h"
#include "loaders/hdf5/file.h"
#include "loaders/hdf5/io/address.h"
#include "loaders/hdf5/messages/number_conversion.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kMostTensorDimensions = 8;
/// A dataset may declare this much more than it stores: no compression of real weights comes near it.
constexpr std::uint64_t kLargestRatio = 1000;
/// All chunks together may hold so many times the data's bytes, for what lies beyond its edges, or so many bytes.
constexpr std::uint64_t kMostOverEdges = 8;
constexpr std::uint64_t kFewChunkBytes = std::uint64_t{32} << 20;

void check_type(const DataType& type) {
  if (float_format(type)) return;
  throw Refusal("holds " + name_of(type) + "; only float16, bfloat16, float32 and float64 can be read");
}

void check_storage(const Object& set) {
  if (set.in_other_files) throw Refusal("its data is in an external file");
  if (set.layout->kind == Layout::Kind::virtual_set) throw Refusal("it is a virtual dataset");
}

std::vector<std::int64_t> shape_of(const DataSpace& space) {
  if (space.is_null) throw Refusal("has no shape");
  if (space.sides.size() > kMostTensorDimensions) {
    throw Refusal("has " + std::to_string(space.sides.size()) + " dimensions");
  }
  if (std::find(space.sides.begin(), space.sides.end(), 0U) != space.sides.end()) throw Refusal("has no elements");
  return {space.sides.begin(), space.sides.end()};
}

/// The parts of the header that say the same.
void check_agreement(const Object& set) {
  const auto& sides = set.layout->chunks.sides;
  const bool chunked = set.layout->kind == Layout::Kind::chunked;
  const bool fits =
      !chunked || (sides.size() > 1 && sides.size() == set.space->sides.size() + 1 && sides.back() == set.type->size);
  if (!fits || (!set.fill.bytes.empty() && set.fill.bytes.size() != set.type->size)) {
    throw Refusal("the file is damaged: chunks do not fit the data space");
  }
}

/// A dataset whose header makes sense.
struct Declared {
  const Object& set;
  std::uint64_t count = 0;  ///< elements
  std::uint64_t bytes = 0;  ///< as floats, or as stored if that is more
  std::vector<Chunk> chunks;
};

std::uint64_t stored_bytes(const Declared& declared, const RawFile& file) {
  const Layout& layout = *declared.set.layout;
  switch (layout.kind) {
    case Layout::Kind::compact:
      return layout.compact.size();
    case Layout::Kind::contiguous:
      return layout.address == kNoAddress ? 0 : std::min(layout.bytes.value_or(UINT64_MAX), file.left(layout.address));
    default: {
      std::uint64_t all = 0;
      for (const Chunk& chunk : declared.chunks) all += chunk.bytes;
      return all;
    }
  }
}

Declared declare(const Object& set, const Blocks& blocks, const TreeSizes& sizes) {
  Declared declared{set, set.space->elements(), 0, {}};
  const std::uint64_t element = std::max<std::uint64_t>(set.type->size, sizeof(float));
  if (__builtin_mul_overflow(declared.count, element, &declared.bytes)) throw Refusal("declares an impossible size");
  const bool chunked = set.layout->kind == Layout::Kind::chunked;
  if (chunked) {
    declared.chunks = list_chunks(blocks, sizes, {set.layout->chunks, *set.space, !set.pipeline.filters.empty()});
  }
  const std::uint64_t stored = stored_bytes(declared, blocks.file);
  const bool whole = chunked || declared.count * set.type->size <= stored;
  if (!whole || declared.bytes / kLargestRatio > stored) {
    throw Refusal("declares " + std::to_string(declared.bytes) + " bytes and stores only " + std::to_string(stored));
  }
  blocks.budget.spend_stored(chunked ? stored : declared.count * set.type->size);
  blocks.budget.spend_data(declared.bytes);
  return declared;
}

float fill_value(const Object& set) {
  float value = 0;
  if (!set.fill.bytes.empty()) to_floats(*set.type, set.fill.bytes.data(), 1, &value);
  return value;
}

void read_in_chunks(const Declared& declared, const Blocks& blocks, float* out) {
  const Object& set = declared.set;
  const ChunkedSpace space{set.layout->chunks, *set.space, !set.pipeline.filters.empty()};
  std::uint64_t all = 0;
  if (__builtin_mul_overflow(space.chunk_bytes(), declared.chunks.size(), &all) ||
      all > std::max(kFewChunkBytes, kMostOverEdges * declared.bytes)) {
    throw Refusal("its chunks hold far more than its shape");
  }
  blocks.budget.spend_data(all);  // inflating takes time
  std::fill_n(out, declared.count, fill_value(set));
  read_chunks(blocks.file, {*set.type, set.space->sides, set.layout->chunks, set.pipeline.filters, declared.chunks},
              out);
}

void read_at_once(const Declared& declared, const RawFile& file, float* out) {
  const DataType& type = *declared.set.type;
  const Layout& layout = *declared.set.layout;
  if (layout.kind == Layout::Kind::compact) return to_floats(type, layout.compact.data(), declared.count, out);
  if (is_native_float(type)) {
    if (!file.read(layout.address, declared.count * sizeof(float), out)) throw Refusal("cannot be read");
    return;
  }
  constexpr std::uint64_t kAtOnce = 64 * 1024;  // elements
  std::vector<unsigned char> part(kAtOnce * type.size);
  for (std::uint64_t done = 0; done < declared.count; done += kAtOnce) {
    const std::uint64_t now = std::min(kAtOnce, declared.count - done);
    if (!file.read(layout.address + done * type.size, now * type.size, part.data())) throw Refusal("cannot be read");
    to_floats(type, part.data(), now, out + done);
  }
}

}  // namespace

Tensor Group::read_tensor(const std::string& path, ReadQueue* queue) const {
  const std::string place = place_of(path);
  const Object& set = open(path, true);
  return file_->at(place, [&] {
    check_type(*set.type);
    check_storage(set);
    Tensor tensor;
    tensor.shape = shape_of(*set.space);
    check_agreement(set);
    const bool chunked = set.layout->kind == Layout::Kind::chunked;
    if (chunked && !set.pipeline.refusal.empty()) throw Refusal(set.pipeline.refusal);
    const Declared declared = declare(set, file_->blocks(), file_->superblock_.sizes);
    std::shared_ptr<float[]> data = AlignedFloats(static_cast<std::int64_t>(declared.count)).share();
    if (chunked) {
      read_in_chunks(declared, file_->blocks(), data.get());
    } else if (queue != nullptr && set.layout->kind == Layout::Kind::contiguous && is_native_float(*set.type)) {
      queue->add(set.layout->address, declared.count, data.get(), place);
    } else {
      read_at_once(declared, file_->raw_, data.get());
    }
    tensor.data = std::move(data);
    tensor.elements = static_cast<std::int64_t>(declared.count);
    return tensor;
  });
}

Tensor Group::tensor(const std::string& path) const { return read_tensor(path, nullptr); }

Tensor Group::queue_tensor(const std::string& path, ReadQueue& queue) const { return read_tensor(path, &queue); }

}  // namespace fovea::hdf5
