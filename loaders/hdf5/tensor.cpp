// Float datasets, read straight into the memory they stay in.
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>

#include "layers/aligned.h"
#include "loaders/hdf5/chunked_data.h"
#include "loaders/hdf5/file.h"

namespace fovea::hdf5 {
namespace {

constexpr int kMostTensorDimensions = 8;
/// A dataset may declare this much more than it stores: no compression of real weights comes near it.
constexpr std::uint64_t kLargestRatio = 1000;
/// All chunks together may hold so many times the data's bytes, for what lies beyond its edges, or so many bytes.
constexpr std::uint64_t kMostOverEdges = 8;
constexpr std::uint64_t kFewChunkBytes = std::uint64_t{64} << 20;

/// True for the sign, exponent and mantissa layout of a float type.
bool has_layout(hid_t type, std::size_t sign_at, std::size_t exponent_at, std::size_t exponent_size,
                std::size_t mantissa_size) {
  std::size_t sign = 0, exponent = 0, exponent_bits = 0, mantissa = 0, mantissa_bits = 0;
  if (H5Tget_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits) < 0) return false;
  return sign == sign_at && exponent == exponent_at && exponent_bits == exponent_size && mantissa == 0 &&
         mantissa_bits == mantissa_size;
}

/// True for two bytes of no stated meaning: how h5py writes numpy's bfloat16, which HDF5 does not know.
bool is_opaque_bfloat16(hid_t type) {
  if (H5Tget_class(type) != H5T_OPAQUE || H5Tget_size(type) != sizeof(std::uint16_t)) return false;
  char* tag = H5Tget_tag(type);
  const bool untagged = tag != nullptr && *tag == '\0';
  H5free_memory(tag);
  return untagged;
}

/// Makes floats of elements of a type, in the same place.
bool to_floats(hid_t type, std::vector<unsigned char>& bytes) {
  const std::size_t count = bytes.size() / H5Tget_size(type);
  bytes.resize(std::max(bytes.size(), count * sizeof(float)));
  if (!is_opaque_bfloat16(type)) {
    if (H5Tequal(type, H5T_NATIVE_FLOAT) > 0) return true;
    return H5Tconvert(type, H5T_NATIVE_FLOAT, count, bytes.data(), nullptr, H5P_DEFAULT) >= 0;
  }
  for (std::size_t i = count; i-- > 0;) {  // the first half of a little-endian float32 is missing
    const std::uint64_t half = little_endian(&bytes[sizeof(std::uint16_t) * i], sizeof(std::uint16_t));
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(half << 16));
    std::memcpy(&bytes[sizeof(float) * i], &value, sizeof value);
  }
  return true;
}

/// "" for float16, bfloat16, float32 and float64 of either byte order; else what the type is.
std::string refused_type(hid_t type) {
  const H5T_class_t kind = H5Tget_class(type);
  const std::size_t size = H5Tget_size(type);
  if (is_opaque_bfloat16(type)) return "";
  if (kind == H5T_INTEGER) return std::to_string(8 * size) + "-bit integers";
  if (kind == H5T_STRING) return "text";
  if (kind != H5T_FLOAT) return "an unknown type";
  for (const hid_t known : {H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_IEEE_F32BE, H5T_IEEE_F64BE}) {
    if (H5Tequal(type, known) > 0) return "";
  }
  const H5T_order_t order = H5Tget_order(type);
  const bool plain = size == 2 && (order == H5T_ORDER_LE || order == H5T_ORDER_BE) && H5Tget_offset(type) == 0 &&
                     H5Tget_precision(type) == 16 && H5Tget_norm(type) == H5T_NORM_IMPLIED;
  if (plain && has_layout(type, 15, 10, 5, 10) && H5Tget_ebias(type) == 15) return "";
  if (plain && has_layout(type, 15, 7, 8, 7) && H5Tget_ebias(type) == 127) return "";  // bfloat16
  return "an unknown float type";
}

/// "" if the stored form is one we read; else why not.
std::string refused_storage(hid_t properties) {
  if (H5Pget_external_count(properties) != 0) return "its data is in an external file";
  const H5D_layout_t layout = H5Pget_layout(properties);
  if (layout == H5D_VIRTUAL) return "it is a virtual dataset";
  if (layout != H5D_CONTIGUOUS && layout != H5D_COMPACT && layout != H5D_CHUNKED) return "its layout is unknown";
  return "";
}

/// What elements are that were never written; nullopt if HDF5 does not say.
std::optional<float> fill_value(hid_t properties, hid_t type) {
  H5D_fill_value_t kind = H5D_FILL_VALUE_DEFAULT;
  if (H5Pfill_value_defined(properties, &kind) < 0) return std::nullopt;
  float value = 0;
  if (kind != H5D_FILL_VALUE_USER_DEFINED) return value;
  std::vector<unsigned char> bytes(H5Tget_size(type));
  if (H5Pget_fill_value(properties, type, bytes.data()) < 0 || !to_floats(type, bytes)) return std::nullopt;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

}  // namespace

