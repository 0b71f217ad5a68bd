// The workers of the server.
#include "tools/serve/grade_service.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <new>
#include <utility>

#include "base/sha256.h"
#include "pictures/decode/image.h"

namespace fovea::tools {

namespace {

constexpr const char* kName = "picture";  // the only name that a picture has here

}  // namespace

// One request. Each picture's place in `pictures` is written by the one worker that has it; who ends the request first
// answers it.
struct GradeService::Job {
  explicit Job(GradeRequest asked) : request(std::move(asked)), pictures(request.files.size()), left(pictures.size()) {}

  void end(Outcome outcome) {
    if (ended.exchange(true)) return;
    request.done(outcome, outcome == Outcome::done ? std::move(pictures) : std::vector<GradedPicture>());
  }
  /// True if the result is no longer wanted.
  bool abandoned() {
    if (!ended && request.gone && request.gone()) end(Outcome::gone);
    return ended;
  }

  GradeRequest request;
  std::vector<GradedPicture> pictures;
  std::atomic<std::size_t> left;
  std::atomic<bool> ended{false};
  Clock::time_point arrived = Clock::now();
};

GradeService::GradeService(const Pipeline& pipeline, const HeatMaps& heat_maps, const ServiceOptions& options,
                           Metrics& metrics)
    : pipeline_(pipeline), heat_maps_(heat_maps), options_(options), metrics_(metrics) {
  const int workers = worker_count(options.threads, static_cast<std::size_t>(options.threads));
  SessionOptions each{pipeline.options().batch, std::max(1, options.threads / workers)};
  each.keep_last_convolution = heat_maps.available();
  for (int i = 0; i < workers; ++i) sessions_.emplace_back(pipeline.model(), each);
  for (Session& session : sessions_) threads_.emplace_back([this, &session] { work(session); });
}

GradeService::~GradeService() { stop(); }

void GradeService::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  arrived_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  const std::scoped_lock lock(mutex_);
  for (const Item& item : std::exchange(queue_, {})) item.job->end(Outcome::stopping);
}

bool GradeService::submit(GradeRequest request) {
  const auto job = std::make_shared<Job>(std::move(request));
  {
    const std::scoped_lock lock(mutex_);
    if (stop_ || queue_.size() + job->pictures.size() > options_.queue) return false;
    for (std::size_t i = 0; i < job->pictures.size(); ++i) queue_.push_back({job, i});
    std::erase_if(jobs_, [](const std::weak_ptr<Job>& known) { return known.expired(); });
    jobs_.push_back(job);
  }
  arrived_.notify_all();
  return true;
}

std::size_t GradeService::queued() const {
  const std::scoped_lock lock(mutex_);
  return queue_.size();
}

int GradeService::retry_after() const {
  const double each = metrics_.mean(Metrics::Stage::decode) + metrics_.mean(Metrics::Stage::preprocess) +
                      metrics_.mean(Metrics::Stage::inference) / pipeline_.options().batch;
  const double seconds = each * static_cast<double>(queued()) / static_cast<double>(workers());
  return std::clamp(static_cast<int>(std::ceil(seconds)), 1, 60);
}

void GradeService::end_overdue() {
  std::vector<std::shared_ptr<Job>> late;
  {
    const std::scoped_lock lock(mutex_);
    const Clock::time_point now = Clock::now();
    for (const auto& known : jobs_) {
      if (auto job = known.lock(); job && now - job->arrived > options_.time_limit) late.push_back(std::move(job));
    }
    // What nobody waits for makes room.
    std::erase_if(queue_, [&](const Item& item) { return item.job->ended.load(); });
  }
  for (const auto& job : late) job->end(Outcome::late);
}

