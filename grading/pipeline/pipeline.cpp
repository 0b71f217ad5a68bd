// What is done with one picture, from its bytes to its grade.
#include "grading/pipeline/pipeline.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fovea/error.h>
#include "grading/pipeline/views.h"
#include "pictures/decode/image.h"
#include "text/text.h"

namespace fovea::tools {

namespace {

constexpr int kMostWorkers = 8;

void add_note(std::string& notes, const std::string& note) { notes += (notes.empty() ? "" : "; ") + note; }

std::string size_text(int width, int height) { return std::to_string(width) + "x" + std::to_string(height); }

}  // namespace

void use_decode_memory(const ModelArguments& arguments) {
  if (arguments.memory_mib > 0) set_decode_memory(static_cast<std::size_t>(arguments.memory_mib) << 20);
}

Pipeline::Pipeline(std::shared_ptr<const Model> model, const ModelCard& card, const PipelineOptions& options)
    : model_(std::move(model)), card_(card), options_(options) {
  check_gradable(*model_, card_);
  const Shape& in = model_->input_shape();
  if (views_turn(options_.views) && in.h() != in.w()) {
    throw Error("the model takes " + in.str() + ": quarter turns need a square, use at most --tta 4");
  }
}

DecodedImage Pipeline::read(const std::string& path, const DecodeOptions& options) const {
  if (!options_.fast_decode) return read_picture(path, options);
  const Shape& in = model_->input_shape();
  return read_reduced_image(path, card_.preprocessing, static_cast<int>(in.w()), static_cast<int>(in.h()), options);
}

DecodedImage Pipeline::decode(const std::uint8_t* data, std::size_t size, const std::string& name,
                              const DecodeOptions& options) const {
  if (!options_.fast_decode) return decode_picture(data, size, name, options);
  const Shape& in = model_->input_shape();
  return decode_reduced_image(data, size, name, card_.preprocessing, static_cast<int>(in.w()), static_cast<int>(in.h()),
                              options);
}

PreparedImage Pipeline::prepare(DecodedImage decoded) const {
  Image& image = decoded.image;
  const Shape& in = model_->input_shape();
  const int width = static_cast<int>(in.w()), height = static_cast<int>(in.h());
  PreparedImage prepared;
  prepared.note = decoded.note;
  if (image.width < kMinSide || image.height < kMinSide) {
    throw Error("the picture is " + size_text(image.width, image.height) + ", too small to be graded");
  }
  if (image.width < width && image.height < height) {
    add_note(prepared.note,
             "the picture (" + size_text(image.width, image.height) + ") is smaller than the network's input");
  }
  prepared.image = apply_steps(std::move(image), reduced_preprocessing(card_.preprocessing, decoded.divisor), width,
                               height, model_->isa());
  return prepared;
}

// Fills batches with the views of the images one after the other, over the borders between images.
void Pipeline::infer(Session& session, std::vector<PreparedImage>& images) const {
  struct Slot {
    PreparedImage* image;
    int view;
  };
  std::vector<Slot> slots;
  const auto run_slots = [&] {
    const auto count = static_cast<int>(slots.size());
    for (int i = 0; i < count; ++i) {
      const auto& [prepared, view] = slots[static_cast<std::size_t>(i)];
      normalise(view == 0 ? prepared->image : view_of(prepared->image, view), card_.preprocessing.normalise,
                session.input(i).data());
    }
    session.run(count);
    for (int i = 0; i < count; ++i) {
      const auto outputs = session.output(i);
      std::vector<double>& sums = slots[static_cast<std::size_t>(i)].image->sums;
      sums.resize(outputs.size(), 0.0);
      for (std::size_t k = 0; k < outputs.size(); ++k) sums[k] += static_cast<double>(outputs[k]);
    }
    slots.clear();
  };

  for (PreparedImage& image : images) {
    if (!image.error.empty()) continue;
    for (int view = 0; view < options_.views; ++view) {
      slots.push_back({&image, view});
      if (static_cast<int>(slots.size()) == options_.batch) run_slots();
    }
  }
  if (!slots.empty()) run_slots();
}

Graded Pipeline::grade(const PreparedImage& prepared) const {
  Graded graded;
  graded.file = prepared.file;
  graded.error = prepared.error;
  if (!graded.error.empty()) return graded;
  graded.note = prepared.note;
  for (const double sum : prepared.sums) {
    graded.outputs.push_back(static_cast<float>(sum / options_.views));
    if (!std::isfinite(graded.outputs.back())) {
      return Graded{"the network's output is not a number", 0, {}, "", prepared.file};
    }
  }
  try {
    graded.grade = decide(card_.decision, graded.outputs.data(), static_cast<int>(graded.outputs.size()));
  } catch (const Error& e) {
    return Graded{e.what(), 0, {}, "", prepared.file};
  }
  return graded;
}

int worker_count(int threads, std::size_t most_needed) {
  return static_cast<int>(
      std::clamp<std::size_t>(most_needed, 1, static_cast<std::size_t>(std::min(threads, kMostWorkers))));
}

std::string without_prefix(const std::string& message, const std::string& name) {
  const std::string prefix = name + ": ";
  return printable(message.starts_with(prefix) ? message.substr(prefix.size()) : message);
}

}  // namespace fovea::tools
