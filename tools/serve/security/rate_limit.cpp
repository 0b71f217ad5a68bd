// How often each client may do something.
#include "tools/serve/security/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace fovea::tools {

namespace {

constexpr std::size_t kMostClients = 10000;

}  // namespace

bool RateLimit::take(const std::string& client, double count) {
  if (per_minute_ <= 0) return true;
  const std::scoped_lock lock(mutex_);
  Bucket& bucket = filled(client);
  if (bucket.tokens < std::min(count, per_minute_)) return false;
  bucket.tokens -= count;
  return true;
}

int RateLimit::retry_after(const std::string& client) {
  const std::scoped_lock lock(mutex_);
  const double missing = 1 - filled(client).tokens;
  return missing <= 0 ? 1 : std::max(1, static_cast<int>(std::ceil(60 * missing / per_minute_)));
}

RateLimit::Bucket& RateLimit::filled(const std::string& client) {
  const Clock::time_point now = Clock::now();
  if (buckets_.size() >= kMostClients && !buckets_.contains(client)) forget();
  const auto [found, is_new] = buckets_.try_emplace(client, Bucket{per_minute_, now});
  Bucket& bucket = found->second;
  const double minutes = std::chrono::duration<double>(now - bucket.seen).count() / 60;
  bucket.tokens = std::min(per_minute_, bucket.tokens + minutes * per_minute_);
  bucket.seen = now;
  return bucket;
}

// Whoever was not seen for a minute has a full bucket, as a new client has. If that is nobody, the oldest goes.
void RateLimit::forget() {
  const Clock::time_point now = Clock::now();
  std::erase_if(buckets_, [&](const auto& entry) { return now - entry.second.seen > std::chrono::minutes(1); });
  if (buckets_.size() < kMostClients) return;
  buckets_.erase(std::min_element(buckets_.begin(), buckets_.end(),
                                  [](const auto& a, const auto& b) { return a.second.seen < b.second.seen; }));
}

}  // namespace fovea::tools
