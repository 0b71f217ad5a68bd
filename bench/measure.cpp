// Puts the parts of a measurement together.
#include "bench/measure.h"

#include <algorithm>
#include <memory>
#include <regex>

#include <fovea/error.h>
#include <fovea/keras.h>
#include "bench/alone.h"
#include "bench/distinct.h"
#include "bench/random_model.h"

namespace fovea::bench {

namespace {

std::shared_ptr<const Model> make_model(const Options& options) {
  const ModelOptions settings{.isa = options.isa, .arithmetic = options.arithmetic};
  if (!options.model.empty()) return load_model(options.model, settings, {.architecture = options.architecture});
  return Model::create(random_model(options.architecture.empty() ? "resnet50" : options.architecture), settings);
}

std::regex parse_filter(const std::string& text) {
  try {
    return std::regex(text, std::regex::ECMAScript | std::regex::optimize);
  } catch (const std::regex_error&) {
    throw Error("--filter: '" + text + "' is no regular expression");
  }
}

// Names and nature of a distinct layer; the times come later.
Row describe(const Distinct& distinct, const Model& model, int batch) {
  Row row;
  for (const std::size_t i : distinct.layers) row.names.push_back(model.layers()[i].name);
  row.layer = model.layers()[distinct.layers.front()];
  row.kind = distinct.kind;
  row.work = work_of(row.layer, batch);
  return row;
}

bool matches(const Row& row, const std::regex& filter) {
  std::vector<std::string> texts = row.names;
  texts.insert(texts.end(), {row.kind, row.layer.class_name, row.layer.kernel, shapes_text(row.layer)});
  return std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return std::regex_search(text, filter); });
}

// Rows are told from the model alone, so that a filter that matches nothing is found before anything is measured.
struct Shown {
  std::vector<Distinct> distinct;
  std::vector<Row> rows;
};

Shown shown_rows(const Model& model, const std::regex& filter, const Options& options) {
  Shown shown;
  for (Distinct& distinct : distinct_layers(model.layers())) {
    Row row = describe(distinct, model, options.batch);
    if (!matches(row, filter)) continue;
    shown.rows.push_back(std::move(row));
    shown.distinct.push_back(std::move(distinct));
  }
  if (shown.rows.empty()) throw Error("--filter: no layer matches '" + options.filter + "'");
  return shown;
}

Times mean_of(const std::vector<Times>& times, const std::vector<std::size_t>& which) {
  Times mean;
  const double weight = 1.0 / static_cast<double>(which.size());
  for (const std::size_t i : which) {
    mean.min += weight * times[i].min;
    mean.median += weight * times[i].median;
    mean.p95 += weight * times[i].p95;
  }
  return mean;
}

// Sum of the minima of all layers that compute something.
double sum_of_minima(const Model& model, const Profile& profile) {
  double sum = 0;
  for (const Distinct& distinct : distinct_layers(model.layers())) {
    for (const std::size_t i : distinct.layers) sum += profile.layers[i].min;
  }
  return sum;
}

}  // namespace

Report measure(const Options& options) {
  const std::regex filter = parse_filter(options.filter);
  Session session(make_model(options), {.max_batch = options.batch, .threads = options.threads});
  const Model& model = session.model();
  Shown shown = shown_rows(model, filter, options);
  fill_inputs(session, options.batch);

  Report report;
  report.header = header(options, session);
  report.peaks = measure_peaks(model.isa(), session.threads());
  const Profile in_situ = profile(session, options.batch, options.repetitions);
  report.pass = in_situ.sum;
  report.whole = in_situ.whole;
  report.sum_of_minima = sum_of_minima(model, in_situ);
  std::vector<std::size_t> first;
  for (const Distinct& distinct : shown.distinct) first.push_back(distinct.layers.front());
  const std::vector<Times> alone = time_alone(session, first, options.batch);
  for (std::size_t i = 0; i < shown.rows.size(); ++i) {
    Row& row = shown.rows[i];
    row.times = mean_of(in_situ.layers, shown.distinct[i].layers);
    row.alone = alone[i];
    row.efficiency = efficiency(row.work, row.times.min, report.peaks.peaks);
    row.share = row.times.min * static_cast<double>(row.names.size()) / report.sum_of_minima;
  }
  report.rows = std::move(shown.rows);
  return report;
}

}  // namespace fovea::bench
