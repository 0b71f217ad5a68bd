// How often each client may do something.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace fovea::tools {

/// A bucket of tokens for each client, filled at a steady rate. Remembers a bounded number of clients: of more, those
/// that have not been heard of for longest are forgotten. Thread-safe.
class RateLimit {
 public:
  /// `per_minute` <= 0 = no limit. As many may come at once.
  explicit RateLimit(double per_minute) : per_minute_(per_minute) {}

  /// Takes `count` tokens of `client` if it has them.
  bool take(const std::string& client, double count = 1);
  /// Seconds until `client` has one token.
  int retry_after(const std::string& client);

 private:
  using Clock = std::chrono::steady_clock;
  struct Bucket {
    double tokens = 0;
    Clock::time_point seen;
  };
  Bucket& filled(const std::string& client);
  void forget();

  double per_minute_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace fovea::tools
