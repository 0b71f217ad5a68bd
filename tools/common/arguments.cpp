// The command line of batch-predict.
#include "tools/common/arguments.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

#include "engine/fovea.h"
#include "loaders/card/card.h"
#include "tools/common/exit_code.h"
#include "tools/common/text.h"
#include "tools/common/views.h"

namespace fovea::tools {

namespace {

constexpr int kMaxThreads = 1024;
constexpr int kMaxBatch = 256;

constexpr const char* kDescription =
    "Grades fundus photographs with a Keras model on this machine's CPU:\n"
    "a model file and a folder of pictures in, a CSV of grades out.";

constexpr const char* kFooter = R"(
Examples:
  batch-predict --model resnet50.h5 --input photos --output labels.csv
      grades every picture of a folder; resnet50.json beside the model says how pictures are prepared
  batch-predict --model resnet50.h5 --preprocess gaussian-700 --input photos --recursive \
                --output labels.csv --details --plot distribution.png
      names the preparation, reads sub-folders, adds probabilities, draws the distribution
  batch-predict --model resnet50.h5 --input test.csv --images photos --output labels.csv
      grades the ids of a CSV, in its order
  batch-predict --demo --output labels.csv
      tries everything with the demo model and its sample pictures: demo, not for patients

Beside labels.csv: labels.run.json (model, card, options, counts), and labels.errors.csv if some pictures
could not be graded (each with its reason). Files appear whole or not at all.
Until then every finished picture is kept in labels.csv.journal. After Ctrl-C, a crash or a power cut, the
same command with --resume goes on: the files it writes are those of a run that nothing disturbed. It refuses
if the model, its card, the list of pictures, a graded picture or an option that changes results is another.
Exit code: 0 all graded; 1 some pictures could not be graded; 2 wrong usage, a bad model, or a result that
could not be written; 130 and 143 stopped by Ctrl-C or SIGTERM (a second one ends it at once).)";

// A list of names, broken into lines for the right column of --help.
std::string joined(const std::vector<std::string>& words) {
  constexpr std::size_t kColumns = 68;
  std::string text;
  std::size_t line = 0;
  for (const std::string& word : words) {
    if (!text.empty()) text += ",";
    const bool breaks = line + word.size() > kColumns;
    if (!text.empty()) text += breaks ? "\n" : " ";
    line = (breaks ? 0 : line + 2) + word.size();
    text += word;
  }
  return text;
}

std::string version_text() {
  return std::string("batch-predict (fovea) ") + version() +
         "\ninstruction sets usable here, best first: " + joined(available_isas()) +
         "\nthreads allowed here: " + std::to_string(allowed_threads());
}

// A group of options, as --help shows it.
struct Group {
  CLI::App& app;
  const char* name;

