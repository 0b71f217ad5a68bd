// Marks and places of a logarithmic axis.
#include "bench/log_axis.h"

#include <gtest/gtest.h>

namespace fovea::bench {
namespace {

void expect_marks(const LogAxis& axis, const std::vector<double>& expected) {
  ASSERT_EQ(axis.marks().size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_DOUBLE_EQ(axis.marks()[i], expected[i]);
}

TEST(LogAxis, MarksSurroundTheValues) {
  expect_marks({0.3, 11, 0, 1}, {0.2, 0.5, 1, 2, 5, 10, 20});
  expect_marks({0.2, 10, 0, 1}, {0.2, 0.5, 1, 2, 5, 10});
  expect_marks({7, 7, 0, 1}, {5, 10});
  expect_marks({100, 100, 0, 1}, {100, 200});
}

TEST(LogAxis, EqualFactorsAreEqualDistances) {
  const LogAxis axis(1, 100, 50, 250);
  EXPECT_DOUBLE_EQ(axis.place(1), 50);
  EXPECT_DOUBLE_EQ(axis.place(10), 150);
  EXPECT_DOUBLE_EQ(axis.place(100), 250);
  EXPECT_DOUBLE_EQ(axis.place(1000), 350);
}

TEST(LogAxis, MarksReadAsTheyAreWritten) {
  EXPECT_EQ(mark_text(0.05), "0.05");
  EXPECT_EQ(mark_text(0.1), "0.1");
  EXPECT_EQ(mark_text(1), "1");
  EXPECT_EQ(mark_text(2000), "2000");
}

}  // namespace
}  // namespace fovea::bench
