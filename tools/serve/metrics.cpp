// What the server counts, as Prometheus reads it.
#include "tools/serve/metrics.h"

#include <array>
#include <utility>

#include <fovea/version.h>
#include "text/text.h"

namespace fovea::tools {

namespace {

constexpr std::array kBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0};

std::string header(const std::string& name, const std::string& type, const std::string& help) {
  return "# HELP " + name + " " + help + "\n# TYPE " + name + " " + type + "\n";
}

std::string line(const std::string& name, const std::string& labels, const std::string& value) {
  return name + (labels.empty() ? "" : "{" + labels + "}") + " " + value + "\n";
}

std::string gauge(const std::string& name, const std::string& help, std::size_t value) {
  return header(name, "gauge", help) + line(name, "", std::to_string(value));
}

}  // namespace

Histogram::Histogram() : counts_(kBounds.size() + 1) {}

void Histogram::add(double seconds) {
  for (std::size_t i = 0; i < kBounds.size(); ++i) counts_[i] += seconds <= kBounds[i] ? 1 : 0;
  ++counts_.back();
  sum_ += seconds;
}

std::string Histogram::text(const std::string& name, const std::string& help) const {
  std::string text = header(name, "histogram", help);
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    text += line(name + "_bucket", "le=\"" + number_text(kBounds[i]) + "\"", std::to_string(counts_[i]));
  }
  text += line(name + "_bucket", "le=\"+Inf\"", std::to_string(counts_.back()));
  return text + line(name + "_sum", "", number_text(sum_)) + line(name + "_count", "", std::to_string(counts_.back()));
}

void Metrics::request(int status, double seconds) {
  const std::scoped_lock lock(mutex_);
  ++requests_[status];
  stages_[Stage::request].add(seconds);
}

void Metrics::time(Stage stage, double seconds) {
  const std::scoped_lock lock(mutex_);
  stages_[stage].add(seconds);
}

void Metrics::image(bool graded) {
  const std::scoped_lock lock(mutex_);
  ++(graded ? graded_ : failed_);
}

double Metrics::mean(Stage stage) const {
  const std::scoped_lock lock(mutex_);
  const auto found = stages_.find(stage);
  return found == stages_.end() ? 0 : found->second.mean();
}

std::string Metrics::text(const Gauges& gauges, const std::string& model) const {
  const std::array<std::pair<Stage, std::array<const char*, 2>>, 5> stages{{
      {Stage::request, {"fovea_request_seconds", "From the headers of a request to its answer."}},
      {Stage::queue, {"fovea_queue_seconds", "What images wait before their work begins."}},
      {Stage::decode, {"fovea_decode_seconds", "Decoding of an image."}},
      {Stage::preprocess, {"fovea_preprocess_seconds", "Preparation of an image as the model card says."}},
      {Stage::inference, {"fovea_inference_seconds", "One run of the network, over a batch of images."}},
  }};
  const std::scoped_lock lock(mutex_);
  std::string text = header("fovea_build_info", "gauge", "Version of the engine, SHA-256 of the model.");
  text += line("fovea_build_info", "version=\"" + std::string(version()) + "\",model=\"" + model + "\"", "1");
  text += header("fovea_requests_total", "counter", "Answered requests, by status code.");
  for (const auto& [status, count] : requests_) {
    text += line("fovea_requests_total", "code=\"" + std::to_string(status) + "\"", std::to_string(count));
  }
  text += header("fovea_images_total", "counter", "Images, by what became of them.");
  text += line("fovea_images_total", "result=\"graded\"", std::to_string(graded_));
  text += line("fovea_images_total", "result=\"failed\"", std::to_string(failed_));
  text += gauge("fovea_queue_length", "Images that wait.", gauges.queued);
  text += gauge("fovea_connections", "Open connections.", gauges.connections);
  text += gauge("fovea_requests_in_flight", "Requests that were begun and not answered yet.", gauges.in_flight);
  text += gauge("fovea_ready", "1 once the model is loaded and tested.", gauges.ready ? 1 : 0);
  for (const auto& [stage, words] : stages) {
    const auto found = stages_.find(stage);
    text += (found == stages_.end() ? Histogram() : found->second).text(words[0], words[1]);
  }
  return text;
}

}  // namespace fovea::tools
