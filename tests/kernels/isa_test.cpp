// Names of instruction sets and what the processor supports, against /proc/cpuinfo.
#include "kernels/isa.h"

#include <gtest/gtest.h>

#include <cctype>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "kernels/cpu.h"

namespace fovea::test {
namespace {

TEST(IsaName, RoundTrip) {
  for (const Isa isa : kIsas) {
    Isa parsed = isa == kIsas[0] ? kIsas[1] : kIsas[0];
    EXPECT_TRUE(parse_isa(isa_name(isa), &parsed));
    EXPECT_EQ(parsed, isa);
  }
  EXPECT_STREQ(isa_name(Isa::portable), "portable");
  EXPECT_STREQ(isa_name(Isa::avx2), "avx2");
  EXPECT_STREQ(isa_name(Isa::avx512), "avx512");
  EXPECT_STREQ(isa_name(Isa::neon), "neon");
}

TEST(IsaName, UnknownIsRefused) {
  Isa isa = Isa::avx2;
  for (const char* name : {"", "AVX2", "avx", "avx2 ", " avx2", "avx5122", "NEON", "sse2", "best"}) {
    EXPECT_FALSE(parse_isa(name, &isa)) << name;
  }
  EXPECT_EQ(isa, Isa::avx2) << "a refused name must leave the result alone";
}

// The kernel lists a flag only if it also saves the registers.
TEST(Cpu, AgreesWithTheKernelsList) {
  std::ifstream cpuinfo("/proc/cpuinfo");
  std::set<std::string> flags;
  for (std::string line; std::getline(cpuinfo, line);) {
    if (!line.starts_with("flags") && !line.starts_with("Features")) continue;
    std::istringstream words(line);
    for (std::string word; words >> word;) flags.insert(word);
    break;
  }
  if (flags.empty()) GTEST_SKIP() << "/proc/cpuinfo lists no flags here";
  const auto lower = [](std::string name) {
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    return name;
  };
#define FOVEA_HAS(feature) &&flags.contains(#feature)
#define FOVEA_HWCAP(feature) &&flags.contains(lower(#feature))
#define FOVEA_ISA(name, processors, vocabulary, bytes, architecture, features, ...) \
  EXPECT_EQ(cpu_supports(Isa::name), true features) << #name;
#include "kernels/isa.def"
#undef FOVEA_ISA
#undef FOVEA_HWCAP
#undef FOVEA_HAS
}

}  // namespace
}  // namespace fovea::test
