// What HDF5 says of a data set in chunks.
#include <algorithm>
#include <array>
#include <optional>

#include "loaders/hdf5/file.h"

namespace fovea::hdf5 {
namespace {

constexpr hsize_t kMostNewChunks = 10'000;  // HDF5 needs time in the square of it

/// The filters of chunks; "" or why they cannot be undone.
std::string list_filters(hid_t properties, std::vector<Filter>& out) {
  const int count = H5Pget_nfilters(properties);
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0, element = 1;
    std::size_t values = 1;
    const auto filter =
        H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values, &element, 0, nullptr, nullptr);
    if (filter == H5Z_FILTER_DEFLATE) {
      out.push_back({Filter::Kind::deflate});
    } else if (filter == H5Z_FILTER_SHUFFLE) {
      out.push_back({Filter::Kind::shuffle, std::max(element, 1U)});
    } else if (filter == H5Z_FILTER_FLETCHER32) {
      out.push_back({Filter::Kind::fletcher32});
    } else {
      return "it is compressed with the unsupported filter " + std::to_string(filter);
    }
  }
  return "";
}

/// What HDF5 itself says of chunks: for its newer indices, whose sums it checks.
bool list_chunks(hid_t dataset, std::size_t rank, std::vector<Chunk>& out) {
  hsize_t count = 0;
  const SpaceId space(H5Dget_space(dataset));
  if (H5Dget_num_chunks(dataset, space.get(), &count) < 0 || count > kMostNewChunks) return false;
  for (hsize_t i = 0; i < count; ++i) {
    std::array<hsize_t, H5S_MAX_RANK> origin{};
    unsigned mask = 0;
    haddr_t address = 0;
    hsize_t bytes = 0;
    if (H5Dget_chunk_info(dataset, space.get(), i, origin.data(), &mask, &address, &bytes) < 0) return false;
    out.push_back({{origin.begin(), origin.begin() + static_cast<std::ptrdiff_t>(rank)}, address, bytes, mask});
  }
  return true;
}

}  // namespace

ChunkedData Group::chunks_of(hid_t dataset, hid_t properties, const std::vector<std::int64_t>& shape,
                             const std::string& place) const {
  ChunkedData data;
  data.shape.assign(shape.begin(), shape.end());
  if (const auto wrong = list_filters(properties, data.filters); !wrong.empty()) file_->fail(place, wrong);
  std::array<hsize_t, H5S_MAX_RANK> sides{};
  H5O_info_t object;
  const bool known = H5Pget_chunk(properties, H5S_MAX_RANK, sides.data()) == static_cast<int>(shape.size()) &&
                     H5Oget_info2(dataset, &object, H5O_INFO_BASIC) >= 0;
  if (!known) file_->fail(place, "cannot be read: " + last_error());
  for (std::size_t i = 0; i < shape.size(); ++i) data.sides.push_back(static_cast<std::uint32_t>(sides[i]));
  const TypeId type(H5Dget_type(dataset));
  data.sides.push_back(static_cast<std::uint32_t>(H5Tget_size(type.get())));

  std::optional<std::vector<Chunk>> chunks;
  auto wrong = file_->headers_.chunks(object.addr, chunks);
  if (!chunks) {
    if (!list_chunks(dataset, shape.size(), chunks.emplace())) file_->fail(place, "cannot be read: " + last_error());
    wrong = check_chunks(file_->raw_, data.sides, *chunks);
  }
  if (!wrong.empty()) file_->fail(place, wrong);
  data.chunks = std::move(*chunks);
  return data;
}

}  // namespace fovea::hdf5
