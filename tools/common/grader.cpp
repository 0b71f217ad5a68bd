// The pipeline of a batch: images are read and prepared in parallel, run through the network in batches, and come out
// in the order of the list.
#include "tools/common/grader.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <new>
#include <system_error>
#include <thread>

#include "layers/error.h"
#include "loaders/image/image.h"
#include "tools/common/text.h"
#include "tools/common/views.h"

namespace fovea::tools {

namespace fs = std::filesystem;

struct Grader::Prepared {
  Image image;  // what the network will see; released once it has
  std::string error;
  std::string note;
  std::exception_ptr fatal;  // no fault of this image: nothing can be saved any more
  std::vector<double> sums;  // of the outputs, over the views
};

namespace {

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

void for_each_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> helpers;
  try {
    for (int i = 1; i < threads && static_cast<std::size_t>(i) < count; ++i) helpers.emplace_back(run);
  } catch (const std::system_error&) {
    // The system allows no more threads: those there are do the work.
  }
  run();
}

Grader::Grader(std::shared_ptr<const Model> model, const ModelCard& card, const GraderOptions& options)
    : model_(std::move(model)),
      card_(card),
      options_(options),
      session_(model_, SessionOptions{options.batch, options.threads}) {
  set_image_threads(1);  // pictures are prepared side by side
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

Grader::Prepared Grader::prepare(const InputItem& item) const {
  Prepared prepared;
  prepared.error = item.error;
  if (!prepared.error.empty()) return prepared;
  try {
    const Shape& in = model_->input_shape();
    const int width = static_cast<int>(in.w()), height = static_cast<int>(in.h());
    const Image image = read_image(item.path);
    if (image.width < kMinSide || image.height < kMinSide) {
      throw Error("the picture is " + size_text(image.width, image.height) + ", too small to be graded");
    }
    if (image.width < width && image.height < height) {
      prepared.note = "the picture (" + size_text(image.width, image.height) + ") is smaller than the network's input";
    }
    prepared.image = apply_steps(image, card_.preprocessing, width, height);
  } catch (const std::bad_alloc&) {
    prepared.error = "not enough memory";
  } catch (const std::exception& e) {
    prepared.error = without_prefix(e.what(), item.path);
  }
  if (!prepared.error.empty() || options_.save_preprocessed.empty()) return prepared;
  try {
    save(prepared.image, options_.save_preprocessed, item.id);
  } catch (const std::exception&) {
    prepared.fatal = std::current_exception();
  }
  return prepared;
}

// Fills batches with the views of the images one after the other, over the borders between images.
void Grader::infer(std::vector<Prepared>& chunk, const std::function<void(std::size_t)>& done,
                   const std::atomic<bool>& stop) {
  struct Slot {
    std::size_t image;
    int view;
  };
  std::vector<Slot> slots;
  std::size_t next_done = 0;
  // Images that could not be prepared are done when all before them are.
  const auto report_until = [&](std::size_t end) {
    while (next_done < end) done(next_done++);
  };
  const auto run_slots = [&] {
    const auto run = static_cast<int>(slots.size());
    for (int i = 0; i < run; ++i) {
      const Slot& slot = slots[static_cast<std::size_t>(i)];
      const Image& image = chunk[slot.image].image;
      normalise(slot.view == 0 ? image : view_of(image, slot.view), card_.preprocessing.normalise,
                session_.input(i).data());
    }
    session_.run(run);
    for (int i = 0; i < run; ++i) {
      const Slot& slot = slots[static_cast<std::size_t>(i)];
      const auto outputs = session_.output(i);
      std::vector<double>& sums = chunk[slot.image].sums;
      sums.resize(outputs.size(), 0.0);
      for (std::size_t k = 0; k < outputs.size(); ++k) sums[k] += static_cast<double>(outputs[k]);
    }
    const Slot last = slots.back();
    slots.clear();
    report_until(last.image + (last.view + 1 == options_.views ? 1 : 0));
  };

  for (std::size_t i = 0; i < chunk.size(); ++i) {
    if (!chunk[i].error.empty()) continue;
    for (int view = 0; view < options_.views; ++view) {
      if (stop) return;
      slots.push_back({i, view});
      if (static_cast<int>(slots.size()) == options_.batch) run_slots();
    }
  }
  if (!slots.empty()) run_slots();
  report_until(chunk.size());
}

Graded Grader::grade(const Prepared& prepared) const {
  Graded graded;
  graded.error = prepared.error;
  if (!graded.error.empty()) return graded;
  graded.note = prepared.note;
  for (const double sum : prepared.sums) {
    graded.outputs.push_back(static_cast<float>(sum / options_.views));
    if (!std::isfinite(graded.outputs.back())) {
      return Graded{"the network's output is not a number", 0, {}, ""};
    }
  }
  graded.grade = decide(card_.decision, graded.outputs.data(), static_cast<int>(graded.outputs.size()));
  return graded;
}

void Grader::run(const std::vector<InputItem>& items, const std::function<void(std::size_t, const Graded&)>& sink,
                 const std::atomic<bool>& stop) {
  // Two images a thread even out their sizes; whole batches leave no partly filled one between chunks.
  const auto batch = static_cast<std::size_t>(options_.batch);
  const std::size_t wanted = 2 * static_cast<std::size_t>(options_.threads);
  const std::size_t chunk_size = (wanted + batch - 1) / batch * batch;
  for (std::size_t first = 0; first < items.size() && !stop; first += chunk_size) {
    std::vector<Prepared> chunk(std::min(chunk_size, items.size() - first));
    for_each_parallel(chunk.size(), options_.threads, [&](std::size_t i) {
      if (!stop) chunk[i] = prepare(items[first + i]);
    });
    if (stop) return;
    for (const Prepared& prepared : chunk) {
      if (prepared.fatal) std::rethrow_exception(prepared.fatal);
    }
    infer(
        chunk,
        [&](std::size_t i) {
          sink(first + i, grade(chunk[i]));
          chunk[i] = Prepared();
        },
        stop);
  }
}

}  // namespace fovea::tools
