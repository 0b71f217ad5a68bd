// Any bytes as a pack file: it is refused with an Error, or loads, and runs where that takes little.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>

#include <fovea/pack.h>
#include <fovea/session.h>
#include "tests/fuzz/one_input.h"

namespace {

constexpr std::size_t kAlign = 64;
constexpr std::int64_t kLittleMemory = 1 << 20, kLittleWork = 1 << 22;

// As long as it is: what reads beyond it is found.
std::shared_ptr<const std::byte[]> exact_copy(const std::uint8_t* data, std::size_t size) {
  auto* copy = static_cast<std::byte*>(::operator new (size, std::align_val_t{kAlign}));
  if (size > 0) std::memcpy(copy, data, size);
  return {copy, [](const std::byte* p) { ::operator delete (const_cast<std::byte*>(p), std::align_val_t{kAlign}); }};
}

void run_if_little(const std::shared_ptr<const fovea::Model>& model) {
  std::int64_t work = 0;
  for (const fovea::LayerReport& layer : model->layers()) work += layer.macs + layer.output.elements();
  if (model->activation_bytes() > kLittleMemory || work > kLittleWork) return;
  fovea::Session session(model, {.max_batch = 1, .threads = 1});
  session.run();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const fovea::PackFile file(exact_copy(data, size), size, "input");
    const auto model = file.model({.isa = "portable"});
    ++fovea::fuzz::inputs_taken;
    run_if_little(model);
    file.verify();
  } catch (const fovea::Error&) {
  }
  return 0;
}
