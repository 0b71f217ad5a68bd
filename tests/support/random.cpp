// Settings of the tests from the environment.
#include "tests/support/random.h"

#include <cstdlib>
#include <string_view>

namespace fovea::test {

std::uint32_t test_seed() {
  const char* text = std::getenv("FOVEA_TEST_SEED");
  return text != nullptr ? static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10)) : 20260901u;
}

bool full_sweep() {
  const char* text = std::getenv("FOVEA_FULL");
  return text != nullptr && std::string_view(text) == "1";
}

}  // namespace fovea::test
