// The bytes of a connection, request by request: only what nobody can read in two ways goes through.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fovea::tools {

/// RFC 9112 without what it lets servers tolerate: a head ends at its first empty line, lines end with CR LF, no line
/// continues another, names stand at their colon, no control character is anywhere, a body has one length or is chunked
/// in HTTP/1.1, chunks have a size and nothing else, and no trailers follow. Where two programs read differently where
/// a request ends, one of them takes a part of it for the next request (request smuggling).
class RequestStream {
 public:
  /// Appends to `passed` what may go on of `data`: heads only whole. Nothing goes through from the first fault on.
  void take(std::string_view data, std::string& passed);

  /// What is wrong, "" = nothing.
  const std::string& fault() const { return fault_; }
  /// The HTTP status for it.
  int status() const { return status_; }
  /// Requests that were begun, a faulty one included.
  std::size_t begun() const { return begun_; }

 private:
  enum class State { idle, head, body, chunk_size, chunk, chunk_end };

  std::size_t take_some(std::string_view data, std::string& passed);
  void take_head(char c, std::string& passed);
  void take_chunk_size(char c, std::string& passed);
  void take_chunk_end(char c, std::string& passed);
  void end_head(std::string& passed);
  void read_head();
  void read_request_line(std::string_view line);
  void fail(const std::string& fault, int status = 400);

  State state_ = State::idle;
  std::string held_;                       // of a head or of a chunk's line, until it is whole
  std::uint64_t left_ = 0;                 // bytes of the body or chunk
  bool last_chunk_ = false, old_ = false;  // old = HTTP/1.0
  bool skipped_ = false;                   // an empty line before the head
  std::size_t begun_ = 0;
  std::string fault_;
  int status_ = 400;
};

}  // namespace fovea::tools
