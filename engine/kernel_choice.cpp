// Which instruction set's kernels a program runs.
#include "engine/kernel_choice.h"

#include <cstdlib>

#include <fovea/error.h>
#include <fovea/version.h>
#include "kernels/dispatch.h"

namespace fovea {
namespace {

std::string join(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

}  // namespace

const KernelTable& choose_kernels(const std::string& wanted) {
  const char* environment = std::getenv("FOVEA_ISA");
  const std::string name = !wanted.empty() ? wanted : environment != nullptr ? environment : "";
  const KernelTable* table = find_table(name);
  if (table == nullptr) {
    throw Error("instruction set '" + name +
                "' is unknown, not built in or not supported by this CPU; available: " + join(available_isas()));
  }
  return *table;
}

}  // namespace fovea
