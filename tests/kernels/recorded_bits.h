// Results on another machine: FOVEA_TEST_BITS names a file of their hashes, a line each: the test's name, a number, the
// hash. What is not in it is added, what is there already is compared: a first run records, a run elsewhere must give
// the same.
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <span>
#include <string>

namespace fovea::test {

class RecordedBits {
 public:
  /// Those of FOVEA_TEST_BITS.
  static RecordedBits& of_this_run() {
    static RecordedBits bits(std::getenv("FOVEA_TEST_BITS"));
    return bits;
  }

  bool wanted() const { return path_ != nullptr; }

  /// Compares with, or adds to, what stands in the file under the running test's name and how many came before in it.
  /// Any two NaN are equal: which one an operation makes is the processor's own affair.
  testing::AssertionResult same(std::span<const float> values) {
    const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
    const std::string name = std::string(test.test_suite_name()) + "." + test.name();
    const std::string key = name + " " + std::to_string(counts_[name]++), hash = hash_of(values);
    const auto found = recorded_.find(key);
    if (found == recorded_.end()) {
      std::ofstream out(path_, std::ios::app);
      if (out << key << " " << hash << "\n" << std::flush) return testing::AssertionSuccess();
      return testing::AssertionFailure() << path_ << " cannot be written";
    }
    if (found->second == hash) return testing::AssertionSuccess();
    return testing::AssertionFailure() << key << ": other bits than " << path_ << " has";
  }

 private:
  explicit RecordedBits(const char* path) : path_(path) {
    if (path == nullptr) return;
    std::ifstream in(path);
    for (std::string test, number, hash; in >> test >> number >> hash;) recorded_[test + " " + number] = hash;
  }

  // FNV-1a over the bytes.
  static std::string hash_of(std::span<const float> values) {
    std::uint64_t hash = 14695981039346656037U;
    for (const float value : values) {
      const std::uint32_t bits = value != value ? 0x7fc00000U : std::bit_cast<std::uint32_t>(value);
      for (int shift = 0; shift < 32; shift += 8) hash = (hash ^ ((bits >> shift) & 0xffU)) * 1099511628211U;
    }
    return std::to_string(hash);
  }

  const char* path_;
  std::map<std::string, std::string> recorded_;
  std::map<std::string, int> counts_;
};

}  // namespace fovea::test
