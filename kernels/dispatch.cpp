// The tables that were built in, best first.
#include "kernels/dispatch.h"

#include <array>

#include "kernels/cpu.h"

namespace fovea {

#ifdef FOVEA_HAVE_PORTABLE
namespace portable {
void fill_table(KernelTable&);
}
#endif
#ifdef FOVEA_HAVE_AVX2
namespace avx2 {
void fill_table(KernelTable&);
}
#endif
#ifdef FOVEA_HAVE_AVX512
namespace avx512 {
void fill_table(KernelTable&);
}
#endif

namespace {

struct Tables {
  std::array<KernelTable, 3> storage{};
  std::vector<const KernelTable*> usable;

  void add(Isa isa, void (*fill)(KernelTable&)) {
    if (!cpu_supports(isa)) return;
    KernelTable& table = storage[usable.size()];
    fill(table);
    usable.push_back(&table);
  }

  Tables() {
    usable.reserve(storage.size());
#ifdef FOVEA_HAVE_AVX512
    add(Isa::avx512, avx512::fill_table);
#endif
#ifdef FOVEA_HAVE_AVX2
    add(Isa::avx2, avx2::fill_table);
#endif
#ifdef FOVEA_HAVE_PORTABLE
    add(Isa::portable, portable::fill_table);
#endif
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
