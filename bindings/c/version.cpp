// What this fovea is, and what it finds on this machine.
#include <fovea/version.h>

#include "bindings/c/objects.h"

namespace {

/// Names that live as long as the process. nullptr behind the last, and where there is no memory for them.
const char* name_at(const std::vector<std::string>& names, std::size_t index) {
  return index < names.size() ? names[index].c_str() : nullptr;
}

}  // namespace

const char* fovea_version(void) noexcept { return fovea::version(); }

size_t fovea_live_handles(void) noexcept { return fovea::c::live_handles(); }

int32_t fovea_allowed_threads(void) noexcept { return fovea::allowed_threads(); }

const char* fovea_available_isa(size_t index) noexcept {
  const char* name = nullptr;
  fovea::c::guarded([&] {
    static const std::vector<std::string> names = fovea::available_isas();
    name = name_at(names, index);
  });
  return name;
}

const char* fovea_preset_name(size_t index) noexcept {
  const char* name = nullptr;
  fovea::c::guarded([&] {
    static const std::vector<std::string> names = fovea::preset_names();
    name = name_at(names, index);
  });
  return name;
}
