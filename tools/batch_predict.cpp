// batch-predict: a Keras model and fundus photographs in, a CSV of grades out.
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "engine/fovea.h"
#include "layers/error.h"
#include "loaders/card/card.h"
#include "loaders/keras/model.h"
#include "tools/common/arguments.h"
#include "tools/common/atomic_file.h"
#include "tools/common/csv.h"
#include "tools/common/demo.h"
#include "tools/common/distribution.h"
#include "tools/common/exit_code.h"
#include "tools/common/grader.h"
#include "tools/common/input_list.h"
#include "tools/common/labels.h"
#include "tools/common/output_paths.h"
#include "tools/common/picture.h"
#include "tools/common/process.h"
#include "tools/common/progress.h"
#include "tools/common/run_record.h"
#include "tools/common/text.h"

namespace fovea::tools {
namespace {

namespace fs = std::filesystem;

void print_error(const std::string& message) {
  std::fprintf(stderr, "batch-predict: %s\n", printable(message).c_str());
}

// The card as the command line wants it: a file or a preset, then single options over it.
ModelCard find_card(const BatchPredictArguments& arguments) {
  const std::optional<std::string> beside = card_beside(arguments.model);
  auto options = arguments.card_options;
  const bool names_preset = !options.empty() && options.front().first == "preprocess";
  ModelCard card;
  if (!arguments.card.empty()) {
    card = read_card(arguments.card);
  } else if (beside) {
    card = read_card(*beside);
  } else if (names_preset) {
    card = preset_card(options.front().second);
    options.erase(options.begin());
  } else {
    std::string presets;
    for (const std::string& name : preset_names()) presets += (presets.empty() ? "" : ", ") + name;
    throw Error(arguments.model + ": no model card says how pictures must be prepared for it; give --card FILE, put " +
                fs::path(arguments.model).filename().replace_extension(".json").string() +
                " beside the model, or give --preprocess NAME (" + presets + ")");
  }
  apply_overrides(card, options);
  // Another card does not turn the demo model into a real one.
  if (!card.demo && (arguments.demo || (beside && read_card(*beside).demo))) {
    card.demo = true;
    card.json = card_to_json(card);
  }
  return card;
}

// The files of one run. All are created before anything is graded, and renamed after everything was.
struct Outputs {
  explicit Outputs(const OutputPaths& where)
      : paths(where), labels(where.labels), record(where.record), errors(where.errors) {
    errors.write(csv_line({"id_code", "path", "error"}));
    if (!paths.plot.empty()) {
      check_picture(paths.plot.string());
      plot.emplace(paths.plot);
    }
    if (!paths.ids.empty()) ids.emplace(paths.ids);
  }

  void add_error(const InputItem& item, const std::string& reason) {
    errors.write(csv_line({item.id, item.path, reason}));
    any_error = true;
  }

  void publish() {
    // First everything reaches the disk, then everything gets its name: a full disk leaves earlier results as they
    // were.
    labels.finish();
    record.finish();
    errors.finish();
    if (ids) ids->finish();
    labels.publish();
    record.publish();
    if (ids) ids->publish();
    if (any_error) {
      errors.publish();
    } else {
      std::error_code ignored;
      fs::remove(paths.errors, ignored);  // of an earlier run
    }
  }

  OutputPaths paths;
  AtomicFile labels, record, errors;  // the last is only published if there is one
  std::optional<AtomicFile> plot, ids;
  bool any_error = false;
};

// The first reasons go to the console, all of them to the file.
struct ErrorDigest {
  static constexpr std::size_t kShown = 5;
  std::vector<std::string> lines;

