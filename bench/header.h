// What every result begins with: model, machine, settings, build.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include <fovea/session.h>
#include "bench/options.h"

namespace fovea::bench {

struct Header {
  std::string model;  ///< file, or architecture and "random weights"
  std::vector<Shape> inputs;
  double gmacs = 0;  ///< of one image, as the file's layers have it
  std::int64_t weight_bytes = 0;
  std::string cpu, isa, arithmetic, compiler, version, commit;
  int threads = 0, batch = 0, repetitions = 0;
};

Header header(const Options& options, const Session& session);

nlohmann::json header_json(const Header& header);

/// Three lines for the console.
std::string header_text(const Header& header);

}  // namespace fovea::bench
