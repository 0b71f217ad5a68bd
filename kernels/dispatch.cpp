// The tables that were built in, best first.
#include "kernels/dispatch.h"

#include <array>
#include <iterator>

#include "kernels/cpu.h"

namespace fovea {

#define FOVEA_BUILT(name)        \
  namespace name {               \
  void fill_table(KernelTable&); \
  }
FOVEA_BUILT_ISAS
#undef FOVEA_BUILT

namespace {

struct Copy {
  Isa isa;
  void (*fill)(KernelTable&);
};

// Worst first, as the lines of kernels/isa.def.
constexpr Copy kCopies[] = {
#define FOVEA_BUILT(name) {Isa::name, name::fill_table},
    FOVEA_BUILT_ISAS
#undef FOVEA_BUILT
};

struct Tables {
  std::array<KernelTable, std::size(kCopies)> storage{};
  std::vector<const KernelTable*> usable;

  Tables() {
    usable.reserve(storage.size());
    for (auto copy = std::rbegin(kCopies); copy != std::rend(kCopies); ++copy) {
      if (!cpu_supports(copy->isa)) continue;
      KernelTable& table = storage[usable.size()];
      copy->fill(table);
      usable.push_back(&table);
    }
  }
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;
};

}  // namespace

const std::vector<const KernelTable*>& usable_tables() {
  static const Tables tables;
  return tables.usable;
}

const KernelTable* find_table(std::string_view name) {
  const auto& tables = usable_tables();
  if (name.empty()) return tables.empty() ? nullptr : tables.front();
  Isa isa{};
  if (!parse_isa(name, &isa)) return nullptr;
  for (const KernelTable* table : tables) {
    if (table->isa == isa) return table;
  }
  return nullptr;
}

}  // namespace fovea
