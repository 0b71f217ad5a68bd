// The images of the benchmark's ids, graded by a model.
#include "tools/compare/grade_images.h"

#include <charconv>
#include <cstdio>
#include <unordered_map>

#include <fovea/error.h>
#include <fovea/version.h>
#include "base/sha256.h"
#include "text/names.h"
#include "text/text.h"
#include "tools/common/grade/grader.h"
#include "tools/common/grade/labels.h"
#include "tools/common/grade/run_record.h"
#include "tools/common/program/process.h"
#include "tools/common/program/progress.h"
#include "tools/compare/input/join.h"

namespace fovea::tools {

namespace {

// The number that stands in labels.csv, so that --predictions labels.csv measures exactly the same.
double as_written(float output) {
  const std::string text = number_text(output);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

class Collector {
 public:
  Collector(const ModelCard& card, int outputs, const std::string& folder, Findings& findings)
      : card_(card), findings_(findings), labels_(csv_line(label_header(card, outputs, true))) {
    list_.file = folder;
    list_.classes = grade_count(card.decision, outputs);
    counts_.by_grade.resize(static_cast<std::size_t>(list_.classes));
    if (card.decision.rule == Decision::Rule::regression)
      list_.no_probabilities = "the model's output is a number, not probabilities";
  }

  void add(const InputItem& item, const Graded& graded) {
    std::vector<double> probabilities;
    if (graded.error.empty()) {
      for (const float value : probabilities_of(card_, graded.outputs)) probabilities.push_back(as_written(value));
    }
    probabilities.resize(static_cast<std::size_t>(list_.classes), 0.0);
    if (!graded.error.empty()) {
      findings_.add({Problem::image_not_graded, item.path, 0, item.id, graded.error});
      ++counts_.errors;
      list_.entries.push_back(entry_of(item));
    } else {
      labels_ += csv_line(label_row(card_, item.id, graded, true));
      ++counts_.by_grade.at(static_cast<std::size_t>(graded.grade));
      ++counts_.graded;
      list_.entries.push_back(entry_of(item));
      list_.entries.back().grade = graded.grade;
      const std::string doubt = list_.no_probabilities.empty() ? distribution_doubt(probabilities) : "";
      if (!doubt.empty()) list_.no_probabilities = "the model's output for " + item.id + " " + doubt;
    }
    list_.probabilities.insert(list_.probabilities.end(), probabilities.begin(), probabilities.end());
  }

  const Counts& counts() const { return counts_; }
  std::string take_labels() { return std::move(labels_); }
  GradedList take_list(const std::vector<GradedEntry>& without_image) {
    for (const GradedEntry& entry : without_image) {
      list_.entries.push_back(entry);
      list_.probabilities.resize(list_.entries.size() * static_cast<std::size_t>(list_.classes), 0.0);
    }
    if (!list_.no_probabilities.empty()) list_.probabilities = {};
    return std::move(list_);
  }

 private:
  const ModelCard& card_;
  Findings& findings_;
  std::string labels_;
  GradedList list_;
  Counts counts_;
};

Facts origin_of(const Model& model, const ModelCard& card, const CompareArguments& arguments, int threads) {
  Facts facts{{"model_file", model.provenance().file},
              {"model_sha256", model.provenance().sha256},
              {"model_name", model.name()},
              {"card_source", card.source},
              {"card", card.json},
              {"isa", model.isa()},
              {"arithmetic", arithmetic_name(model.arithmetic())},
              {"decoding", arguments.fast_decode ? "fast" : "exact"},
              {"accept_damaged", arguments.accept_damaged ? "yes" : "no"},
              {"views", std::to_string(arguments.tta)},
              {"threads", std::to_string(threads)},
              {"batch", std::to_string(arguments.batch)},
              {"images", arguments.images}};
  const std::string& layers = model.provenance().layers;
  if (!layers.empty()) facts.insert(facts.begin() + 2, {"layers_sha256", sha256_of(layers)});
  return facts;
}

// Ids without their endings where these tell no two images apart.
void shorten_ids(std::vector<InputItem>& items) {
  std::unordered_map<std::string, int> count;
  for (const InputItem& item : items) ++count[id_key(item.id)];
  for (InputItem& item : items) {
    const std::string key = id_key(item.id);
    if (count[key] == 1) item.id = safe_name(key);
  }
}

}  // namespace

MatchedImages match_images(const GradedList& reference, const std::string& folder, bool recursive, Findings& findings) {
  const InputList list = list_inputs({{folder}, "", "", recursive, true, {}});
  const std::vector<InputItem>& items = list.items;
  const GradedList found = as_list(items, folder);
  const Matches matches = match_ids(reference, found);
  MatchedImages matched;
  matched.passed = list.passed;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (matches.of_second[i] != kNone) {
      matched.items.push_back(items[i]);
    } else {
      findings.add(
          {Problem::image_without_id, items[i].path, 0, safe_name(found.entries[i].key), "not in " + reference.file});
    }
  }
  shorten_ids(matched.items);
  for (std::size_t i = 0; i < reference.entries.size(); ++i) {
    const GradedEntry& entry = reference.entries[i];
    if (entry.id.empty() || entry.repeats != kNoEntry || matches.of_first[i] != kNone) continue;
    matched.others.push_back({.id = entry.id, .key = entry.key, .line = entry.line});
    const bool ambiguous = !matches.rivals[i].empty();
    findings.add({ambiguous ? Problem::ambiguous_id : Problem::id_without_image, reference.file, entry.line, entry.id,
                  ambiguous ? rivals_text(found, matches.rivals[i]) : "none in " + folder});
  }
  if (matched.items.empty()) {
    throw Error(printable(reference.file) + ": none of its ids has an image in " + printable(folder) + ": " +
                example_ids(reference, found));
  }
  return matched;
}

GradedImages grade_images(const std::shared_ptr<const Model>& model, const ModelCard& card,
                          const CompareArguments& arguments, const MatchedImages& images, Findings& findings) {
  RunRecord record;
  record.tool = "benchmark-compare";
  record.model = model.get();
  record.card = &card;
  record.images = images.items.size();
  record.threads = arguments.threads > 0 ? arguments.threads : allowed_threads();
  record.batch = arguments.batch;
  record.views = arguments.tta;
  record.details = true;
  record.fast_decode = arguments.fast_decode;
  record.accept_damaged = arguments.accept_damaged;
  record.inputs = {arguments.benchmark, arguments.images};
  record.passed = images.passed;
  record.command = arguments.command;
  record.started = std::chrono::system_clock::now();

  Grader grader(model, card,
                {record.threads, arguments.batch, arguments.tta, "", arguments.fast_decode, arguments.accept_damaged});
  Collector collector(card, static_cast<int>(model->output_shape().elements()), arguments.images, findings);
  Progress progress(stderr, arguments.quiet ? Progress::Style::none : Progress::style_for(stderr));
  std::size_t done = 0;
  grader.run(
      images.items,
      [&](std::size_t index, const Graded& graded) {
        collector.add(images.items[index], graded);
        progress.update({++done, images.items.size(), collector.counts().errors, 0});
      },
      stop_requested());
  const double seconds = progress.seconds();
  if (done < images.items.size()) throw Interrupted();

  record.counts = collector.counts();
  record.finished = std::chrono::system_clock::now();
  record.files = {{"labels", "labels.csv"}};
  GradedImages graded;
  graded.labels = collector.take_labels();
  graded.record = to_json(record);
  graded.images_per_second = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  graded.predictions = {collector.take_list(images.others), origin_of(*model, card, arguments, record.threads),
                        card.demo, grade_names(card)};
  return graded;
}

}  // namespace fovea::tools
