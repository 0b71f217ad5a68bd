// Names out of files, made fit for one-line messages.
#include "loaders/printable.h"

namespace fovea {

std::string printable(const std::string& name) {
  constexpr std::size_t kLongest = 200;
  return one_line(name.size() > kLongest ? name.substr(0, kLongest) + "..." : name);
}

std::string one_line(std::string message) {
  for (char& c : message) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return message;
}

}  // namespace fovea
