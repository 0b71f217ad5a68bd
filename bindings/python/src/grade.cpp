// Pictures to grades: fovea.grade and fovea.prepare.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fovea/card.h>
#include <fovea/self_test.h>
#include <fovea/version.h>
#include "bindings/python/src/arrays.h"
#include "bindings/python/src/card.h"
#include "bindings/python/src/loaded_model.h"
#include "bindings/python/src/picture.h"
#include "bindings/python/src/text.h"
#include "grading/pipeline/pipeline.h"
#include "grading/pipeline/views.h"

namespace fovea::python {

namespace {

using tools::Graded;
using tools::Pipeline;
using tools::PreparedImage;

constexpr const char* kDemoMark = "demo, not for patients";

/// The card that was given, or the model's own.
std::shared_ptr<const ModelCard> card_of(const LoadedModel& model, const std::optional<SharedCard>& given) {
  if (given) return given->card;
  if (!model.card) {
    raise(PyExc_ValueError,
          "no model card says how pictures must be prepared for this model: give card=, or load the "
          "model with one");
  }
  return model.card;
}

/// The network's own examination, once for each card.
void examine(LoadedModel& model, const std::shared_ptr<const ModelCard>& card) {
  if (!card->self_test || model.examined == card) return;
  {
    const nb::gil_scoped_release released;
    check_self_test(*card->self_test, model.network, model.threads);
  }
  model.examined = card;
}

/// What is wrong with one picture is its result's error.
Graded grade_one(const Pipeline& pipeline, Session& session, const Picture& picture) {
  std::vector<PreparedImage> one(1);
  try {
    one[0] = pipeline.prepare(read(picture, pipeline));
  } catch (const std::bad_alloc&) {
    one[0].error = "not enough memory";
  } catch (const std::exception& e) {
    one[0].error = tools::without_prefix(e.what(), picture.name);
  }
  pipeline.infer(session, one);
  return pipeline.grade(one[0]);
}

/// Workers that take one picture after the other, each with a session of its own.
class Workers {
 public:
  Workers(const Pipeline& pipeline, const std::vector<Picture>& pictures, int threads)
      : pipeline_(pipeline), pictures_(pictures), results_(pictures.size()) {
    const int workers = tools::worker_count(threads, pictures.size());
    for (int i = 0; i < workers; ++i) {
      sessions_.emplace_back(pipeline.model(), SessionOptions{pipeline.options().batch, threads / workers});
    }
  }

  /// Until all are graded. The GIL is held by no one meanwhile, but to see whether a signal ends the work.
  std::vector<Graded> run() {
    std::exception_ptr ended;
    {
      const nb::gil_scoped_release released;
      const Halt halt{*this};
      start();
      while (!ended && !finished()) ended = signalled();
    }
    if (ended) std::rethrow_exception(ended);
    if (failure_) std::rethrow_exception(failure_);
    return std::move(results_);
  }

 private:
  /// Whatever ends the work, the workers are told and waited for.
  struct Halt {
    Workers& workers;
    ~Halt() {
      workers.stop_ = true;
      workers.threads_.clear();
    }
  };

  void start() {
    working_ = static_cast<int>(sessions_.size());
    for (Session& session : sessions_) {
      try {
        threads_.emplace_back([this, &session] { work(session); });
      } catch (const std::system_error&) {
        // The system allows no more threads: those there are do the work.
        if (threads_.empty()) throw;
        leave();
      }
    }
  }

  void work(Session& session) noexcept {
    try {
      for (std::size_t i = next_++; i < pictures_.size() && !stop_; i = next_++) {
        results_[i] = grade_one(pipeline_, session, pictures_[i]);
      }
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      failure_ = std::current_exception();
      stop_ = true;
    }
    leave();
  }

  void leave() {
    const std::scoped_lock lock(mutex_);
    --working_;
    done_.notify_one();
  }

  bool finished() {
    std::unique_lock lock(mutex_);
    return done_.wait_for(lock, std::chrono::milliseconds(100), [&] { return working_ == 0; });
  }

  /// What Python raises for a signal that came.
  static std::exception_ptr signalled() {
    const nb::gil_scoped_acquire acquired;
    if (PyErr_CheckSignals() == 0) return nullptr;
    return std::make_exception_ptr(nb::python_error());
  }

  const Pipeline& pipeline_;
  const std::vector<Picture>& pictures_;
  std::vector<Graded> results_;
  std::vector<Session> sessions_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::condition_variable done_;
  int working_ = 0;
  std::exception_ptr failure_;
  std::vector<std::jthread> threads_;
};

nb::object floats(const std::vector<float>& values) {
  const OutputArray array = new_array(Shape{static_cast<std::int64_t>(values.size())});
  std::copy(values.begin(), values.end(), array.data);
  return array.array;
}

/// (grade, outputs, probabilities, note, error)
nb::tuple to_result(const Graded& graded, const ModelCard& card) {
  if (!graded.error.empty()) return nb::make_tuple(nb::none(), nb::none(), nb::none(), "", to_str(graded.error));
  nb::list probabilities;
  for (const double p :
       grade_probabilities(card.decision, graded.outputs.data(), static_cast<int>(graded.outputs.size()))) {
    probabilities.append(p);
  }
  const std::string mark = card.demo ? kDemoMark : "";
  const std::string note = mark + (mark.empty() || graded.note.empty() ? "" : "; ") + graded.note;
  return nb::make_tuple(graded.grade, floats(graded.outputs), nb::tuple(probabilities), to_str(note), "");
}

nb::list grade(LoadedModel& model, const nb::list& objects, const std::optional<SharedCard>& given, nb::handle views,
               nb::handle threads, bool fast_decode, bool accept_damaged) {
  const std::shared_ptr<const ModelCard> card = card_of(model, given);
  const int asked = to_int(threads, "threads", 0, kSessionThreads);
  const Pipeline pipeline(model.network, *card,
                          {.views = to_int(views, "views", 1, tools::kMaxViews), .fast_decode = fast_decode});
  std::vector<Picture> pictures;
  for (const nb::handle object : objects) pictures.push_back(to_picture(object, accept_damaged));
  examine(model, card);
  std::vector<Graded> graded;
  if (pictures.size() == 1) {
    BorrowedSession session(model.sessions, 1);
    {
      const nb::gil_scoped_release released;
      graded.push_back(grade_one(pipeline, *session, pictures[0]));
    }
    session.give_back();
  } else if (!pictures.empty()) {
    const int together = asked != 0 ? asked : model.threads;
    graded = Workers(pipeline, pictures, together != 0 ? together : allowed_threads()).run();
  }
  nb::list results;
  for (const Graded& result : graded) results.append(to_result(result, *card));
  return results;
}

nb::object prepare(LoadedModel& model, const nb::object& object, const std::optional<SharedCard>& given,
                   bool fast_decode, bool accept_damaged) {
  const std::shared_ptr<const ModelCard> card = card_of(model, given);
  const Pipeline pipeline(model.network, *card, {.fast_decode = fast_decode});
  const Picture picture = to_picture(object, accept_damaged);
  const OutputArray input(1, model.network->input_shape());
  {
    const nb::gil_scoped_release released;
    normalise(pipeline.prepare(read(picture, pipeline)).image, card->preprocessing.normalise, input.data);
  }
  return input.array;
}

}  // namespace

void bind_grade(nb::module_& module) {
  module.def("_grade", &grade);
  module.def("_prepare", &prepare);
}

}  // namespace fovea::python
