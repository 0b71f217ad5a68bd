// A logarithmic axis: its ends, its marks, and where a value lies on the page.
#pragma once

#include <string>
#include <vector>

namespace fovea::bench {

class LogAxis {
 public:
  /// From the largest mark not above `least` to the smallest not below `most`; both positive. `begin` and `end` are
  /// where these lie on the page.
  LogAxis(double least, double most, double begin, double end);

  double place(double value) const;
  double least() const { return marks_.front(); }
  double most() const { return marks_.back(); }
  /// 1, 2 and 5 times the powers of ten.
  const std::vector<double>& marks() const { return marks_; }

 private:
  std::vector<double> marks_;
  double begin_, units_;  // page units for a factor of e
};

/// A mark as text: "0.2", "50", "1000".
std::string mark_text(double mark);

}  // namespace fovea::bench
