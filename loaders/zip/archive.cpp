// Members of a zip archive, read with libzip.
#include "loaders/zip/archive.h"

#include <zip.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <fovea/error.h>
#include "loaders/printable.h"

namespace fovea::zip {
namespace {

constexpr std::string_view kMember("PK\x03\x04", 4);
constexpr std::string_view kEmptyArchive("PK\x05\x06", 4);
constexpr zip_int64_t kMostMembers = 100'000;
/// Weights hardly shrink and configurations about twentyfold; small members may be what they like.
constexpr std::uint64_t kLargestRatio = 100;
constexpr std::uint64_t kSmallMember = std::uint64_t{1} << 20;

struct CloseMember {
  void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
};

}  // namespace

bool is_archive(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  std::array<char, 4> start{};
  std::ifstream in(path, std::ios::binary);
  in.read(start.data(), start.size());
  const std::string_view found(start.data(), static_cast<std::size_t>(in.gcount()));
  return found == kMember || found == kEmptyArchive;
}

void Archive::Close::operator()(::zip* archive) const noexcept { zip_discard(archive); }

Archive::Archive(const std::string& path) : path_(path), size_(0) {
  std::error_code failure;
  size_ = std::filesystem::file_size(path, failure);
  if (failure) throw Error(path + ": " + failure.message());
  int code = 0;
  archive_.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (archive_ == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string reason = printable(zip_error_strerror(&error));
    zip_error_fini(&error);
    throw Error(path + ": not a readable zip archive (damaged or truncated?): " + reason);
  }
  const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
  if (count > kMostMembers) throw Error(path + ": the archive has too many members");
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
    names_.emplace_back(name == nullptr ? "" : name);
  }
}

bool Archive::has(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

void Archive::fail(const std::string& name, const std::string& reason) const {
  throw Error(path_ + ": " + printable(name) + ": " + reason);
}

Bytes Archive::bytes(const std::string& name, std::uint64_t most) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) fail(name, "is not in the archive");
  if (std::count(found, names_.end(), name) > 1) fail(name, "is in the archive twice");
  const auto index = static_cast<zip_uint64_t>(found - names_.begin());

  zip_stat_t about;
  constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
  if (zip_stat_index(archive_.get(), index, 0, &about) != 0 || (about.valid & kNeeded) != kNeeded) {
    fail(name, "its size is not known");
  }
  if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE) {
    fail(name, "is encrypted");
  }
  if (about.comp_method != ZIP_CM_STORE && about.comp_method != ZIP_CM_DEFLATE) {
    fail(name, "is compressed with the unsupported method " + std::to_string(about.comp_method));
  }
  if (about.size > most) {
    fail(name, "has " + std::to_string(about.size) + " bytes, more than the " + std::to_string(most) + " allowed");
  }
  if (about.comp_size > size_ || (about.size > kSmallMember && about.size / kLargestRatio > about.comp_size)) {
    fail(name, "declares " + std::to_string(about.size) + " bytes and stores only " +
                   std::to_string(std::min<std::uint64_t>(about.comp_size, size_)));
  }

  const std::unique_ptr<zip_file_t, CloseMember> file(zip_fopen_index(archive_.get(), index, 0));
  if (file == nullptr) fail(name, "cannot be opened: " + printable(zip_strerror(archive_.get())));
  const std::shared_ptr<unsigned char[]> data(new unsigned char[about.size]);  // no zeros first: it may be large
  std::uint64_t done = 0;
  while (done < about.size) {
    const zip_int64_t got = zip_fread(file.get(), &data[static_cast<std::ptrdiff_t>(done)], about.size - done);
    if (got <= 0) fail(name, "is damaged or truncated");
    done += static_cast<std::uint64_t>(got);
  }
  unsigned char beyond = 0;  // the checksum is compared at the end
  if (zip_fread(file.get(), &beyond, 1) != 0) fail(name, "is damaged: its checksum or size is wrong");
  return {data, static_cast<std::size_t>(about.size)};
}

std::string Archive::text(const std::string& name, std::uint64_t most) const {
  const Bytes content = bytes(name, most);
  return {reinterpret_cast<const char*>(content.data.get()), content.size};
}

}  // namespace fovea::zip
