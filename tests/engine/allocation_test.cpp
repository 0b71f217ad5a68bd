// A run allocates nothing: every operator new of the program is counted. Left out under the address sanitizer, which
// replaces these operators itself.
#ifndef __SANITIZE_ADDRESS__
#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/engine/networks.h"
#include "tests/support/executors.h"
#include "tests/support/layer_test.h"

namespace {
std::atomic<std::int64_t> allocations{0};

void* counted(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace fovea::test {
namespace {

TEST(Allocation, NoneDuringARun) {
  std::vector<SessionOptions> ways{{.executor = executor(2, in_order)}};
  for (const std::string& name : available_threading())
    ways.push_back({.threads = 2, .threading = parse_threading(name)});
  const CancelSource source;
  for (const ModelBuilder& net : {every_layer(), every_convolution()}) {
    const auto model = Model::create(net.desc());
    for (SessionOptions& options : ways) {
      options.max_batch = 2;
      Session session(model, options);
      session.run(2);
      const std::int64_t before = allocations;
      for (int i = 0; i < 3; ++i) session.run(1 + i % 2, source.token());
      EXPECT_EQ(allocations, before);
      EXPECT_GT(before, 0);  // the count counts
    }
  }
}

}  // namespace
}  // namespace fovea::test

#endif
