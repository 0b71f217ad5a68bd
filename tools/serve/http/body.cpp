// Takes the body of a request piece by piece, in memory and within limits.
#include "tools/serve/http/body.h"

#include <utility>

namespace fovea::tools {

namespace {

// For the form's boundaries and the headers of its parts; a longer one is an error.
constexpr std::size_t kFormBuffer = 8192;
// Of a body that is too large, what is still read so that the answer can be sent.
constexpr std::size_t kPassedOver = std::size_t{4} << 20;

}  // namespace

Body::~Body() { budget_ -= held_; }

void Body::begin(MHD_Connection* connection, bool form) {
  form_ = form;
  if (!form) return;
  processor_.reset(MHD_create_post_processor(connection, kFormBuffer, &Body::on_part, this));
  if (!processor_) fail(400, "the form's boundary is missing or malformed");
}

void Body::fail(int status, const std::string& detail) {
  if (problem_ != 0) return;
  problem_ = status;
  detail_ = detail;
  budget_ -= held_;
  held_ = 0;
  uploads_.clear();
  uploads_.shrink_to_fit();
}

bool Body::take(const char* data, std::size_t size) {
  seen_ += size;
  if (seen_ > limits_.bytes) fail(413, "the body is larger than " + std::to_string(limits_.bytes) + " bytes");
  if (problem_ != 0) return seen_ <= limits_.bytes + kPassedOver;
  if (!form_) {
    if (uploads_.empty()) uploads_.emplace_back();
    append(data, size);
  } else if (MHD_post_process(processor_.get(), data, size) != MHD_YES) {
    fail(400, "the form is malformed");
  }
  return true;
}

void Body::finish() {
  if (!processor_) return;
  // The library says here whether the last boundary was there.
  if (MHD_destroy_post_processor(processor_.release()) != MHD_YES) fail(400, "the form ends too early");
}

void Body::append(const char* data, std::size_t size) {
  // Counted first, so that bodies that come at the same time cannot pass the limit together.
  if ((budget_ += size) > limits_.all_bytes) {
    budget_ -= size;
    fail(503, "too many uploads at a time");
    return;
  }
  held_ += size;
  uploads_.back().bytes.append(data, size);
}

MHD_Result Body::on_part(void* self, MHD_ValueKind, const char* key, const char* filename, const char*, const char*,
                         const char* data, std::uint64_t offset, std::size_t size) {
  try {
    auto* body = static_cast<Body*>(self);
    if (body->problem_ == 0) body->add_part(key, filename != nullptr, data, offset, size);
    return MHD_YES;
  } catch (...) {  // the caller is C
    return MHD_NO;
  }
}

// Any part with a file's name is a picture, whatever its field is called. The name itself is not looked at. The library
// may tell of a part's beginning twice, without a byte at first: what is empty makes place for the next.
void Body::add_part(const char* key, bool is_file, const char* data, std::uint64_t offset, std::size_t size) {
  if (offset == 0) {
    skipping_ = !is_file;
    if (is_file && !uploads_.empty() && uploads_.back().bytes.empty()) {
      uploads_.back().field = key != nullptr ? key : "";
    } else if (is_file) {
      if (uploads_.size() == limits_.files) {
        fail(413, "more than " + std::to_string(limits_.files) + " files in one request");
        return;
      }
      uploads_.push_back({key != nullptr ? key : "", ""});
    }
  }
  if (!skipping_ && size > 0 && !uploads_.empty()) append(data, size);
}

}  // namespace fovea::tools
