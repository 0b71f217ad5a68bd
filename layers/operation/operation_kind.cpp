// Names of operations.
#include "layers/operation/operation_kind.h"

#include <array>
#include <map>

namespace fovea {

namespace {

constexpr std::array kNames{
    "unknown",
#define FOVEA_OPERATION(name) #name,
#include "layers/operation/operation_kinds.def"
#undef FOVEA_OPERATION
};

std::map<std::string, OperationKind> kinds() {
  std::map<std::string, OperationKind> all;
  for (std::size_t i = 1; i < kNames.size(); ++i) all.emplace(kNames[i], static_cast<OperationKind>(i));
  return all;
}

}  // namespace

OperationKind operation_kind(const std::string& name) {
  static const std::map<std::string, OperationKind> known = kinds();
  const auto found = known.find(name);
  return found == known.end() ? OperationKind::unknown : found->second;
}

std::string operation_name(OperationKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

}  // namespace fovea
