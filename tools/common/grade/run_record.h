// What a run was, as JSON beside its results: which model, what it expects of its input, how it ran, what came out.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <fovea/card.h>
#include <fovea/model.h>
#include "tools/common/grade/labels.h"
#include "tools/common/input/passed_over.h"

namespace fovea::tools {

struct RunRecord {
  std::string tool = "batch-predict";
  const Model* model = nullptr;
  const ModelCard* card = nullptr;
  Counts counts;
  std::size_t images = 0;   ///< in the list
  std::size_t resumed = 0;  ///< of these from the journal of an earlier run
  int threads = 0, batch = 0, views = 1;
  bool details = false, fast_decode = false, accept_damaged = false;
  std::vector<std::string> inputs;
  PassedOver passed;                                       ///< what the input folders held besides images
  std::vector<std::pair<std::string, std::string>> files;  ///< what it is, where it is: {"labels", "out/labels.csv"}
  std::vector<std::string> command;                        ///< the arguments as given, without the program
  std::chrono::system_clock::time_point started, finished;
};

/// Indented JSON with its line end. Text that is no UTF-8 is replaced where it is broken, names of files are spelt out
/// (text/names.h).
std::string to_json(const RunRecord& record);

}  // namespace fovea::tools
