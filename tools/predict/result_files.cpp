// The files of a finished run, made from its journal.
#include "tools/predict/result_files.h"

#include <memory>
#include <system_error>

#include "text/csv.h"
#include "text/names.h"
#include "tools/common/drawing/picture_file.h"
#include "tools/common/files/atomic_file.h"
#include "tools/common/grade/labels.h"

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
  const auto made = [](const fs::path& path) { return path.empty() ? nullptr : std::make_unique<AtomicFile>(path); };
  AtomicFile labels(paths.labels);
  const auto errors = made(paths.errors), run = made(paths.record), ids = made(paths.ids);
  labels.write(csv_line(label_header(*record.card, outputs, record.details)));
  if (errors) errors->write(csv_line({"id_code", "path", "error"}));
  journal.read([&](std::size_t index, const Graded& graded) {
    const InputItem& item = items[index];
    if (graded.error.empty()) {
      labels.write(csv_line(label_row(*record.card, item.id, graded, record.details)));
    } else if (errors) {
      errors->write(csv_line({item.id, safe_name(item.path), graded.error}));
    }
  });
  if (run) run->write(to_json(record));
  if (ids) {
    ids->write(csv_line({"id_code"}));
    for (const InputItem& item : items) ids->write(csv_line({item.id}));
  }

  labels.finish();
  for (AtomicFile* file : {run.get(), errors.get(), ids.get()}) {
    if (file != nullptr) file->finish();
  }
  labels.publish();
  for (AtomicFile* file : {run.get(), ids.get()}) {
    if (file != nullptr) file->publish();
  }
  if (errors && record.counts.errors > 0) errors->publish();
  if (errors && record.counts.errors == 0) {
    std::error_code ignored;
    fs::remove(paths.errors, ignored);
  }
}

}  // namespace fovea::tools