  template <typename Value>
  CLI::Option* option(const std::string& flag, Value& value, const char* type, const std::string& help) const {
    return app.add_option(flag, value, help)->type_name(type)->group(name);
  }
  void number(const std::string& flag, int& value, int largest, const std::string& help) const {
    option(flag, value, "N", help)->check(CLI::Range(1, largest).description(""));
  }
  void flag(const std::string& flag, bool& value, const std::string& help) const {
    app.add_flag(flag, value, help)->group(name);
  }
};

void add_options(CLI::App& app, BatchPredictArguments& a, std::map<std::string, std::string>& card_values) {
  const Group model{app, "Model"};
  model.option("--model", a.model, "FILE", "the network: a Keras .h5 file");
  model.option("--architecture", a.architecture, "NAME", "of a weights-only file, by name: resnet50, resnet50-notop");
  model.option("--config", a.config, "FILE", "of a weights-only file, as JSON that Keras' to_json wrote");
  model.flag("--demo", a.demo, "use the demo model, and its samples if no --input is given; not for patients");
  model.option("--weights-dir", a.weights_dir, "DIR", "folder of the demo model, if it is not found by itself");

  const Group input{app, "Input"};
  input.option("--input", a.inputs, "PATH", "a folder of pictures, single pictures, or a CSV of ids (with --images)");
  input.flag("--recursive", a.recursive, "read folders with all below them; ids are relative paths");
  input.option("--images", a.images, "DIR", "folder of the pictures that a CSV names");
  input.option("--id-column", a.id_column, "NAME", "column of a CSV with the ids [id_code, else image]");

  const Group card{app, "Model card"};
  card.option("--card", a.card, "FILE", "what the model expects of its input [the model's name with .json]");
  for (const CardOption& option : card_options()) {
    const bool presets = option.name == "preprocess";
    card.option("--" + option.name, card_values[option.name], option.value.c_str(),
                option.help + (presets ? ":\n" + joined(preset_names()) : ""));
  }

  const Group output{app, "Output"};
  output.option("--output", a.output, "FILE", "the grades: a CSV with the columns id_code,diagnosis");
  output.flag("--details", a.details, "add class name, probabilities, confidence, referable and a note to it");
  output.option("--plot", a.plot, "FILE", "draw the distribution of the grades, .png or .svg");
  output.option("--save-preprocessed", a.save_preprocessed, "DIR", "write what the network saw, one PNG a picture");
  output.option("--write-ids", a.write_ids, "FILE", "write the list of ids as a CSV with the column id_code");
  output.flag("--quiet", a.quiet, "no progress and no summary, errors only");
  output.option("--log-json", a.log_json, "FILE",
                "add what happens to FILE, one JSON object a line; - is standard error,\nwithout progress bar");

  const Group running{app, "Running"};
  running.number("--threads", a.threads, kMaxThreads, "threads in use [as many as this process is allowed]");
  running.number("--batch", a.batch, kMaxBatch, "pictures in one run of the network [1]; changes no result");
  running.number("--tta", a.tta, kMaxViews, "average over the first N of [1]:\n" + joined(view_names(kMaxViews)));
  running.flag(
      "--fast-decode", a.fast_decode,
      "decode a JPEG at 1/2, 1/4 or 1/8 of its size where it is resized to less:\nfaster, but other pixels, so "
      "now and then another grade");
  running.option("--isa", a.isa, "NAME", "instruction set, see --version [FOVEA_ISA, else the best]");
  running
      .option("--arithmetic", a.arithmetic, "NAME",
              "fast, or direct: no Winograd, slower and closest to exact sums [fast]")
      ->check(CLI::IsMember({"fast", "direct"}).description(""));

  const Group unfinished{app, "After an interrupted run"};
  unfinished.flag("--resume", a.resume, "go on with what its journal holds; begin if there is none");
  unfinished.flag("--restart", a.restart, "forget its journal and begin anew");

  app.set_help_flag("--help,-h", "print this and exit")->group("Help");
  app.set_version_flag("--version", version_text, "print version and instruction sets and exit")->group("Help");
}

void check_combinations(const BatchPredictArguments& a) {
  const auto wrong = [](const std::string& reason) { throw CLI::ValidationError(reason); };
  if (a.demo && !a.model.empty()) wrong("--demo brings its own model, it does not go with --model");
  if (!a.demo && a.model.empty()) wrong("--model FILE is needed (or --demo)");
  if (!a.demo && !a.weights_dir.empty()) wrong("--weights-dir goes with --demo");
  if (!a.architecture.empty() && !a.config.empty()) wrong("--architecture and --config exclude each other");
  if (!a.demo && a.inputs.empty()) wrong("--input is needed: a folder, pictures, or a CSV");
  if (a.output.empty()) wrong("--output FILE is needed");
  if (a.resume && a.restart) wrong("--resume and --restart exclude each other");
  if (!a.id_column.empty() && a.images.empty()) wrong("--id-column goes with a CSV and --images");
}

}  // namespace

std::optional<int> parse_arguments(int argc, const char* const* argv, BatchPredictArguments& arguments) {
  CLI::App app(kDescription, "batch-predict");
  std::map<std::string, std::string> card_values;
  try {
    add_options(app, arguments, card_values);
    app.footer(kFooter);
    app.get_formatter()->column_width(34);
    app.parse(argc, argv);
    check_combinations(arguments);
  } catch (const CLI::Success& done) {
    return app.exit(done) == 0 ? kExitOk : kExitError;
  } catch (const CLI::Error& e) {
    std::fprintf(stderr, "batch-predict: %s (--help explains)\n", printable(e.what()).c_str());
    return kExitError;
  }
  for (const CardOption& option : card_options()) {
    if (app.count("--" + option.name) > 0) arguments.card_options.emplace_back(option.name, card_values[option.name]);
  }
  for (int i = 1; i < argc; ++i) arguments.command.emplace_back(argv[i]);
  return std::nullopt;
}

}  // namespace fovea::tools
