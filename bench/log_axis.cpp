// Marks at 1, 2, 5 and powers of ten.
#include "bench/log_axis.h"

#include <algorithm>
#include <cmath>

#include "text/text.h"

namespace fovea::bench {

namespace {

// The marks in ascending order: number 0 is 1, 3 is 10, -1 is 0.5.
double mark(int number) {
  constexpr double kSteps[]{1, 2, 5};
  const int decade = static_cast<int>(std::floor(number / 3.0));
  return kSteps[number - 3 * decade] * std::pow(10.0, decade);
}

}  // namespace

LogAxis::LogAxis(double least, double most, double begin, double end) : begin_(begin) {
  constexpr double kExact = 1e-9;  // a value on a mark needs no further one
  int first = static_cast<int>(std::floor(3 * std::log10(least))) - 2;
  while (mark(first + 1) <= least * (1 + kExact)) ++first;
  do {
    marks_.push_back(mark(first++));
  } while (marks_.back() < most * (1 - kExact) || marks_.size() < 2);
  units_ = (end - begin) / std::log(marks_.back() / marks_.front());
}

double LogAxis::place(double value) const { return begin_ + units_ * std::log(value / marks_.front()); }

std::string mark_text(double mark) {
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(mark * (1 + 1e-9)))));
  return tools::fixed_text(mark, decimals);
}

}  // namespace fovea::bench
