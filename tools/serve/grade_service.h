// The workers of the server: pictures wait in a bounded queue and are graded as batch-predict grades them.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fovea/session.h>
#include "grading/pipeline/pipeline.h"
#include "tools/serve/heat_map.h"
#include "tools/serve/metrics.h"

namespace fovea::tools {

struct ServiceOptions {
  int threads = 1;
  std::size_t queue = 64;  ///< pictures that may wait
  std::chrono::milliseconds batch_delay{5};
  std::chrono::seconds time_limit{60};  ///< of one request, from its arrival
  DecodeOptions decode;
};

struct GradedPicture {
  Graded graded;
  std::string sha256;  ///< of the file as it came
  std::string seen;    ///< what the network saw as a PNG, if asked for
  std::optional<HeatMap> heat;
};

enum class Outcome {
  done,
  late,      ///< the time limit passed
  gone,      ///< the client left before its turn
  stopping,  ///< the server ends
};

/// The pictures of one request.
struct GradeRequest {
  std::vector<std::string> files;
  bool heat_map = false, seen = false;
  std::function<bool()> gone;                                     ///< that nobody waits for the result any more
  std::function<void(Outcome, std::vector<GradedPicture>)> done;  ///< called once, by any thread
};

/// Thread-safe.
class GradeService {
 public:
  /// What is referred to must outlive the service. Sessions are made here. Throws Error.
  GradeService(const Pipeline& pipeline, const HeatMaps& heat_maps, const ServiceOptions& options, Metrics& metrics);
  /// Ends every request that still waits.
  ~GradeService();
  GradeService(const GradeService&) = delete;
  GradeService& operator=(const GradeService&) = delete;

  /// False, at once and with nothing done, if the queue has no room for all its pictures.
  bool submit(GradeRequest request);
  std::size_t queued() const;
  bool is_full() const { return queued() >= options_.queue; }
  std::size_t workers() const { return sessions_.size(); }
  /// Seconds until there is likely to be room.
  int retry_after() const;
  /// Ends requests whose time has passed. To be called now and then.
  void end_overdue();
  /// Ends every request with `stopping` as soon as its pictures in work are done.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Job;
  struct Item {
    std::shared_ptr<Job> job;
    std::size_t index = 0;
  };
  void work(Session& session);
  std::vector<Item> take();
  void process(Session& session, const std::vector<Item>& items);
  PreparedImage prepare(const Item& item);
  void infer(Session& session, std::vector<PreparedImage>& images);
  /// What was asked for beside the grade.
  void explain(Session& session, int place, const GradeRequest& request, const PreparedImage& image,
               GradedPicture& picture) const;

  const Pipeline& pipeline_;
  const HeatMaps& heat_maps_;
  ServiceOptions options_;
  Metrics& metrics_;
  std::vector<Session> sessions_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  bool stop_ = false;
  std::deque<Item> queue_;
  std::vector<std::weak_ptr<Job>> jobs_;
  std::vector<std::thread> threads_;
};

}  // namespace fovea::tools
