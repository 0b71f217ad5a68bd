// What the server does with uploads: into the queue, and from there onto the record and into an answer.
#include <algorithm>
#include <exception>

#include "tools/serve/app.h"
#include "tools/serve/http/admission.h"
#include "tools/serve/http/problem.h"
#include "tools/serve/results.h"

namespace fovea::tools {

void App::predict(Request& request, const Reply& reply, const std::function<bool()>& gone) {
  GradeRequest job;
  job.heat_map = flag(request, "heatmap");
  job.seen = flag(request, "preprocessed");
  job.gone = gone;
  for (Upload& upload : request.uploads) {
    if (!upload.bytes.empty()) job.files.push_back(std::move(upload.bytes));
  }
  request.uploads.clear();
  if (job.files.empty()) return reply(error(request, 400, "no-picture", "the request holds no picture"));
  // One was counted when the request came.
  const double more = static_cast<double>(job.files.size()) - 1;
  if (more > 0 && !images_.take(limited_as(request.client), more)) {
    return reply(error(request, 429, "rate-limit", "too many pictures in a short time"));
  }
  // The request itself may be gone when the pictures are graded.
  job.done = [this, reply,
              about = Request{request.method, request.path, {}, {}, request.peer, request.client, request.who, {}}](
                 Outcome outcome, const std::vector<GradedPicture>& pictures) {
    try {
      reply(results(about, outcome, pictures));
    } catch (const std::exception& e) {
      reply(problem(500, "internal", e.what()));
    }
  };
  if (!service_.submit(std::move(job))) reply(busy(request));
}

Response App::results(const Request& request, Outcome outcome, const std::vector<GradedPicture>& pictures) {
  switch (outcome) {
    case Outcome::late:
      return error(request, 504, "time-limit", "the request took longer than the server allows");
    case Outcome::gone:
      return error(request, 499, "client-gone", "the client left");
    case Outcome::stopping:
      return error(request, 503, "stopping", "the server stops");
    case Outcome::done:
      break;
  }
  const Pipeline& pipeline = *options_.facts.pipeline;
  if (audit_ != nullptr) {
    try {
      audit_->append("result", audit_entries(pipeline, pictures, request.client, request.who));
    } catch (const std::exception&) {
      return not_recorded(request);  // a grade that is not on record is not given
    }
  }
  if (request.path == kSubmit) return result_page(options_.facts, pictures);
  const bool none = std::all_of(pictures.begin(), pictures.end(),
                                [](const GradedPicture& picture) { return !picture.graded.error.empty(); });
  if (none) {
    const std::string which = pictures.size() == 1 ? "" : "none of the pictures could be graded; the first: ";
    return problem(422, "not-a-picture", which + pictures.front().graded.error);
  }
  return {200, "application/json", results_json(pipeline, pictures), {}};
}

}  // namespace fovea::tools
