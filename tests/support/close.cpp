// Comparisons of results with references.
#include "tests/support/close.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace fovea::test {
namespace {

using testing::AssertionFailure;
using testing::AssertionResult;
using testing::AssertionSuccess;

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

bool equal(float a, float b) { return a == b || (a != a && b != b); }

AssertionResult sizes_differ(std::size_t got, std::size_t want) {
  return AssertionFailure() << got << " values, expected " << want;
}

// Compares element by element; `same` judges, `print` describes what was expected.
template <class Same, class Print>
AssertionResult compare(std::span<const float> got, std::size_t count, Same same, Print print) {
  if (got.size() != count || count == 0) return sizes_differ(got.size(), count);
  std::size_t wrong = 0, first = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (same(i)) continue;
    if (wrong++ == 0) first = i;
  }
  if (wrong == 0) return AssertionSuccess();
  return AssertionFailure() << wrong << " of " << count << " values wrong, the first at " << first << ": " << got[first]
                            << ", expected " << print(first);
}

}  // namespace

double tolerance(const Ref& want) { return (want.terms + 2) * 0x1p-24 * want.abs_sum; }

bool close(float got, const Ref& want) {
  const double value = want.value;
  if (std::isinf(value)) return got == value;
  return std::abs(static_cast<double>(got) - value) <= tolerance(want);
}

AssertionResult all_close(std::span<const float> got, std::span<const Ref> want) {
  std::size_t zeros = 0;
  for (const Ref& r : want) zeros += r.value == 0;
  if (want.size() >= 16 && zeros * 10 > want.size() * 9) {
    return AssertionFailure() << "mistrusted: " << zeros << " of " << want.size() << " expected values are zero";
  }
  return compare(
      got, want.size(), [&](std::size_t i) { return close(got[i], want[i]); },
      [&](std::size_t i) {
        std::ostringstream text;
        text << want[i].value << " +- " << tolerance(want[i]);
        return text.str();
      });
}

AssertionResult all_equal(std::span<const float> got, std::span<const float> want) {
  return compare(
      got, want.size(), [&](std::size_t i) { return equal(got[i], want[i]); }, [&](std::size_t i) { return want[i]; });
}

AssertionResult all_exact(std::span<const float> got, std::span<const Ref> want) {
  std::vector<float> values;
  for (const Ref& r : want) values.push_back(static_cast<float>(r.value));
  return all_equal(got, values);
}

AssertionResult same_bits(std::span<const float> a, std::span<const float> b) {
  return compare(
      a, b.size(), [&](std::size_t i) { return bits(a[i]) == bits(b[i]); }, [&](std::size_t i) { return b[i]; });
}

double ulps(float got, double want) {
  const float nearest = static_cast<float>(want);
  if (std::isinf(nearest) || std::isinf(got) || got != got || want != want) {
    return equal(got, nearest) ? 0 : std::numeric_limits<double>::infinity();
  }
  int exponent = 0;
  std::frexp(nearest, &exponent);
  const double ulp = std::ldexp(1.0, std::max(exponent - 24, -149));
  return std::abs(static_cast<double>(got) - want) / ulp;
}

AssertionResult wrong_answer_fails(std::span<const float> got, std::span<const Ref> want) {
  std::vector<float> wrong(got.begin(), got.end());
  for (const std::size_t i : {std::size_t{0}, got.size() / 2, got.size() - 1}) {
    for (const double sign : {-1.0, 1.0}) {
      const double error = 4 * tolerance(want[i]);
      wrong[i] = static_cast<float>(got[i] + sign * error);
      if (all_close(wrong, want)) {
        return AssertionFailure() << "an error of four tolerances (" << sign * error << ") at " << i << " passed";
      }
      wrong[i] = got[i];
    }
  }
  return all_close(wrong, want);
}

}  // namespace fovea::test
