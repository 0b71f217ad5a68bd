// A plug-in with fovea inside; PLUG is the name of its one function.
#include "bits.h"

extern "C" __attribute__((visibility("default"))) int PLUG(const char* path, char* out, int size) {
  try {
    std::snprintf(out, static_cast<std::size_t>(size), "%s", answer(path).c_str());
    return 0;
  } catch (const std::exception& error) {
    std::snprintf(out, static_cast<std::size_t>(size), "%s", error.what());
    return 1;
  }
}
