// Tables whose kernels are tested, one of which can be made to do nothing: tests/checks/idle_kernels.py does that to
// each, to see that a test notices.
#pragma once

#include <cstdlib>
#include <map>
#include <memory>
#include <string>

#include "tests/support/kernel_entries.h"

namespace fovea::test {

template <class... Arguments>
void do_nothing(Arguments...) noexcept {}

template <class... Arguments>
void make_idle(void (*&kernel)(Arguments...) noexcept) {
  kernel = do_nothing<Arguments...>;
}

/// The table itself, or a copy of it in which the kernel named by FOVEA_TEST_IDLE_KERNEL does nothing.
inline const KernelTable& table_under_test(const KernelTable& table) {
  const char* idle = std::getenv("FOVEA_TEST_IDLE_KERNEL");
  if (idle == nullptr) return table;
  static std::map<const KernelTable*, std::unique_ptr<KernelTable>> copies;
  std::unique_ptr<KernelTable>& copy = copies[&table];
  if (copy == nullptr) {
    copy = std::make_unique<KernelTable>(table);
    for_each_kernel(*copy, [&](const std::string& name, auto& kernel) {
      if (name == idle) make_idle(kernel);
    });
  }
  return *copy;
}

}  // namespace fovea::test
