// zip-ask: what fovea's zip reader makes of archives, for the test that holds it against Python's. Paths come line by
// line on standard input; each is answered by a line for every member, "NAME SIZE CRC" or "NAME error REASON" with the
// name in hexadecimal digits behind an x, or by "error REASON" for the whole archive; then "end". Not installed.
#include <libdeflate.h>

#include <iostream>
#include <string>

#include <fovea/error.h>
#include "loaders/zip/archive.h"

namespace {

constexpr std::uint64_t kMost = std::uint64_t{1} << 30;

std::string in_hex(const std::string& text) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string hex = "x";
  for (const char c : text) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

std::string about(const fovea::zip::Archive& archive, const std::string& name) {
  try {
    const fovea::Bytes content = archive.bytes(name, kMost);
    return std::to_string(content.size) + " " + std::to_string(libdeflate_crc32(0, content.data.get(), content.size));
  } catch (const fovea::Error& error) {
    return std::string("error ") + error.what();
  }
}

}  // namespace

int main() {
  for (std::string path; std::getline(std::cin, path); std::cout << "end\n") {
    try {
      const fovea::zip::Archive archive(path);
      for (const std::string& name : archive.names()) std::cout << in_hex(name) << ' ' << about(archive, name) << '\n';
    } catch (const fovea::Error& error) {
      std::cout << "error " << error.what() << '\n';
    }
  }
}
