// The wall that every function of the C interface stands behind: no exception passes, each becomes a status and a
// message.
#pragma once

#include <string>

#include <fovea/fovea_c.h>

namespace fovea::c {

/// A call that the C interface itself refuses.
struct Refusal {
  fovea_status status;
  std::string message;
};

/// Throws Refusal of FOVEA_INVALID_ARGUMENT.
[[noreturn]] void refuse(const std::string& message);

/// Keeps the message of the exception that is being handled for fovea_last_error; its status. `plain` is that of an
/// Error that says nothing more.
fovea_status caught(fovea_status plain) noexcept;

/// Runs `body` behind the wall.
template <typename Body>
fovea_status guarded(const Body& body, fovea_status plain = FOVEA_REFUSED) noexcept {
  try {
    body();
    return FOVEA_OK;
  } catch (...) {
    return caught(plain);
  }
}

/// Refuses a pointer that is NULL, by the name of the argument.
inline void need(const void* pointer, const char* name) {
  if (pointer == nullptr) refuse(std::string(name) + " is NULL");
}

}  // namespace fovea::c
