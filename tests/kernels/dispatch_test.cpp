// The choice of a kernel table, and that every instruction set built in is covered by the kernel tests.
#include "kernels/dispatch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "kernels/cpu.h"
#include "tests/support/kernel_entries.h"
#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

// The copies that were built, as the build says.
const std::vector<Isa> kBuilt = {
#define FOVEA_BUILT(name) Isa::name,
    FOVEA_BUILT_ISAS
#undef FOVEA_BUILT
};

std::vector<const void*> functions(const KernelTable& table) {
  std::vector<const void*> all;
  for_each_kernel(table,
                  [&](const std::string&, auto* kernel) { all.push_back(reinterpret_cast<const void*>(kernel)); });
  return all;
}

TEST(Dispatch, BestFirst) {
  const auto& tables = usable_tables();
  ASSERT_FALSE(tables.empty());
  for (std::size_t i = 1; i < tables.size(); ++i) EXPECT_GT(tables[i - 1]->isa, tables[i]->isa);
  EXPECT_EQ(find_table(""), tables.front());
}

TEST(Dispatch, EveryUsableTableByName) {
  for (const KernelTable* table : usable_tables()) {
    EXPECT_EQ(find_table(isa_name(table->isa)), table);
    EXPECT_TRUE(cpu_supports(table->isa));
  }
}

TEST(Dispatch, UnknownOrUnsupportedIsNull) {
  for (const char* name : {"NEON", "AVX2", "avx", "avx2 ", "portable,avx2", "best"}) {
    EXPECT_EQ(find_table(name), nullptr) << name;
  }
  for (const Isa isa : kIsas) {
    const bool usable = cpu_supports(isa) && std::find(kBuilt.begin(), kBuilt.end(), isa) != kBuilt.end();
    EXPECT_EQ(find_table(isa_name(isa)) != nullptr, usable) << isa_name(isa);
  }
}

TEST(Dispatch, TablesAreComplete) {
  for (const KernelTable* table : usable_tables()) {
    for (const void* function : functions(*table)) EXPECT_NE(function, nullptr) << isa_name(table->isa);
    EXPECT_GT(table->conv.pixels, 0);
    EXPECT_TRUE(table->conv.channels == 16 || table->conv.channels == 32) << table->conv.channels;
  }
}

// A table that points into another copy would run the wrong instructions under the right name.
TEST(Dispatch, TablesShareNoFunction) {
  std::set<const void*> seen;
  for (const KernelTable* table : usable_tables()) {
    for (const void* function : functions(*table)) EXPECT_TRUE(seen.insert(function).second) << isa_name(table->isa);
  }
}

// FMA is what tells the portable copy from the others at run time.
TEST(Dispatch, ForcedTableReallyRuns) {
  for (const KernelTable* table : usable_tables()) {
    std::vector<float> a(16, 1 + 0x1p-12f), c(16, -(1 + 0x1p-11f)), out(16);
    find_table(isa_name(table->isa))->elementwise.fma_f32(a.data(), a.data(), c.data(), out.data(), 16);
    EXPECT_EQ(out[0], table->isa == Isa::portable ? 0.0f : 0x1p-24f) << isa_name(table->isa);
  }
}

// Every suite that runs per table must have run for every copy that was built and that this machine supports.
TEST(Coverage, EveryInstructionSet) {
  std::string covered, missing, unsupported;
  const auto& unit = *testing::UnitTest::GetInstance();
  int per_table_suites = 0;
  for (const Isa isa : kBuilt) {
    if (!cpu_supports(isa)) {
      unsupported += std::string(" ") + isa_name(isa);
      continue;
    }
    bool everywhere = true;
    for (int s = 0; s < unit.total_test_suite_count(); ++s) {
      const testing::TestSuite& suite = *unit.GetTestSuite(s);
      bool per_table = false, found = false;
      for (int t = 0; t < suite.total_test_count(); ++t) {
        const testing::TestInfo& info = *suite.GetTestInfo(t);
        per_table = per_table || info.value_param() != nullptr;
        const std::string name = info.name();
        found = found || name.ends_with(std::string("/") + isa_name(isa));
      }
      per_table_suites += per_table;
      if (!per_table || found) continue;
      everywhere = false;
      ADD_FAILURE() << suite.name() << " does not run for " << isa_name(isa);
    }
    (everywhere ? covered : missing) += std::string(" ") + isa_name(isa);
  }
  EXPECT_GT(per_table_suites, 0);
  std::cout << "instruction sets covered:" << covered
            << "; built but not supported here:" << (unsupported.empty() ? " none" : unsupported)
            << "; MISSING:" << (missing.empty() ? " none" : missing) << std::endl;
}

}  // namespace
}  // namespace fovea::test
