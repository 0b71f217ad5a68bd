// What one worker does with a batch of images, and the team of workers.
#include "tools/common/grade/grader.h"

#include <algorithm>
#include <filesystem>
#include <new>
#include <system_error>

#include <fovea/error.h>
#include "pictures/decode/image.h"
#include "text/text.h"
#include "tools/common/grade/in_order.h"

namespace fovea::tools {

namespace fs = std::filesystem;

namespace {

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
    : pipeline_(std::move(model), card, {options.batch, options.views, options.fast_decode}), options_(options) {}

PreparedImage Grader::prepare(const InputItem& item) const {
  PreparedImage prepared;
  const FileStamp file = file_stamp(item.path);
  prepared.error = item.error;
  if (prepared.error.empty()) {
    try {
      prepared =
          pipeline_.prepare(pipeline_.read(item.path, {.page = item.page, .accept_damaged = options_.accept_damaged}));
    } catch (const std::bad_alloc&) {
      prepared.error = "not enough memory";
    } catch (const std::exception& e) {
      prepared.error = without_prefix(e.what(), item.path);
    }
    // That nothing can be saved is no fault of this image: it ends the run.
    if (prepared.error.empty() && !options_.save_preprocessed.empty()) {
      save(prepared.image, options_.save_preprocessed, item.id);
    }
  }
  prepared.file = file;
  return prepared;
}

// Empty if the run was stopped before these were begun.
std::vector<Graded> Grader::process(Session& session, std::span<const InputItem> items,
                                    const std::atomic<bool>& stop) const {
  if (stop) return {};
  std::vector<PreparedImage> images;
  for (const InputItem& item : items) images.push_back(prepare(item));
  pipeline_.infer(session, images);
  std::vector<Graded> results;
  for (std::size_t i = 0; i < images.size(); ++i) {
    results.push_back(pipeline_.grade(images[i]));
    results.back().id = items[i].id;
  }
  return results;
}

void Grader::run(const std::vector<InputItem>& items, const std::function<void(std::size_t, const Graded&)>& sink,
                 const std::atomic<bool>& stop) {
  const std::size_t batch = static_cast<std::size_t>(options_.batch), pieces = (items.size() + batch - 1) / batch;
  const int workers = worker_count(options_.threads, pieces);
  std::vector<Session> sessions;
  for (int i = 0; i < workers; ++i) {
    sessions.emplace_back(pipeline_.model(), SessionOptions{options_.batch, options_.threads / workers});
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
