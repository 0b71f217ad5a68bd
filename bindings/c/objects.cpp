#include "bindings/c/objects.h"

namespace fovea::c {

void refuse_handle(const char* kind, const void* handle) {
  const std::string name(kind);
  if (handle == nullptr) throw Refusal{FOVEA_INVALID_HANDLE, "the " + name + " is NULL"};
  throw Refusal{FOVEA_INVALID_HANDLE, "this is no handle of a " + name + ", or it was freed"};
}

}  // namespace fovea::c
