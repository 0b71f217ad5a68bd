// What happens during a run, for machines: one JSON object a line.
#include "tools/predict/json_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>

#include <fovea/error.h>
#include <fovea/version.h>
#include "text/names.h"
#include "text/text.h"
#include "tools/common/files/output_stream.h"
#include "tools/common/files/write_all.h"

namespace fovea::tools {

namespace {

using Json = nlohmann::ordered_json;

constexpr auto kProgressInterval = std::chrono::seconds(1);

// Text that is no UTF-8 (file names) is replaced where it is broken.
std::string line_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace

void JsonLog::open(const std::string& where) {
  path_ = where;
  if (path_.empty()) return;
  if (on_stderr()) {
    descriptor_ = STDERR_FILENO;
    return;
  }
  refuse_foreign_links(path_);
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    throw Error(printable(path_) + ": cannot be written: " + std::generic_category().message(errno));
  }
}

JsonLog::~JsonLog() {
  if (descriptor_ >= 0 && !on_stderr()) ::close(descriptor_);
}

void JsonLog::write(const std::string& line) {
  const int error = write_all(descriptor_, line);
  if (error == 0 || on_stderr()) return;  // as with the progress bar, nobody has to look
  ::close(descriptor_);
  descriptor_ = -1;
  throw Error(printable(path_) + ": cannot be written: " + std::generic_category().message(error));
}

void JsonLog::start(const RunRecord& record) {
  if (descriptor_ < 0) return;
  write(line_of({{"event", "start"},
                 {"time", utc_text(record.started)},
                 {"seconds", seconds()},
                 {"fovea_version", version()},
                 {"model", utf8_name(record.model->provenance().file)},
                 {"sha256", record.model->provenance().sha256},
                 {"demo", record.card->demo},
                 {"isa", record.model->isa()},
                 {"threads", record.threads},
                 {"batch", record.batch},
                 {"images", record.images},
                 {"resumed", record.resumed}}));
}

void JsonLog::image(std::size_t index, const InputItem& item, const Graded& graded) {
  ++(graded.error.empty() ? graded_ : failed_);
  if (descriptor_ < 0) return;
  Json json{
      {"event", "image"}, {"seconds", seconds()}, {"index", index}, {"id", item.id}, {"path", utf8_name(item.path)}};
  if (graded.error.empty()) {
    json["grade"] = graded.grade;
    if (!graded.note.empty()) json["note"] = graded.note;
  } else {
    json["error"] = graded.error;
  }
  write(line_of(json));
}

void JsonLog::progress(std::size_t done, std::size_t total, std::size_t failed, std::size_t resumed) {
  const Clock::time_point now = Clock::now();
  if (descriptor_ < 0 || now - last_progress_ < kProgressInterval) return;
  last_progress_ = now;
  const double rate = static_cast<double>(done - resumed) / seconds();  // null in JSON where no time has passed
  Json json{{"event", "progress"}, {"seconds", seconds()}, {"done", done},
            {"images", total},     {"failed", failed},     {"images_per_second", done > resumed ? Json(rate) : Json()}};
  if (rate > 0) json["seconds_left"] = static_cast<double>(total - done) / rate;
  write(line_of(json));
}

void JsonLog::end(const std::string& status, int exit_code, const std::string& message) {
  if (descriptor_ < 0) return;
  Json json{{"event", "end"},    {"seconds", seconds()}, {"status", status},
            {"graded", graded_}, {"failed", failed_},    {"exit_code", exit_code}};
  if (!message.empty()) json["message"] = message;
  write(line_of(json));
}

}  // namespace fovea::tools
