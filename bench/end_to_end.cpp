// Load, first run, many runs, peak memory.
#include "bench/end_to_end.h"

#include <nlohmann/json.hpp>

#include <fovea/keras.h>
#include "bench/header.h"
#include "bench/machine/machine.h"
#include "bench/profile.h"

namespace fovea::bench {

std::string end_to_end(const Options& options) {
  const Stopwatch load;
  const auto model = load_model(options.model, {.isa = options.isa, .arithmetic = options.arithmetic},
                                {.architecture = options.architecture});
  Session session(model, {.max_batch = options.batch, .threads = options.threads});
  const double load_ms = load.milliseconds();
  fill_inputs(session, options.batch);
  WholeRuns times = time_whole(session, options.batch, options.repetitions);
  const double peak_rss = peak_rss_mb();

  for (double& run : times.runs) run /= options.batch;
  const Times image = summary(times.runs);
  nlohmann::json json = header_json(header(options, session));
  json["load_ms"] = load_ms;
  json["first_run_ms"] = times.first / options.batch;
  json["ms_per_image"] = times.runs;
  json["ms_per_image_min"] = image.min;
  json["ms_per_image_median"] = image.median;
  json["ms_per_image_p95"] = image.p95;
  json["gflops"] = 2 * json["gmacs"].get<double>() / image.min * 1e3;
  json["peak_rss_mb"] = peak_rss;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace fovea::bench
