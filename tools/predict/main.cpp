// batch-predict: a Keras model and fundus photographs in, a CSV of grades out.
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fovea/card.h>
#include <fovea/error.h>
#include <fovea/model.h>
#include <fovea/version.h>
#include "grading/pipeline/find_card.h"
#include "grading/pipeline/open_model.h"
#include "text/text.h"
#include "tools/common/drawing/picture_file.h"
#include "tools/common/files/atomic_file.h"
#include "tools/common/files/made_folders.h"
#include "tools/common/files/output_stream.h"
#include "tools/common/grade/grader.h"
#include "tools/common/grade/labels.h"
#include "tools/common/grade/run_record.h"
#include "tools/common/input/input_list.h"
#include "tools/common/program/demo.h"
#include "tools/common/program/exit_code.h"
#include "tools/common/program/process.h"
#include "tools/common/program/progress.h"
#include "tools/predict/arguments.h"
#include "tools/predict/distribution.h"
#include "tools/predict/journal.h"
#include "tools/predict/json_log.h"
#include "tools/predict/output_paths.h"
#include "tools/predict/result_files.h"
#include "tools/predict/resume.h"
#include "tools/predict/run_identity.h"
#include "tools/predict/tally.h"

namespace fovea::tools {
namespace {

namespace fs = std::filesystem;

void grade_rest(Grader& grader, const std::vector<InputItem>& items, const BatchPredictArguments& arguments,
                Journal& journal, JsonLog& log, Tally& tally) {
  const std::size_t resumed = journal.size();
  const bool silent = arguments.quiet || log.on_stderr();
  Progress progress(stderr, silent ? Progress::Style::none : Progress::style_for(stderr));
  const auto show = [&] {
    progress.update({tally.done(), items.size(), tally.counts.errors, resumed});
    log.progress(tally.done(), items.size(), tally.counts.errors, resumed);
  };
  show();
  grader.run(
      {items.begin() + static_cast<std::ptrdiff_t>(resumed), items.end()},
      [&](std::size_t index, const Graded& graded) {
        const InputItem& item = items[resumed + index];
        journal.append(graded);
        tally.add(item, graded);
        log.image(resumed + index, item, graded);
        show();
      },
      stop_requested());
  journal.sync();
  if (journal.size() < items.size()) throw Interrupted("interrupted");
}

void print_summary(std::FILE* console, const RunRecord& record) {
  const double seconds = std::chrono::duration<double>(record.finished - record.started).count();
  std::string text = counts_table(*record.card, record.counts);
  text += count_text(record.images - record.resumed, "image") + " in " + fixed_text(seconds, 1) + " s";
  const std::string rate = rate_text(record.images - record.resumed, seconds);
  if (!rate.empty()) text += " (" + rate + ")";
  text += ", " + record.model->isa() + ", " + count_text(static_cast<std::size_t>(record.threads), "thread");
  if (record.fast_decode) text += ", --fast-decode: pixels differ from exact decoding";
  if (record.resumed > 0) text += "; " + std::to_string(record.resumed) + " more had been graded before";
  text += "\n" + passed_over_text(record.passed);
  for (const auto& [what, where] : record.files) text += padded(what, 14) + printable(where) + "\n";
  std::fputs(text.c_str(), console);
}

void print_demo_mark(std::FILE* console, const ModelCard& card) {
  if (card.demo) std::fprintf(console, "*** %s ***\n", kDemoMark);
  std::fflush(console);
}

std::vector<std::pair<std::string, std::string>> files_of(const OutputPaths& paths, const std::string& preprocessed,
                                                          const Counts& counts) {
  std::vector<std::pair<std::string, std::string>> files{{"labels", paths.labels.string()}};
  if (!paths.record.empty()) files.emplace_back("record", paths.record.string());
  if (counts.errors > 0 && !paths.errors.empty()) files.emplace_back("errors", paths.errors.string());
  if (!paths.plot.empty()) files.emplace_back("plot", paths.plot.string());
  if (!paths.ids.empty()) files.emplace_back("ids", paths.ids.string());
  if (!preprocessed.empty()) files.emplace_back("preprocessed", preprocessed);
  return files;
}

// From the journal's state to the published results.
void finish_run(Grader& grader, const std::vector<InputItem>& items, const BatchPredictArguments& arguments,
                const OutputPaths& paths, Journal& journal, JsonLog& log, RunRecord& record, Tally& tally) {
  const ModelCard& card = *record.card;
  grade_rest(grader, items, arguments, journal, log, tally);
  record.counts = tally.counts;
  record.finished = std::chrono::system_clock::now();
  record.files = files_of(paths, arguments.save_preprocessed, record.counts);
  write_results(paths, journal, items, record, static_cast<int>(record.model->output_shape().elements()));
  // The grades are safe before the picture is drawn.
  if (!paths.plot.empty()) {
    AtomicFile plot(paths.plot);
    write_picture(distribution_drawing(card, record.counts, arguments.model), plot);
    plot.publish();
  }
}

int batch_predict(BatchPredictArguments arguments, JsonLog& log) {
  if (arguments.demo) {
    const Demo demo = find_demo(arguments.weights_dir);
    arguments.model = demo.model;
    if (arguments.inputs.empty()) arguments.inputs = {demo.samples};
  }
  // What can be found wrong quickly comes before the model is loaded.
  const ModelCard card = find_card(arguments);
  const OutputPaths paths = output_paths(arguments);
  InputList list = list_inputs({arguments.inputs, arguments.images, arguments.id_column, arguments.recursive,
                                arguments.id_with_extension, own_files(paths, arguments.save_preprocessed)});
  std::vector<InputItem>& items = list.items;
  check_output_paths(
      paths, arguments,
      {arguments.model, arguments.card, card_beside(arguments.model).value_or(""), arguments.config, arguments.layers},
      items);
  MadeFolders made;
  if (!paths.journal.empty()) {
    refuse_foreign_links(paths.labels);
    made.make(paths.labels.parent_path());
  }
  check_writable(paths);
  const JournalStart start = arguments.resume == "add"   ? JournalStart::add
                             : !arguments.resume.empty() ? JournalStart::resume
                             : arguments.restart         ? JournalStart::restart
                                                         : JournalStart::fresh;
  Journal::check(paths.journal, start);
  log.open(arguments.log_json);
  if (!arguments.save_preprocessed.empty()) {
    std::error_code error;
    refuse_foreign_links(arguments.save_preprocessed);
    fs::create_directories(arguments.save_preprocessed, error);
    if (error) throw Error(arguments.save_preprocessed + ": cannot be made: " + error.message());
    mark_preprocessed(arguments.save_preprocessed);
  }

  const std::shared_ptr<const Model> model = open_grading_model(arguments, card);
  use_decode_memory(arguments);
  const int threads = arguments.threads > 0 ? arguments.threads : allowed_threads();
  Grader grader(model, card,
                {threads, arguments.batch, arguments.tta, arguments.save_preprocessed, arguments.fast_decode,
                 arguments.accept_damaged});
  examine(model, card, threads);
  const int outputs = static_cast<int>(model->output_shape().elements());
  const int grades = grade_count(card.decision, outputs);
  const RunIdentity identity = run_identity(arguments, *model, card, items);
  Journal journal(paths.journal, start, identity, {items.size(), static_cast<std::size_t>(outputs), grades});
  if (start == JournalStart::add) take_over(journal, identity, items);
  sort_by_journal(journal, items);
  // Nothing else may stand where the grades go.
  std::FILE* console = is_standard_output(paths.labels) ? stderr : stdout;
  Tally tally;
  if (paths.errors.empty()) tally.shown = items.size();
  tally.counts.by_grade.resize(static_cast<std::size_t>(grades));
  count_journal(journal, items, tally);
  print_demo_mark(console, card);

  RunRecord record;
  record.model = model.get();
  record.card = &card;
  record.images = items.size();
  record.resumed = journal.size();
  record.threads = threads;
  record.batch = arguments.batch;
  record.views = arguments.tta;
  record.details = arguments.details;
  record.fast_decode = arguments.fast_decode;
  record.accept_damaged = arguments.accept_damaged;
  record.inputs = arguments.inputs;
  record.passed = list.passed;
  record.command = arguments.command;
  record.started = std::chrono::system_clock::now();
  try {
    log.start(record);
    finish_run(grader, items, arguments, paths, journal, log, record, tally);
  } catch (const Interrupted& e) {
    throw Interrupted(e.what() + way_on(journal, items.size(), arguments.restart));
  } catch (const std::bad_alloc&) {
    throw Error("not enough memory" + way_on(journal, items.size(), arguments.restart));
  } catch (const std::exception& e) {
    throw Error(e.what() + (journal.size() > 0 ? way_on(journal, items.size(), arguments.restart) : ""));
  }
  if (!arguments.quiet) print_summary(console, record);
  print_demo_mark(console, card);
  if (!log.on_stderr()) tally.print_errors(paths.errors);
  const int exit_code = record.counts.errors == 0 ? kExitOk : kExitPartial;
  log.end("complete", exit_code, "");
  journal.remove();
  return exit_code;
}

int end_early(JsonLog& log, const std::string& status, int exit_code, const std::string& message) {
  if (!log.on_stderr()) print_error(message);
  try {
    log.end(status, exit_code, message);
  } catch (const Error& e) {
    print_error(e.what());
  }
  return exit_code;
}

int run(int argc, char** argv) {
  JsonLog log;
  try {
    prepare_process();
    BatchPredictArguments arguments;
    if (const std::optional<int> exit_code = parse_arguments(argc, argv, arguments)) return *exit_code;
    return batch_predict(std::move(arguments), log);
  } catch (const Interrupted& e) {
    return end_early(log, "interrupted", signal_exit_code(), e.what());
  } catch (const std::bad_alloc&) {
    return end_early(log, "failed", kExitError, "not enough memory");
  } catch (const std::exception& e) {
    return end_early(log, "failed", kExitError, e.what());
  }
}

}  // namespace
}  // namespace fovea::tools

int main(int argc, char** argv) { return fovea::tools::run(argc, argv); }
