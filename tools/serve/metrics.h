// What the server counts, as Prometheus reads it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace fovea::tools {

/// Seconds, counted in fixed buckets from 1 ms to a minute.
class Histogram {
 public:
  Histogram();
  void add(double seconds);
  std::uint64_t count() const { return counts_.back(); }
  double mean() const { return count() == 0 ? 0 : sum_ / static_cast<double>(count()); }
  /// Lines of the text format; `name` without suffix.
  std::string text(const std::string& name, const std::string& help) const;

 private:
  std::vector<std::uint64_t> counts_;  // cumulative, the last is all
  double sum_ = 0;
};

/// What is known at the moment of asking.
struct Gauges {
  std::size_t queued = 0, connections = 0, in_flight = 0;
  bool ready = false;
};

/// Thread-safe.
class Metrics {
 public:
  enum class Stage { request, queue, decode, preprocess, inference };

  void request(int status, double seconds);
  void time(Stage stage, double seconds);
  void image(bool graded);
  double mean(Stage stage) const;
  /// The whole page. `model` is the SHA-256 of the model.
  std::string text(const Gauges& gauges, const std::string& model) const;

 private:
  mutable std::mutex mutex_;
  std::map<int, std::uint64_t> requests_;
  std::map<Stage, Histogram> stages_;
  std::uint64_t graded_ = 0, failed_ = 0;
};

}  // namespace fovea::tools
