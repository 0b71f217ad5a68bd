// reload MODEL: a plug-in with fovea inside is loaded, used and unloaded, three times, then another one.
#include <dlfcn.h>

#include <cstdio>
#include <string>

using Plug = int (*)(const char*, char*, int);

namespace {

std::string use(const char* library, const char* function, const char* model) {
  void* const handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return dlerror();
  char answer[4096];
  reinterpret_cast<Plug>(dlsym(handle, function))(model, answer, sizeof answer);
  dlclose(handle);
  return answer;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string expected = use("./plug_a.so", "plug_a", argv[1]);
  bool same = true;
  for (int i = 0; i < 2; ++i) same = same && use("./plug_a.so", "plug_a", argv[1]) == expected;
  same = same && use("./plug_b.so", "plug_b", argv[1]) == expected;
  std::puts(expected.c_str());
  return same ? 0 : 1;
}
