#include "bindings/c/call.h"

#include <array>
#include <cstring>
#include <exception>
#include <new>

#include <fovea/cancel.h>
#include <fovea/error.h>
#include "bindings/c/structs.h"

namespace fovea::c {
namespace {

// Room of its own for every thread: a message must not need memory when there is none, and a library that is unloaded
// must leave nothing that a thread's end would call.
constexpr std::size_t kMostMessage = 4000;
constexpr char kCut[] = " ...";
thread_local std::array<char, kMostMessage + sizeof(kCut)> t_message{};

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

void keep(const char* text) noexcept {
  std::size_t length = std::strlen(text);
  const bool cut = length > kMostMessage;
  if (cut) {
    length = kMostMessage;
    while (length > 0 && continues_character(text[length])) --length;
  }
  std::memcpy(t_message.data(), text, length);
  if (cut) {
    std::memcpy(t_message.data() + length, kCut, sizeof(kCut));
  } else {
    t_message[length] = '\0';
  }
}

fovea_status failed(fovea_status status, const char* text) noexcept {
  keep(text);
  return status;
}

}  // namespace

void refuse(const std::string& message) { throw Refusal{FOVEA_INVALID_ARGUMENT, message}; }

fovea_status caught(fovea_status plain) noexcept {
  try {
    throw;
  } catch (const Refusal& refusal) {
    return failed(refusal.status, refusal.message.c_str());
  } catch (const OutOfMemoryError& error) {
    return failed(FOVEA_OUT_OF_MEMORY, error.what());
  } catch (const Cancelled& error) {
    return failed(FOVEA_CANCELLED, error.what());
  } catch (const UnsupportedError& error) {
    return failed(FOVEA_UNSUPPORTED, error.what());
  } catch (const Error& error) {
    return failed(plain, error.what());
  } catch (const std::bad_alloc&) {
    return failed(FOVEA_OUT_OF_MEMORY, "not enough memory");
  } catch (const std::exception& error) {
    return failed(FOVEA_INTERNAL, error.what());
  } catch (...) {
    return failed(FOVEA_INTERNAL, "an exception of unknown type");
  }
}

}  // namespace fovea::c

using namespace fovea::c;

const char* fovea_last_error(void) noexcept { return t_message.data(); }

const char* fovea_status_name(fovea_status status) noexcept {
  // A caller may give any number.
  switch (number_in(status)) {
    case FOVEA_OK:
      return "FOVEA_OK";
    case FOVEA_INVALID_ARGUMENT:
      return "FOVEA_INVALID_ARGUMENT";
    case FOVEA_INVALID_HANDLE:
      return "FOVEA_INVALID_HANDLE";
    case FOVEA_REFUSED:
      return "FOVEA_REFUSED";
    case FOVEA_UNSUPPORTED:
      return "FOVEA_UNSUPPORTED";
    case FOVEA_OUT_OF_MEMORY:
      return "FOVEA_OUT_OF_MEMORY";
    case FOVEA_CANCELLED:
      return "FOVEA_CANCELLED";
    case FOVEA_INTERNAL:
      return "FOVEA_INTERNAL";
    default:
      return "unknown status";
  }
}
