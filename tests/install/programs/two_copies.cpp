// two_copies MODEL local|global: two plug-ins, each with a copy of fovea, at work at the same time; one goes, one
// stays.
#include <dlfcn.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

using Plug = int (*)(const char*, char*, int);

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int flags = RTLD_NOW | (std::strcmp(argv[2], "global") == 0 ? RTLD_GLOBAL : RTLD_LOCAL);
  void* const a = dlopen("./plug_a.so", flags);
  void* const b = dlopen("./plug_b.so", flags);
  if (a == nullptr || b == nullptr) return std::puts(dlerror()), 1;
  const Plug first = reinterpret_cast<Plug>(dlsym(a, "plug_a")), second = reinterpret_cast<Plug>(dlsym(b, "plug_b"));
  char expected[4096];
  if (first(argv[1], expected, sizeof expected) != 0) return std::puts(expected), 1;
  std::atomic<int> wrong{0};
  const auto work = [&](Plug plug) {
    char got[4096];
    for (int i = 0; i < 5; ++i) {
      if (plug(argv[1], got, sizeof got) != 0 || std::strcmp(got, expected) != 0) ++wrong;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work, i % 2 == 0 ? first : second);
  for (std::thread& thread : threads) thread.join();
  dlclose(b);
  work(first);
  dlclose(a);
  std::puts(expected);
  return wrong == 0 ? 0 : 1;
}
