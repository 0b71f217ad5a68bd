// Everything one layer-by-layer measurement found, and its forms: table, JSON, CSV.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/header.h"
#include "bench/machine/peaks.h"
#include "bench/machine/roofline.h"
#include "bench/profile.h"

namespace fovea::bench {

/// One distinct layer. Times are of a batch and of one occurrence: the means over its occurrences of each one's
/// minimum, median and 95th percentile.
struct Row {
  std::vector<std::string> names;
  LayerReport layer;  ///< the first of them
  std::string kind;
  Work work;  ///< of one occurrence, of a batch
  Times times, alone;
  Efficiency efficiency;  ///< by the minimum
  double share = 0;       ///< of all occurrences in the sum of the layers' minima, 0 to 1
};

struct Report {
  Header header;
  MeasuredPeaks peaks;
  std::vector<Row> rows;     ///< those that --filter lets through
  double sum_of_minima = 0;  ///< of all layers, of a batch
  Times pass;                ///< all layers one by one
  Times whole;               ///< Session::run
};

/// At most 160 columns wide, with header and sums.
std::string to_table(const Report& report);
/// Indented, with its line end. Text that is no UTF-8 is replaced where it is broken.
std::string to_json(const Report& report);
/// A header row, then one row a distinct layer.
std::string to_csv(const Report& report);

}  // namespace fovea::bench
