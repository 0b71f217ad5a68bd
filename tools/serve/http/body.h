// Takes the body of a request piece by piece, in memory and within limits.
#pragma once

#include <microhttpd.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "tools/serve/http/http.h"

namespace fovea::tools {

struct BodyLimits {
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t files = 16;
  std::size_t all_bytes = std::size_t{512} << 20;  ///< of all requests together
};

/// Bytes that the bodies of all requests hold at the moment.
using BodyBudget = std::atomic<std::size_t>;

/// A form (multipart/form-data) or the bytes as they are. What is wrong is remembered, and the rest is passed over.
class Body {
 public:
  Body(const BodyLimits& limits, BodyBudget& budget) : limits_(limits), budget_(budget) {}
  ~Body();
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  /// Before the first piece. `form` = the content type says multipart/form-data.
  void begin(MHD_Connection* connection, bool form);
  /// False if so much was passed over that the connection must end.
  bool take(const char* data, std::size_t size);
  /// After the last piece.
  void finish();

  int problem() const { return problem_; }  ///< an HTTP status, 0 = none
  const std::string& detail() const { return detail_; }
  std::vector<Upload> take_uploads() { return std::move(uploads_); }

 private:
  static MHD_Result on_part(void* self, MHD_ValueKind kind, const char* key, const char* filename, const char* type,
                            const char* encoding, const char* data, std::uint64_t offset, std::size_t size);
  void add_part(const char* key, bool is_file, const char* data, std::uint64_t offset, std::size_t size);
  void fail(int status, const std::string& detail);
  void append(const char* data, std::size_t size);

  struct DestroyProcessor {
    void operator()(MHD_PostProcessor* processor) const { MHD_destroy_post_processor(processor); }
  };
  BodyLimits limits_;
  BodyBudget& budget_;
  std::unique_ptr<MHD_PostProcessor, DestroyProcessor> processor_;
  bool form_ = false, skipping_ = false;
  std::vector<Upload> uploads_;
  std::size_t seen_ = 0, held_ = 0;
  int problem_ = 0;
  std::string detail_;
};

}  // namespace fovea::tools