  void add(const InputItem& item, const std::string& reason) {
    if (lines.size() < kShown) lines.push_back(item.path + ": " + reason);
  }
  void print(const Counts& counts, const fs::path& file) const {
    for (const std::string& line : lines) print_error(line);
    if (counts.errors > lines.size()) print_error("and " + std::to_string(counts.errors - lines.size()) + " more");
    if (counts.errors > 0) print_error(count_text(counts.errors, "image") + " not graded, see " + file.string());
  }
};

Counts grade_all(Grader& grader, const ModelCard& card, const std::vector<InputItem>& items, int model_outputs,
                 const BatchPredictArguments& arguments, Outputs& outputs, ErrorDigest& digest) {
  Counts counts;
  counts.by_grade.resize(static_cast<std::size_t>(grade_count(card, model_outputs)));
  outputs.labels.write(csv_line(label_header(card, model_outputs, arguments.details)));
  Progress progress(stderr, arguments.quiet ? Progress::Style::none : Progress::style_for(stderr), items.size());
  progress.update(0);
  grader.run(
      items,
      [&](std::size_t index, const Graded& graded) {
        const InputItem& item = items[index];
        if (graded.error.empty()) {
          outputs.labels.write(csv_line(label_row(card, item.id, graded, arguments.details)));
          ++counts.by_grade.at(static_cast<std::size_t>(graded.grade));
          ++counts.graded;
        } else {
          outputs.add_error(item, graded.error);
          digest.add(item, graded.error);
          ++counts.errors;
        }
        progress.update(index + 1);
      },
      stop_requested());
  if (stop_requested()) throw Interrupted();
  return counts;
}

void print_summary(const RunRecord& record) {
  const double seconds = std::chrono::duration<double>(record.finished - record.started).count();
  std::string text = counts_table(*record.card, record.counts);
  text += count_text(record.images, "image") + " in " + fixed_text(seconds, 1) + " s";
  if (seconds > 0) text += " (" + fixed_text(static_cast<double>(record.images) / seconds, 2) + " images/s)";
  text += ", " + record.model->isa() + ", " + count_text(static_cast<std::size_t>(record.threads), "thread") + "\n";
  for (const auto& [what, where] : record.files) text += padded(what, 14) + printable(where) + "\n";
  std::fputs(text.c_str(), stdout);
}

void print_demo_mark(const ModelCard& card) {
  if (card.demo) std::printf("*** %s ***\n", kDemoMark);
}

int batch_predict(BatchPredictArguments arguments) {
  if (arguments.demo) {
    const Demo demo = find_demo(arguments.weights_dir);
    arguments.model = demo.model;
    if (arguments.inputs.empty()) arguments.inputs = {demo.samples};
  }
  // What can be found wrong quickly comes before the model is loaded.
  const ModelCard card = find_card(arguments);
  const std::vector<InputItem> items =
      list_inputs({arguments.inputs, arguments.images, arguments.id_column, arguments.recursive});
  const OutputPaths paths = output_paths(arguments);
  check_output_paths(paths, arguments,
                     {arguments.model, arguments.card, card_beside(arguments.model).value_or(""), arguments.config},
                     items);
  Outputs outputs(paths);
  if (!arguments.save_preprocessed.empty()) {
    std::error_code error;
    fs::create_directories(arguments.save_preprocessed, error);
    if (error) throw Error(arguments.save_preprocessed + ": cannot be made: " + error.message());
  }

  const std::shared_ptr<const Model> model =
      load_model(arguments.model, ModelOptions{arguments.isa, true, parse_arithmetic(arguments.arithmetic)},
                 KerasOptions{arguments.config, arguments.architecture});
  const int threads = arguments.threads > 0 ? arguments.threads : allowed_threads();
  Grader grader(model, card, {threads, arguments.batch, arguments.tta, arguments.save_preprocessed});
  print_demo_mark(card);
  std::fflush(stdout);

  RunRecord record;
  record.model = model.get();
  record.card = &card;
  record.images = items.size();
  record.threads = threads;
  record.batch = arguments.batch;
  record.views = arguments.tta;
  record.details = arguments.details;
  record.inputs = arguments.inputs;
  record.command = arguments.command;
  record.started = std::chrono::system_clock::now();
  ErrorDigest digest;
  record.counts =
      grade_all(grader, card, items, static_cast<int>(model->output_shape().elements()), arguments, outputs, digest);
  record.finished = std::chrono::system_clock::now();
  record.files.emplace_back("labels", paths.labels.string());
  record.files.emplace_back("record", paths.record.string());
  if (outputs.any_error) record.files.emplace_back("errors", paths.errors.string());
  if (outputs.plot) record.files.emplace_back("plot", paths.plot.string());
  if (outputs.ids) record.files.emplace_back("ids", paths.ids.string());
  if (!arguments.save_preprocessed.empty()) record.files.emplace_back("preprocessed", arguments.save_preprocessed);

  outputs.record.write(to_json(record));
  if (outputs.ids) {
    outputs.ids->write(csv_line({"id_code"}));
    for (const InputItem& item : items) outputs.ids->write(csv_line({item.id}));
  }
  outputs.publish();
  // The grades are safe before the picture is drawn.
  if (outputs.plot) {
    draw_bar_chart(distribution_chart(card, record.counts, arguments.model), outputs.plot->temporary_path().string(),
                   paths.plot.string());
    outputs.plot->publish();
  }
  if (!arguments.quiet) print_summary(record);
  print_demo_mark(card);
  std::fflush(stdout);
  digest.print(record.counts, paths.errors);
  return record.counts.errors == 0 ? kExitOk : kExitPartial;
}

int run(int argc, char** argv) {
  try {
    prepare_process();
    BatchPredictArguments arguments;
    if (const std::optional<int> exit_code = parse_arguments(argc, argv, arguments)) return *exit_code;
    return batch_predict(std::move(arguments));
  } catch (const Interrupted& e) {
    print_error(e.what());
    die_of_signal();
  } catch (const std::bad_alloc&) {
    print_error("not enough memory");
  } catch (const std::exception& e) {
    print_error(e.what());
  }
  return kExitError;
}

}  // namespace
}  // namespace fovea::tools

int main(int argc, char** argv) { return fovea::tools::run(argc, argv); }
