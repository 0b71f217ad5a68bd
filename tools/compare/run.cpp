// One comparison from its command line to its files.
#include "tools/compare/run.h"

#include <chrono>
#include <cstdio>

#include <fovea/error.h>
#include <fovea/version.h>
#include "grading/pipeline/find_card.h"
#include "grading/pipeline/open_model.h"
#include "text/label_columns.h"
#include "text/text.h"
#include "tools/common/drawing/picture_file.h"
#include "tools/common/grade/labels.h"
#include "tools/common/program/demo.h"
#include "tools/common/program/exit_code.h"
#include "tools/common/program/process.h"
#include "tools/compare/charts/pictures.h"
#include "tools/compare/grade_images.h"
#include "tools/compare/input/grade_cell.h"
#include "tools/compare/output_folder.h"
#include "tools/compare/report/report.h"
#include "tools/compare/report/thumbnails.h"
#include "tools/compare/result_texts.h"
#include "tools/compare/study/cases.h"
#include "tools/compare/study/measure.h"
#include "tools/compare/study/metric_text.h"
#include "tools/compare/study/prediction_file.h"

namespace fovea::tools {

namespace {

using Clock = std::chrono::steady_clock;

void stop_if_asked() {
  if (stop_requested()) throw Interrupted();
}

// Runs one step of the comparison and notes what it took.
template <typename Step>
void timed(Study& study, const std::string& name, Step step) {
  stop_if_asked();
  const Clock::time_point start = Clock::now();
  step();
  study.times.push_back({name, std::chrono::duration<double>(Clock::now() - start).count()});
}

void be_strict(const CompareArguments& arguments, const Findings& findings) {
  if (!arguments.strict || findings.empty()) return;
  const std::size_t more = findings.list().size() - 1;
  throw Error("--strict: " + finding_text(findings.list().front()) +
              (more > 0 ? "; and " + std::to_string(more) + " more: " + findings.summary() : ""));
}

// Options over the card, or over nothing where grades were predicted before.
ModelCard card_of(const CompareArguments& arguments) {
  if (arguments.predicts()) return find_card(arguments);
  ModelCard card = preset_card("none");
  apply_overrides(card, arguments.card_options);
  return card;
}

// Names of the grades: as the card or the options tell, else as the predictions do, else those of the international
// scale for its five grades.
std::vector<std::string> class_names(const ModelCard& card, const std::vector<std::string>& predicted, int classes) {
  const auto count = static_cast<std::size_t>(classes);
  if (card.classes.size() == count) return grade_names(card);
  if (predicted.size() == count) return predicted;
  return count == scale_names().size() ? scale_names() : std::vector<std::string>(count);
}

struct Inputs {
  ModelCard card;
  std::shared_ptr<const Model> model;         // that grades, or
  std::optional<PredictionFile> predictions;  // what was graded before
  std::optional<PredictionFile> second;
  int classes = 0;
};

Inputs open_inputs(const CompareArguments& arguments, Study& study) {
  Inputs inputs;
  inputs.card = card_of(arguments);
  study.benchmark = read_csv(arguments.benchmark);
  study.columns = find_columns(study.benchmark, arguments.benchmark, arguments.id_column, arguments.grade_column,
                               known_grade_column_names());
  study.columns.probabilities.clear();
  if (!arguments.compare.empty()) inputs.second = open_predictions(arguments.compare, arguments.prediction_column);
  if (arguments.predicts()) {
    inputs.model = open_grading_model(arguments, inputs.card);
    examine(inputs.model, inputs.card, arguments.threads);
    inputs.classes = grade_count(inputs.card.decision, static_cast<int>(inputs.model->output_shape().elements()));
  } else {
    inputs.predictions = open_predictions(arguments.predictions, arguments.prediction_column);
    inputs.classes = class_count(*inputs.predictions);
    if (inputs.classes == 0 && inputs.second) inputs.classes = class_count(*inputs.second);
    if (!inputs.card.classes.empty()) inputs.classes = static_cast<int>(inputs.card.classes.size());
    if (inputs.classes == 0) inputs.classes = 5;
  }
  if (inputs.classes < 2 || inputs.classes > evaluate::kMaxClasses) {
    throw Error("there are " + count_text(static_cast<std::size_t>(inputs.classes), "grade") + ", 2 to " +
                std::to_string(evaluate::kMaxClasses) + " can be compared");
  }
  if (!inputs.card.referable) throw Error("what is compared needs referable grades: --referable N says from which on");
  check_referable(inputs.card, inputs.classes);
  study.referable = *inputs.card.referable;
  study.classes = class_names(
      inputs.card, inputs.predictions ? inputs.predictions->classes : std::vector<std::string>(), inputs.classes);
  return inputs;
}

void set_options(const CompareArguments& arguments, Study& study) {
  study.timing = arguments.timing;
  study.options.referable = study.referable;
  study.options.target_sensitivity = arguments.target_sensitivity;
  study.options.bootstrap = {arguments.resamples, arguments.seed,
                             arguments.threads > 0 ? arguments.threads : allowed_threads()};
  std::string command = "benchmark-compare";
  for (const std::string& word : arguments.command) command += " " + word;
  study.run = {{"fovea_version", version()},
               {"command", command},
               {"benchmark_file", arguments.benchmark},
               {"benchmark_columns",
                study.benchmark.header[study.columns.id] + ", " + study.benchmark.header[study.columns.grade]},
               {"started", utc_text(std::chrono::system_clock::now())}};
}

void draw_pictures(const Study& study, OutputFolder& output) {
  for (const Picture& picture : pictures_of(study)) {
    stop_if_asked();
    const Drawing drawing = paper_drawing(picture, study);
    for (const char* extension : {".png", ".svg"}) write_picture(drawing, output.add(picture.name + extension));
  }
}

void print_findings(const Findings& findings) {
  constexpr std::size_t kListed = 5;
  const std::vector<Finding>& list = findings.list();
  for (std::size_t i = 0; i < std::min(kListed, list.size()); ++i) {
    std::fprintf(stderr, "benchmark-compare: %s\n", finding_text(list[i]).c_str());
  }
  if (list.empty()) return;
  std::fprintf(stderr, "benchmark-compare: left out: %s; findings.csv lists them\n", findings.summary().c_str());
}

std::string second_table(const Study& study, const SecondModel& second) {
  const evaluate::Comparison& c = second.comparison;
  std::string interval = interval_text(c.kappa_difference_interval.interval, 4);
  if (interval.empty()) interval = no_interval_text(study, c.kappa_difference_interval);
  return "Two models, " + count_text(static_cast<std::size_t>(c.rows), "image") + ": same grade on " +
         std::to_string(c.same_grade) + "; only the first right " + std::to_string(c.mcnemar.only_first_right) +
         ", only the second " + std::to_string(c.mcnemar.only_second_right) + ", McNemar's exact p " +
         p_text(c.mcnemar.exact_p) + "\n  difference of quadratic kappa " + value_text(c.kappa_difference, 4) +
         (interval.empty() ? "" : " (" + interval + ")") + "\n";
}

// The eyes that were missed, before any figure.
std::string missed_text(const Study& study) {
  constexpr std::size_t kListed = 10;
  const Cases missed = missed_cases(study, kListed);
  if (missed.all == 0) return "";
  std::string text = "missed: " + count_text(missed.all, "eye") + " with referable retinopathy graded below grade " +
                     std::to_string(study.referable) + ", or with proliferative retinopathy graded lower\n";
  for (const Case& c : missed.shown) {
    text += "  " + printable(study.reference_of(c.pair).id) + ": " +
            printable(grade_text(study.classes, study.sample.truth[c.row])) + ", predicted " +
            printable(grade_text(study.classes, study.sample.predicted[c.row])) + "\n";
  }
  if (missed.all > kListed) text += "  and " + std::to_string(missed.all - kListed) + " more, see worst_cases.csv\n";
  return text;
}

void print_summary(const Study& study, const OutputFolder& output) {
  std::string text = missed_text(study) + metrics_table(study);
  if (study.second) text += second_table(study, *study.second);
  if (study.timing) {
    if (study.images_per_second > 0) text += fixed_text(study.images_per_second, 2) + " images/s\n";
    for (const StepTime& time : study.times) text += padded(time.step, 18) + fixed_text(time.seconds, 3) + " s\n";
  }
  text += passed_over_text(study.passed);
  text += "report        " + printable(output.path_of("report.html").string()) + "\n";
  if (study.demo) text += std::string("*** ") + kDemoMark + " ***\n";
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace

int benchmark_compare(CompareArguments arguments) {
  if (arguments.demo) {
    const Demo demo = find_demo(arguments.weights_dir);
    arguments.model = demo.model;
    if (arguments.images.empty()) arguments.images = demo.samples;
  }
  use_decode_memory(arguments);
  Study study;
  Inputs inputs;
  timed(study, "open inputs", [&] { inputs = open_inputs(arguments, study); });
  set_options(arguments, study);
  OutputFolder output(arguments.output, result_names(arguments.predicts()),
                      {arguments.benchmark, arguments.predictions, arguments.compare, arguments.model, arguments.card,
                       arguments.config, arguments.layers});
  check_picture(output.path_of("distributions.png").string());

  study.reference = read_list(study.benchmark, arguments.benchmark, study.columns,
                              {study.classes, arguments.first_grade}, study.findings);
  be_strict(arguments, study.findings);
  if (inputs.model) {
    MatchedImages images;
    timed(study, "list images", [&] {
      images = match_images(study.reference, arguments.images, arguments.recursive, study.findings);
      study.passed = images.passed;
      be_strict(arguments, study.findings);
    });
    if (inputs.card.demo && !arguments.quiet) {
      std::printf("*** %s ***\n", kDemoMark);
      std::fflush(stdout);
    }
    timed(study, "grade images", [&] {
      GradedImages graded = grade_images(inputs.model, inputs.card, arguments, images, study.findings);
      study.predictions = std::move(graded.predictions);
      study.images_per_second = graded.images_per_second;
      output.add("labels.csv", graded.labels);
      output.add("labels.run.json", graded.record);
    });
    inputs.model.reset();
  } else {
    study.predictions = read_predictions(*inputs.predictions, study.classes, study.findings);
  }
  study.demo = inputs.card.demo || study.predictions.demo || (inputs.second && inputs.second->demo);
  timed(study, "join", [&] { study.joined = join(study.reference, study.predictions.list, study.findings); });
  be_strict(arguments, study.findings);
  timed(study, "measure", [&] { measure(study); });
  if (inputs.second) {
    timed(study, "compare models", [&] {
      study.second =
          measure_second(study, read_predictions(*inputs.second, study.classes, study.findings), study.findings);
    });
    be_strict(arguments, study.findings);
  }

  timed(study, "draw pictures", [&] { draw_pictures(study, output); });
  timed(study, "write tables", [&] {
    output.add("benchmark_predictions.csv", benchmark_csv(study));
    output.add("metrics.csv", metrics_csv(study));
    output.add("worst_cases.csv", worst_cases_csv(study));
    if (!study.findings.empty()) output.add("findings.csv", study.findings.csv());
    if (study.second) output.add("disagreements.csv", disagreements_csv(study));
  });
  if (!arguments.predicts() && !arguments.images.empty()) {
    timed(study, "find images", [&] { find_images(study.predictions.list, arguments.images, arguments.recursive); });
  }
  output.add("report.html", report_html(study));
  output.add("metrics.json", metrics_json(study));
  stop_if_asked();
  output.publish();

  for (const std::string& warning : study.warnings) {
    std::fprintf(stderr, "benchmark-compare: warning: %s\n", warning.c_str());
  }
  print_findings(study.findings);
  if (!arguments.quiet) print_summary(study, output);
  return study.findings.empty() ? kExitOk : kExitPartial;
}

}  // namespace fovea::tools
