// The command line of batch-predict.
#include "tools/predict/arguments.h"

#include "tools/common/files/output_stream.h"
#include "tools/common/program/option_group.h"

namespace fovea::tools {

namespace {

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

Every file of a folder is looked at by its content, whatever it is called: pictures are graded, each
full-size page of a TIFF as an image of its own (id, id#2, id#3); pictures that cannot be read, locked files
and folders and dangling links are named in labels.errors.csv; other files are counted in the summary and in
labels.run.json. Ids are file names without the ending of a picture. Bytes that are no UTF-8 or cannot be
seen, and a leading = + - @, are written as %XX. docs/batch-predict.md says all of it.

Beside labels.csv: labels.run.json (model, card, options, counts), and labels.errors.csv if some pictures
could not be graded (each with its reason). Files appear whole or not at all. With --output - or a pipe or
device there are none: all errors go to standard error, and so does the summary beside standard output.
Until then every finished picture is kept in labels.csv.journal. After Ctrl-C, a crash or a power cut, the
same command with --resume goes on: the files it writes are those of a run that nothing disturbed. It refuses
if the model, its card, the list of pictures, a graded picture or an option that changes results is another;
with --resume=add the list may have grown, and what was graded before comes first in the results.
Exit code: 0 all graded; 1 some pictures could not be graded; 2 wrong usage, a bad model, or a result that
could not be written; 130 and 143 stopped by Ctrl-C or SIGTERM (a second one ends it at once).)";

void add_options(CLI::App& app, BatchPredictArguments& a, CardValues& card_values) {
  add_model_options(app, a, "use the demo model, and its samples if no --input is given; not for patients");

  const Group input{app, "Input"};
  input.option("--input", a.inputs, "PATH", "a folder of pictures, single pictures, or a CSV of ids (with --images)");
  input.flag("--recursive", a.recursive,
             "read folders with all below them; ids are relative paths;\nids of a CSV are found below --images");
  input.option("--images", a.images, "DIR", "folder of the pictures that a CSV names");
  input.flag("--id-with-extension", a.id_with_extension, "ids of files keep the ending: x.jpg beside x.png");
  input.option("--id-column", a.id_column, "NAME", "column of a CSV with the ids [id_code, else image]");

  add_card_options(app, a, card_values);

  const Group output{app, "Output"};
  output.option(
      "--output", a.output, "FILE",
      "the grades: a CSV with the columns id_code,diagnosis; - is standard output.\nIts folder is made if it is "
      "not there");
  output.flag("--details", a.details, "add class name, probabilities, confidence, referable and a note to it");
  output.option("--plot", a.plot, "FILE", "draw the distribution of the grades, .png or .svg");
  output.option("--save-preprocessed", a.save_preprocessed, "DIR", "write what the network saw, one PNG a picture");
  output.option("--write-ids", a.write_ids, "FILE", "write the list of ids as a CSV with the column id_code");
  output.flag("--quiet", a.quiet, "no progress and no summary, errors only");
  output.option("--log-json", a.log_json, "FILE",
                "add what happens to FILE, one JSON object a line; - is standard error,\nwithout progress bar");

  add_running_options(app, a);

  const Group unfinished{app, "After an interrupted run"};
  app.add_flag(
         "--resume", a.resume,
         "go on with what its journal holds; begin if there is none.\n--resume=add takes pictures that came later "
         "or were mended")
      ->group(unfinished.name);
  unfinished.flag("--restart", a.restart, "forget its journal and begin anew");

  add_help_options(app, kFooter);
}

void check_combinations(const BatchPredictArguments& a) {
  check_model_arguments(a);
  if (!a.demo && a.model.empty()) wrong_usage("--model FILE is needed (or --demo)");
  if (!a.demo && a.inputs.empty()) wrong_usage("--input is needed: a folder, pictures, or a CSV");
  if (a.output.empty()) wrong_usage("--output FILE is needed");
  if (!a.resume.empty() && a.resume != "true" && a.resume != "add") {
    wrong_usage("--resume is given as it is, or as --resume=add");
  }
  if (!a.resume.empty() && a.restart) wrong_usage("--resume and --restart exclude each other");
  if (is_stream(a.output) && (!a.resume.empty() || a.restart)) {
    wrong_usage("--resume and --restart need an --output that is a file: a stream has no journal");
  }
  if (!a.id_column.empty() && a.images.empty()) wrong_usage("--id-column goes with a CSV and --images");
}

}  // namespace

std::optional<int> parse_arguments(int argc, const char* const* argv, BatchPredictArguments& arguments) {
  CLI::App app(kDescription, "batch-predict");
  CardValues card_values;
  add_options(app, arguments, card_values);
  const auto ended = parse_command_line(app, argc, argv, [&] { check_combinations(arguments); });
  if (ended) return ended;
  take_card_options(app, card_values, arguments);
  for (int i = 1; i < argc; ++i) arguments.command.emplace_back(argv[i]);
  return std::nullopt;
}

}  // namespace fovea::tools
