// The files of a finished run, made from its journal.
#pragma once

#include <fovea/card.h>
#include "tools/common/grade/run_record.h"
#include "tools/common/input/input_list.h"
#include "tools/predict/journal.h"
#include "tools/predict/output_paths.h"

namespace fovea::tools {

/// Throws Error if one of the results could not be written, so that this is found before any work is done.
void check_writable(const OutputPaths& paths);

/// Writes labels, errors, record and ids, first all to the disk, then each under its name: a full disk leaves earlier
/// results as they were. The errors of an earlier run are removed if this one has none. `outputs` is the number of the
/// network's.
void write_results(const OutputPaths& paths, const Journal& journal, const std::vector<InputItem>& items,
                   const RunRecord& record, int outputs);

}  // namespace fovea::tools
