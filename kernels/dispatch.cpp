// The tables that were built in, best first.
#include "kernels/dispatch.h"

#include "kernels/cpu.h"

namespace fovea {

#ifdef FOVEA_HAVE_PORTABLE
namespace portable {
extern const KernelTable kTable;
}
#endif
#ifdef FOVEA_HAVE_AVX2
namespace avx2 {
extern const KernelTable kTable;
}
#endif
#ifdef FOVEA_HAVE_AVX512
namespace avx512 {
extern const KernelTable kTable;
}
#endif

namespace {

std::vector<const KernelTable*> detect() {
  std::vector<const KernelTable*> tables;
#ifdef FOVEA_HAVE_AVX512
  if (cpu_supports(Isa::avx512)) tables.push_back(&avx512::kTable);
#endif
#ifdef FOVEA_HAVE_AVX2
  if (cpu_supports(Isa::avx2)) tables.push_back(&avx2::kTable);
#endif
#ifdef FOVEA_HAVE_PORTABLE
  if (cpu_supports(Isa::portable)) tables.push_back(&portable::kTable);
#endif
  return tables;
}

}  // namespace

const std::vector<const KernelTable*>& usable_tables() {
  static const std::vector<const KernelTable*> tables = detect();
  return tables;
}

const KernelTable* find_table(std::string_view name) {
  const auto& tables = usable_tables();
  if (name.empty()) return tables.empty() ? nullptr : tables.front();
  Isa isa;
  if (!parse_isa(name, &isa)) return nullptr;
  for (const KernelTable* table : tables) {
    if (table->isa == isa) return table;
  }
  return nullptr;
}

}  // namespace fovea