// A batch of what waits. If it is not full, more may come within a short time.
std::vector<GradeService::Item> GradeService::take() {
  const auto batch = static_cast<std::size_t>(pipeline_.options().batch);
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return stop_ || !queue_.empty(); });
  if (batch > 1 && queue_.size() < batch) {
    arrived_.wait_for(lock, options_.batch_delay, [&] { return stop_ || queue_.size() >= batch; });
  }
  std::vector<Item> items;
  if (stop_) return items;
  const auto count = static_cast<std::ptrdiff_t>(std::min(batch, queue_.size()));
  std::move(queue_.begin(), queue_.begin() + count, std::back_inserter(items));
  queue_.erase(queue_.begin(), queue_.begin() + count);
  return items;
}

void GradeService::work(Session& session) {
  while (true) {
    const std::vector<Item> items = take();
    {
      const std::scoped_lock lock(mutex_);
      if (stop_ && items.empty()) return;
    }
    process(session, items);
  }
}

PreparedImage GradeService::prepare(const Item& item) {
  const std::string& file = item.job->request.files[item.index];
  PreparedImage prepared;
  try {
    const Clock::time_point begun = Clock::now();
    item.job->pictures[item.index].sha256 = sha256_of(file);
    DecodedImage decoded =
        pipeline_.decode(reinterpret_cast<const std::uint8_t*>(file.data()), file.size(), kName, options_.decode);
    const Clock::time_point ready = Clock::now();
    metrics_.time(Metrics::Stage::decode, std::chrono::duration<double>(ready - begun).count());
    prepared = pipeline_.prepare(std::move(decoded));
    metrics_.time(Metrics::Stage::preprocess, std::chrono::duration<double>(Clock::now() - ready).count());
  } catch (const std::bad_alloc&) {
    prepared.error = "not enough memory";
  } catch (const std::exception& e) {
    prepared.error = without_prefix(e.what(), kName);
  }
  return prepared;
}

// `place` is the picture's in the last run. With several views that was a run of another one: then the picture as it is
// runs once more.
void GradeService::explain(Session& session, int place, const GradeRequest& request, const PreparedImage& image,
                           GradedPicture& picture) const {
  if (request.seen) picture.seen = encode_png(image.image);
  if (!request.heat_map) return;
  const ModelCard& card = pipeline_.card();
  if (pipeline_.options().views > 1) {
    normalise(image.image, card.preprocessing.normalise, session.input(0).data());
    session.run(1);
    place = 0;
  }
  picture.heat = heat_maps_.of(session, deciding_output(card.decision, picture.graded.grade), place);
}

void GradeService::infer(Session& session, std::vector<PreparedImage>& images) {
  const auto is_fine = [](const PreparedImage& image) { return image.error.empty(); };
  if (std::none_of(images.begin(), images.end(), is_fine)) return;
  const Clock::time_point begun = Clock::now();
  try {
    pipeline_.infer(session, images);
  } catch (const std::exception&) {  // nothing is thrown there but for want of memory
    for (PreparedImage& image : images) image.error = "not enough memory";
  }
  metrics_.time(Metrics::Stage::inference, std::chrono::duration<double>(Clock::now() - begun).count());
}

void GradeService::process(Session& session, const std::vector<Item>& items) {
  std::vector<Item> wanted;
  for (const Item& item : items) {
    metrics_.time(Metrics::Stage::queue, std::chrono::duration<double>(Clock::now() - item.job->arrived).count());
    if (!item.job->abandoned()) wanted.push_back(item);
  }
  std::vector<PreparedImage> images;
  for (const Item& item : wanted) images.push_back(prepare(item));
  infer(session, images);
  int place = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    Job& job = *wanted[i].job;
    GradedPicture& picture = job.pictures[wanted[i].index];
    picture.graded = pipeline_.grade(images[i]);
    try {
      if (images[i].error.empty()) {
        const int own = place++;
        if (picture.graded.error.empty()) explain(session, own, job.request, images[i], picture);
      }
    } catch (const std::exception& e) {
      picture.graded.error = without_prefix(e.what(), kName);
    }
    metrics_.image(picture.graded.error.empty());
    if (--job.left == 0) job.end(Outcome::done);
  }
}

}  // namespace fovea::tools
