// What lets Debian's static codecs become a part of a shared library. They are compiled for programs: their code does
// not depend on where it lies, but it reaches for variables of the C library as if these lay beside it.
#include <dlfcn.h>

extern "C" {

/// libjpeg's and libtiff's `stderr`, for the last words of a program that ends; fovea has them say nothing.
[[gnu::visibility("hidden")]] void* stderr = nullptr;

/// In place of the member of libtiff.a that asks for libLerc.a, which cannot be linked so, and whose compression is not
/// of photographs. 0 = there is no such compression: a file that asks for it is refused.
[[gnu::visibility("hidden")]] int TIFFInitLERC(void* /*file*/, int /*scheme*/) { return 0; }

}  // extern "C"

namespace {

[[gnu::constructor]] void find_stderr() {
  if (void* found = dlsym(RTLD_DEFAULT, "stderr")) stderr = *static_cast<void**>(found);
}

}  // namespace