Tensor Group::read_tensor(const std::string& path, ReadQueue* queue) const {
  const std::string place = place_of(path);
  const ObjectId id = open(path, H5I_DATASET);
  const TypeId type(H5Dget_type(id.get()));
  const SpaceId space(H5Dget_space(id.get()));
  const PropertiesId properties(H5Dget_create_plist(id.get()));
  if (!type.valid() || !space.valid() || !properties.valid()) file_->fail(place, "cannot be read: " + last_error());
  if (const auto what = refused_type(type.get()); !what.empty()) {
    file_->fail(place, "holds " + what + "; only float16, bfloat16, float32 and float64 can be read");
  }
  if (const auto why = refused_storage(properties.get()); !why.empty()) file_->fail(place, why);

  const int rank = H5Sget_simple_extent_ndims(space.get());
  if (H5Sget_simple_extent_type(space.get()) == H5S_NULL || rank < 0) file_->fail(place, "has no shape");
  if (rank > kMostTensorDimensions) file_->fail(place, "has " + std::to_string(rank) + " dimensions");
  std::array<hsize_t, kMostTensorDimensions> dims{};
  if (H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr) != rank) file_->fail(place, "has no shape");

  Tensor tensor;
  std::uint64_t count = 1;
  std::uint64_t bytes = 0;
  for (int i = 0; i < rank; ++i) {
    const hsize_t dim = dims[static_cast<std::size_t>(i)];
    if (dim == 0) file_->fail(place, "has no elements");
    if (__builtin_mul_overflow(count, dim, &count)) file_->fail(place, "declares an impossible size");
    tensor.shape.push_back(static_cast<std::int64_t>(dim));
  }
  const std::uint64_t element = std::max(H5Tget_size(type.get()), sizeof(float));
  if (__builtin_mul_overflow(count, element, &bytes)) file_->fail(place, "declares an impossible size");
  const bool chunked = H5Pget_layout(properties.get()) == H5D_CHUNKED;
  const std::uint64_t stored = std::min<std::uint64_t>(H5Dget_storage_size(id.get()), file_->size());
  const bool whole = chunked || bytes / element * H5Tget_size(type.get()) <= stored;
  if (!whole || bytes / kLargestRatio > stored) {
    file_->fail(place, "declares " + std::to_string(bytes) + " bytes and stores only " + std::to_string(stored));
  }
  file_->spend(bytes, place);

  std::shared_ptr<float[]> data = AlignedFloats(static_cast<std::int64_t>(count)).share();
  const haddr_t address = H5Dget_offset(id.get());
  const bool plain = H5Pget_layout(properties.get()) == H5D_CONTIGUOUS && H5Tequal(type.get(), H5T_NATIVE_FLOAT) > 0 &&
                     address != HADDR_UNDEF && file_->superblock_.base == 0;
  if (chunked) {
    const auto fill = fill_value(properties.get(), type.get());
    if (!fill) file_->fail(place, "cannot be read: " + last_error());
    std::fill_n(data.get(), count, *fill);
    const ChunkedData chunks = chunks_of(id.get(), properties.get(), tensor.shape, place);
    if (chunks.all_bytes() > std::max(kFewChunkBytes, kMostOverEdges * bytes)) {
      file_->fail(place, "its chunks hold far more than its shape");
    }
    file_->spend(chunks.all_bytes(), place);  // inflating takes time
    const auto convert = [&](std::vector<unsigned char>& chunk) { return to_floats(type.get(), chunk); };
    const auto wrong = read_chunks(file_->raw_, chunks, convert, data.get());
    if (!wrong.empty()) file_->fail(place, wrong);
  } else if (queue != nullptr && plain) {
    queue->add(address, count, data.get(), place);
  } else if (is_opaque_bfloat16(type.get())) {
    std::vector<unsigned char> halves(count * H5Tget_size(type.get()));
    if (H5Dread(id.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, halves.data()) < 0 ||
        !to_floats(type.get(), halves)) {
      file_->fail(place, "cannot be read: " + last_error());
    }
    std::memcpy(data.get(), halves.data(), count * sizeof(float));
  } else if (H5Dread(id.get(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, data.get()) < 0) {
    file_->fail(place, "cannot be read: " + last_error());
  }
  tensor.data = std::move(data);
  tensor.elements = static_cast<std::int64_t>(count);
  return tensor;
}

Tensor Group::tensor(const std::string& path) const { return read_tensor(path, nullptr); }

Tensor Group::queue_tensor(const std::string& path, ReadQueue& queue) const { return read_tensor(path, &queue); }

}  // namespace fovea::hdf5
