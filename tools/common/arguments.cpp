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

constexpr const char* kDescription =
    "Grades fundus photographs with a Keras model on this machine's CPU: a model file and a folder of pictures in,\n"
    "a CSV of grades out.";

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

Beside labels.csv: labels.run.json (model, card, options, counts) and, if some pictures could not be graded,
labels.errors.csv (each with its reason). Files appear whole or not at all.
Exit code: 0 all graded, 1 some pictures could not be graded, 2 wrong usage, a bad model, or a file not written.)";

std::string version_text() {
  std::string isas;
  for (const std::string& isa : available_isas()) isas += (isas.empty() ? "" : ", ") + isa;
  return std::string("batch-predict (fovea) ") + version() + "\ninstruction sets usable here, best first: " + isas +
         "\nthreads allowed here: " + std::to_string(allowed_threads());
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void add_options(CLI::App& app, BatchPredictArguments& a, std::map<std::string, std::string>& card_values) {
  app.add_option("--model", a.model, "The network: a Keras .h5 file")->type_name("FILE")->group("Model");
  app.add_option("--architecture", a.architecture, "Architecture of a weights-only file by name, e.g. resnet50")
      ->type_name("NAME")->group("Model");
  app.add_option("--config", a.config, "Architecture of a weights-only file: JSON as Keras' to_json writes it")
      ->type_name("FILE")->group("Model");
  app.add_flag("--demo", a.demo, "Use the demo model, and its samples if no --input is given; not for patients")
      ->group("Model");
  app.add_option("--weights-dir", a.weights_dir, "Folder of the demo model, if it is not found by itself")
      ->type_name("DIR")->group("Model");

  app.add_option("--input", a.inputs, "A folder of pictures, single pictures, or a CSV of ids with --images")
      ->type_name("DIR|FILE...")->group("Input");
  app.add_flag("--recursive", a.recursive, "Folders with all below them; ids are relative paths")->group("Input");
  app.add_option("--images", a.images, "Folder of the pictures that a CSV names")->type_name("DIR")->group("Input");
  app.add_option("--id-column", a.id_column, "Column of a CSV with the ids [id_code, else image]")
      ->type_name("NAME")->group("Input");

  app.add_option("--card", a.card, "Model card: what the model expects of its input [MODEL's name with .json]")
      ->type_name("FILE")->group("Model card");
  for (const CardOption& option : card_options()) {
    std::string help = option.help;
    if (option.name == "preprocess") help += ": " + joined(preset_names());
    app.add_option("--" + option.name, card_values[option.name], help)
        ->type_name(option.value)->group("Model card");
  }

  app.add_option("--output", a.output, "The grades: CSV with id_code,diagnosis")->type_name("FILE")->group("Output");
  app.add_flag("--details", a.details, "Add class name, probabilities, confidence, referable and a note to the CSV")
      ->group("Output");
  app.add_option("--plot", a.plot, "Draw the distribution of the grades, .png or .svg")
      ->type_name("FILE")->group("Output");
  app.add_option("--save-preprocessed", a.save_preprocessed, "Write what the network saw, one PNG a picture")
      ->type_name("DIR")->group("Output");
  app.add_option("--write-ids", a.write_ids, "Write the list of ids as a CSV with the column id_code")
      ->type_name("FILE")->group("Output");
  app.add_flag("--quiet", a.quiet, "No progress and no summary; errors only")->group("Output");

  app.add_option("--threads", a.threads, "Threads [as many as this process is allowed]")
      ->type_name("N")->check(CLI::Range(1, 1024))->group("Running");
  app.add_option("--batch", a.batch, "Pictures in one run of the network [1]")
      ->type_name("N")->check(CLI::Range(1, 256))->group("Running");
  app.add_option("--tta", a.tta, "Average over the first N of: " + joined(view_names(kMaxViews)) + " [1]")
      ->type_name("N")->check(CLI::Range(1, kMaxViews))->group("Running");
  app.add_option("--isa", a.isa, "Instruction set, see --version [FOVEA_ISA, else the best]")
      ->type_name("NAME")->group("Running");

  app.set_help_flag("--help,-h", "Print this and exit")->group("Help");
  app.set_version_flag("--version", version_text, "Print version and instruction sets and exit")->group("Help");
}

void check_combinations(const BatchPredictArguments& a) {
  const auto wrong = [](const std::string& reason) { throw CLI::ValidationError(reason); };
  if (a.demo && !a.model.empty()) wrong("--demo brings its own model, it does not go with --model");
  if (!a.demo && a.model.empty()) wrong("--model FILE is needed (or --demo)");
  if (!a.demo && !a.weights_dir.empty()) wrong("--weights-dir goes with --demo");
  if (!a.architecture.empty() && !a.config.empty()) wrong("--architecture and --config exclude each other");
  if (!a.demo && a.inputs.empty()) wrong("--input is needed: a folder, pictures, or a CSV");
  if (a.output.empty()) wrong("--output FILE is needed");
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
