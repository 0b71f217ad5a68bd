// The files of a finished run, made from its journal.
#include "tools/common/result_files.h"

#include <optional>
#include <system_error>

#include "tools/common/atomic_file.h"
#include "tools/common/csv.h"
#include "tools/common/labels.h"
#include "tools/common/picture_file.h"

namespace fovea::tools {

namespace fs = std::filesystem;

void check_writable(const OutputPaths& paths) {
  for (const fs::path& path : {paths.labels, paths.errors, paths.record, paths.ids, paths.plot}) {
    if (!path.empty()) AtomicFile{path};
  }
  if (!paths.plot.empty()) check_picture(paths.plot.string());
}

void write_results(const OutputPaths& paths, const Journal& journal, const std::vector<InputItem>& items,
                   const RunRecord& record, int outputs) {
  AtomicFile labels(paths.labels), errors(paths.errors), run(paths.record);
  labels.write(csv_line(label_header(*record.card, outputs, record.details)));
  errors.write(csv_line({"id_code", "path", "error"}));
  journal.read([&](std::size_t index, const Graded& graded) {
    const InputItem& item = items[index];
    if (graded.error.empty()) {
      labels.write(csv_line(label_row(*record.card, item.id, graded, record.details)));
    } else {
      errors.write(csv_line({item.id, item.path, graded.error}));
    }
  });
  run.write(to_json(record));
  std::optional<AtomicFile> ids;
  if (!paths.ids.empty()) {
    ids.emplace(paths.ids);
    ids->write(csv_line({"id_code"}));
    for (const InputItem& item : items) ids->write(csv_line({item.id}));
  }

  labels.finish();
  run.finish();
  errors.finish();
  if (ids) ids->finish();
  labels.publish();
  run.publish();
  if (ids) ids->publish();
  if (record.counts.errors > 0) {
    errors.publish();
  } else {
    std::error_code ignored;
    fs::remove(paths.errors, ignored);
  }
}

}  // namespace fovea::tools
