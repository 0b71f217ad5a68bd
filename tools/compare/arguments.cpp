// The command line of benchmark-compare.
#include "tools/compare/arguments.h"

#include <algorithm>

#include "grading/evaluate/bootstrap.h"
#include "tools/common/program/option_group.h"

namespace fovea::tools {

namespace {

constexpr const char* kDescription =
    "Says how good grades are: compares a model, or grades predicted before, with a benchmark of known grades.\n"
    "Metrics with 95 % intervals, pictures, and one report.html that needs no network.";

constexpr const char* kFooter = R"(
Examples:
  benchmark-compare --benchmark Benchmark.csv --model resnet50.h5 --images photos --output comparison
      grades the pictures of the benchmark's ids as batch-predict does, and compares
  benchmark-compare --benchmark Benchmark.csv --predictions labels.csv --output comparison
      compares what was predicted before; with batch-predict's --details there are probabilities,
      and with --images photos the report has thumbnails
  benchmark-compare --benchmark Benchmark.csv --predictions a.csv --compare b.csv --output comparison
      two models on the same images: McNemar's test, difference of kappa, list of disagreements
  benchmark-compare --benchmark weights/samples/labels.csv --demo --output comparison
      tries everything with the demo model and its sample pictures: demo, not for patients

In the output folder: report.html; metrics.json and metrics.csv; benchmark_predictions.csv (the benchmark with a
column Predictions); worst_cases.csv (wrong grades, missed eyes first); distributions, confusion, grade_errors, and
with probabilities roc, precision_recall and reliability, each as .png and .svg; labels.csv and labels.run.json if the
model predicted here; findings.csv if something did not fit; disagreements.csv with --compare. Files appear whole or
not at all, and only once all of them are written.
Ids are joined whatever their case, with or without an image's extension or folders before them. Without --classes the
grades are those of the columns p0, p1, ... or else 0 to 4, which bear the names of the international scale.
Exit code: 0 all compared; 1 compared, but ids without an image or prediction, images or predictions without an id,
duplicate or ambiguous ids, missing values, pictures that could not be graded or grades out of range were left out
(listed; with --strict they are an error, and nothing is written); 2 wrong usage, a malformed file, or a result that
could not be written;
130 and 143 stopped by Ctrl-C or SIGTERM (a second one ends it at once).)";

void add_options(CLI::App& app, CompareArguments& a, CardValues& card_values) {
  const Group input{app, "Input"};
  input.option("--benchmark", a.benchmark, "FILE", "the reference: a CSV of ids and known grades");
  input.option("--predictions", a.predictions, "FILE", "grades predicted before: a CSV such as batch-predict writes");
  input.option("--images", a.images, "DIR",
               "folder of the pictures that --model grades; with --predictions for\n"
               "thumbnails only");
  input.flag("--recursive", a.recursive, "read --images with all below it; ids are found in any sub-folder");
  input.option("--compare", a.compare, "FILE", "grades of a second model, a CSV as --predictions");
  input.option("--id-column", a.id_column, "NAME",
               "column of the benchmark with the ids [id_code, image, image_id,\nImage name, filename, ...]");
  input.option("--grade-column", a.grade_column, "NAME",
               "column of the benchmark with the grades [Actual, diagnosis, level,\ngrade, adjudicated_dr_grade, "
               "Retinopathy grade, DR_ICDR, label, ...]");
  input.option("--first-grade", a.first_grade, "N", "number of the benchmark's lowest grade, 1 if they are 1 to 5 [0]")
      ->check(CLI::Range(0, 1).description(""));
  input.option("--prediction-column", a.prediction_column, "NAME",
               "column of the predictions with the grades [diagnosis, else\nPredictions, prediction, level, grade or "
               "label]");

  add_model_options(app, a, "use the demo model, and its samples if no --images is given; not for patients");
  add_card_options(app, a, card_values);

  const Group measuring{app, "Measuring"};
  measuring
      .option("--target-sensitivity", a.target_sensitivity, "X",
              "sensitivity wanted at the operating point, over 0 to 1 [0.9]")
      ->check(CLI::Range(1e-6, 1.0).description(""));
  measuring.number("--resamples", a.resamples, evaluate::kMaxResamples, "of the bootstrap, 0 for no intervals [2000]",
                   0);
  measuring.option("--seed", a.seed, "N", "of the bootstrap [1]; the same seed gives the same intervals");

  const Group output{app, "Output"};
  output.option("--output", a.output, "DIR", "folder for all results, made if it is not there");
  output.flag("--strict", a.strict, "whatever does not fit between the lists is an error");
  output.flag("--timing", a.timing, "add images/s and the time each step of this run took");
  output.flag("--quiet", a.quiet, "no progress and no tables, errors only");

  add_running_options(app, a);
  add_help_options(app, kFooter);
}

void check_combinations(const CompareArguments& a) {
  check_model_arguments(a);
  const bool model = a.demo || !a.model.empty();
  if (a.benchmark.empty()) wrong_usage("--benchmark FILE is needed");
  if (model && !a.predictions.empty()) wrong_usage("--predictions and --model (or --demo) exclude each other");
  if (!model && a.predictions.empty()) wrong_usage("--model FILE with --images DIR, or --predictions FILE is needed");
  if (!a.model.empty() && a.images.empty()) wrong_usage("--images DIR is needed: the pictures that --model grades");
  if (a.recursive && a.images.empty()) wrong_usage("--recursive goes with --images");
  if (a.output.empty()) wrong_usage("--output DIR is needed");
  if (!model) {
    if (!a.card.empty() || !a.architecture.empty() || !a.config.empty() || !a.layers.empty()) {
      wrong_usage("--card, --architecture, --config and --layers go with --model");
    }
    if (a.self_test || a.no_self_test) wrong_usage("--self-test and --no-self-test go with --model");
    for (const auto& [name, value] : a.card_options) {
      if (name != "classes" && name != "referable") wrong_usage("--" + name + " goes with --model");
    }
  } else if (!a.prediction_column.empty() && a.compare.empty()) {
    wrong_usage("--prediction-column goes with --predictions or --compare");
  }
}

}  // namespace

std::optional<int> parse_arguments(int argc, const char* const* argv, CompareArguments& arguments) {
  CLI::App app(kDescription, "benchmark-compare");
  CardValues card_values;
  add_options(app, arguments, card_values);
  const auto ended = parse_command_line(app, argc, argv, [&] {
    take_card_options(app, card_values, arguments);
    check_combinations(arguments);
  });
  if (ended) return ended;
  for (int i = 1; i < argc; ++i) arguments.command.emplace_back(argv[i]);
  return std::nullopt;
}

}  // namespace fovea::tools
