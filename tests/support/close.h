// How results are compared with references. Each comparison is itself tested with wrong answers (close_test.cpp, and
// wrong_answer_fails below, which every family of kernels calls on its own results).
#pragma once

#include <gtest/gtest.h>

#include <span>

#include "kernels/reference/ref.h"

namespace fovea::test {

using reference::Ref;

/// (terms + 2) roundings of 2^-24 each on the sum of |products|.
double tolerance(const Ref& want);

/// Within the tolerance, or the same infinity. NaN is close to nothing.
bool close(float got, const Ref& want);

/// Every element close. Fails as well if more than nine tenths of the expected values are zero: such a comparison tests
/// nothing.
testing::AssertionResult all_close(std::span<const float> got, std::span<const Ref> want);

/// Every element equal (0 equals -0, NaN equals NaN).
testing::AssertionResult all_equal(std::span<const float> got, std::span<const float> want);

/// Every element equal to the value of its reference exactly: for data whose sums are whole numbers.
testing::AssertionResult all_exact(std::span<const float> got, std::span<const Ref> want);

/// Every bit equal.
testing::AssertionResult same_bits(std::span<const float> a, std::span<const float> b);

/// Distance of got from the true value in units in the last place of the float nearest to it.
double ulps(float got, double want);

/// For a result that is close: adds four tolerances at a few places, one at a time; true if all_close fails each time.
testing::AssertionResult wrong_answer_fails(std::span<const float> got, std::span<const Ref> want);

}  // namespace fovea::test
