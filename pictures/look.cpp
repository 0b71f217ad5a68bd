// What a file on the disk is: its type, its first bytes, and the pages of a TIFF.
#include "pictures/look.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "pictures/decode/tiff/tiff_pages.h"

namespace fovea {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

FileLook unknown(const std::string& error) { return {FileKind::unread, error, 1, ""}; }

FileLook unknown(int error) {
  return unknown(error == ENOENT ? "no such file" : std::generic_category().message(error));
}

// What pread gave, or nothing with errno.
ssize_t read_at(int descriptor, std::uint64_t offset, std::uint8_t* out, std::size_t size) {
  std::size_t got = 0;
  while (got < size) {
    const ssize_t part = ::pread(descriptor, out + got, size - got, static_cast<off_t>(offset + got));
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) return -1;
    if (part == 0) break;
    got += static_cast<std::size_t>(part);
  }
  return static_cast<ssize_t>(got);
}

void add_pages(int descriptor, FileLook& look) {
  const TiffPages pages = tiff_pages([&](std::uint64_t offset, std::uint8_t* out, std::size_t size) {
    constexpr std::uint64_t kLargestOffset = std::uint64_t{1} << 62;
    return offset <= kLargestOffset && read_at(descriptor, offset, out, size) == static_cast<ssize_t>(size);
  });
  if (pages.camera_raw) {
    look = unknown(unread_reason({FileKind::unread, "camera raw"}));
  } else if (!pages.directories.empty()) {
    look.pages = static_cast<int>(pages.directories.size());
    look.page_problem = pages.problem;
  }
}

}  // namespace

FileLook look_at(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return unknown(errno);
  if (!S_ISREG(status.st_mode)) return unknown("is not a regular file");
  // Between the two calls it may have become a pipe: O_NONBLOCK does not wait for its other end.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
  if (file.number < 0) return unknown(errno);
  std::array<std::uint8_t, kSignBytes> first{};
  const ssize_t got = read_at(file.number, 0, first.data(), first.size());
  if (got < 0) return unknown(errno);

  const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
  const FileSign sign = file_sign(first.data(), static_cast<std::size_t>(got), name);
  FileLook look{sign.kind, "", 1, ""};
  if (sign.kind == FileKind::unread) look.error = unread_reason(sign);
  // A picture by its name only: the decoder says what is wrong with it.
  if (sign.kind != FileKind::readable && sign.kind != FileKind::unread && !image_ending(name).empty()) {
    look.kind = FileKind::unread;
    look.error = got == 0 ? "file is empty" : unread_reason(sign);
  }
  if (sign.kind == FileKind::readable &&
      sniff_format(first.data(), static_cast<std::size_t>(got)) == ImageFormat::tiff) {
    add_pages(file.number, look);
  }
  return look;
}

}  // namespace fovea
