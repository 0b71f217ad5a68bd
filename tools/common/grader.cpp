// What one worker does with a batch of images, and the team of workers.
#include "tools/common/grader.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <new>
#include <system_error>

#include "layers/error.h"
#include "loaders/image/image.h"
#include "tools/common/in_order.h"
#include "tools/common/text.h"
#include "tools/common/views.h"

namespace fovea::tools {

namespace fs = std::filesystem;

struct Grader::Prepared {
  Image image;  // what the network will see; released once it has
  std::string error;
  std::string note;
  FileStamp file;
  std::vector<double> sums;  // of the outputs, over the views
};

namespace {

// More threads than this work together on one image: a session each would take more memory than it gains time.
constexpr int kMostWorkers = 8;

std::string size_text(int width, int height) { return std::to_string(width) + "x" + std::to_string(height); }

// Messages of the image loader start with the path; results carry it in a column of its own.
std::string without_prefix(const std::string& message, const std::string& path) {
  const std::string prefix = path + ": ";
  return printable(message.starts_with(prefix) ? message.substr(prefix.size()) : message);
}

void save(const Image& image, const std::string& folder, const std::string& id) {
  const fs::path path = fs::path(folder) / (id + ".png");
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) throw Error(printable(path.string()) + ": its folder cannot be made: " + error.message());
  try {
    write_png(image, path.string());
  } catch (const Error& e) {
    // The PNG library does not say why it could not write.
    const fs::space_info space = fs::space(path.parent_path(), error);
    const bool full = !error && space.available < image.pixels.size();
    throw Error(printable(e.what()) + (full ? " (no space left on the device)" : ""));
  }
}

}  // namespace

Grader::Grader(std::shared_ptr<const Model> model, const ModelCard& card, const GraderOptions& options)
    : model_(std::move(model)), card_(card), options_(options) {
  const Shape& in = model_->input_shape();
  if (in.rank() != 3 || in.c() != 3) {
    throw Error("the model takes " + in.str() + ", not a colour picture (height x width x 3)");
  }
  if (model_->output_shape().rank() != 1) {
    throw Error("the model returns " + model_->output_shape().str() + ", not one number a class");
  }
  check_outputs(card_, static_cast<int>(model_->output_shape().elements()));
  if (views_turn(options_.views) && in.h() != in.w()) {
    throw Error("the model takes " + in.str() + ": quarter turns need a square, use at most --tta 4");
  }
}

ReducedImage Grader::read(const std::string& path, int width, int height) const {
  if (options_.fast_decode) return read_reduced_image(path, card_.preprocessing, width, height);
  return {read_image(path), 1};
}

Grader::Prepared Grader::prepare(const InputItem& item) const {
  Prepared prepared;
  prepared.file = file_stamp(item.path);
  prepared.error = item.error;
  if (!prepared.error.empty()) return prepared;
  try {
    const Shape& in = model_->input_shape();
    const int width = static_cast<int>(in.w()), height = static_cast<int>(in.h());
    auto [image, divisor] = read(item.path, width, height);
    if (image.width < kMinSide || image.height < kMinSide) {
      throw Error("the picture is " + size_text(image.width, image.height) + ", too small to be graded");
    }
    if (image.width < width && image.height < height) {
      prepared.note = "the picture (" + size_text(image.width, image.height) + ") is smaller than the network's input";
    }
    prepared.image = apply_steps(std::move(image), reduced_preprocessing(card_.preprocessing, divisor), width, height);
  } catch (const std::bad_alloc&) {
    prepared.error = "not enough memory";
  } catch (const std::exception& e) {
    prepared.error = without_prefix(e.what(), item.path);
  }
  // That nothing can be saved is no fault of this image: it ends the run.
  if (prepared.error.empty() && !options_.save_preprocessed.empty()) {
    save(prepared.image, options_.save_preprocessed, item.id);
  }
  return prepared;
}

// Fills batches with the views of the images one after the other, over the borders between images.
void Grader::infer(Session& session, std::vector<Prepared>& images) const {
  struct Slot {
    Prepared* image;
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

  for (Prepared& image : images) {
    if (!image.error.empty()) continue;
    for (int view = 0; view < options_.views; ++view) {
      slots.push_back({&image, view});
      if (static_cast<int>(slots.size()) == options_.batch) run_slots();
    }
  }
  if (!slots.empty()) run_slots();
}

Graded Grader::grade(const Prepared& prepared) const {
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
  graded.grade = decide(card_.decision, graded.outputs.data(), static_cast<int>(graded.outputs.size()));
  return graded;
}

// Empty if the run was stopped before these were begun.
std::vector<Graded> Grader::process(Session& session, std::span<const InputItem> items,
                                    const std::atomic<bool>& stop) const {
  if (stop) return {};
  std::vector<Prepared> images;
  for (const InputItem& item : items) images.push_back(prepare(item));
  infer(session, images);
  std::vector<Graded> results;
  for (const Prepared& image : images) results.push_back(grade(image));
  return results;
}

void Grader::run(const std::vector<InputItem>& items, const std::function<void(std::size_t, const Graded&)>& sink,
                 const std::atomic<bool>& stop) {
  const std::size_t batch = static_cast<std::size_t>(options_.batch), pieces = (items.size() + batch - 1) / batch;
  const int workers = static_cast<int>(std::clamp<std::size_t>(pieces, 1, std::min(options_.threads, kMostWorkers)));
  std::vector<Session> sessions;
  for (int i = 0; i < workers; ++i) {
    sessions.emplace_back(model_, SessionOptions{options_.batch, options_.threads / workers});
  }
  in_order<std::vector<Graded>>(
      pieces, workers,
      [&](std::size_t piece, int worker) {
        const std::size_t first = piece * batch;
        return process(sessions[static_cast<std::size_t>(worker)],
                       std::span(items).subspan(first, std::min(batch, items.size() - first)), stop);
      },
      [&](std::size_t piece, const std::vector<Graded>& results) {
        for (std::size_t i = 0; i < results.size(); ++i) sink(piece * batch + i, results[i]);
        return !results.empty();
      });
}

}  // namespace fovea::tools
