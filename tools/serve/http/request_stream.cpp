// The bytes of a connection, request by request.
#include "tools/serve/http/request_stream.h"

#include <algorithm>
#include <charconv>

#include "tools/serve/http/ascii.h"
#include "tools/serve/http/framing.h"

namespace fovea::tools {

namespace {

// Heads beyond this are refused; the HTTP library behind has room for more.
constexpr std::size_t kLongestHead = 16 * 1024, kLongestRequestLine = 8 * 1024, kMostHeaders = 100;
constexpr std::size_t kLongestChunkSize = 16;  // digits
constexpr std::uint64_t kLargestChunk = std::uint64_t{1} << 40;
constexpr std::string_view kEnd = "\r\n";

bool is_control(char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Printable, and no control character behind a percent sign.
bool is_target(std::string_view target) {
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i] <= ' ' || target[i] >= '\x7f') return false;  // bytes from 128 on are negative
    if (target[i] != '%') continue;
    if (i + 2 >= target.size() || !is_hex(target[i + 1]) || !is_hex(target[i + 2])) return false;
    if (target[i + 1] == '0' || target[i + 1] == '1' || lower_case(target.substr(i + 1, 2)) == "7f") return false;
  }
  return target.starts_with('/') || target == "*";
}

}  // namespace

void RequestStream::fail(const std::string& fault, int status) {
  fault_ = fault;
  status_ = status;
  held_.clear();
}

void RequestStream::take(std::string_view data, std::string& passed) {
  while (!data.empty() && fault_.empty()) data.remove_prefix(take_some(data, passed));
}

// Returns how many bytes it took, one at least.
std::size_t RequestStream::take_some(std::string_view data, std::string& passed) {
  switch (state_) {
    case State::idle:
      ++begun_;
      state_ = State::head;
      [[fallthrough]];
    case State::head:
      take_head(data.front(), passed);
      return 1;
    case State::chunk_size:
      take_chunk_size(data.front(), passed);
      return 1;
    case State::chunk_end:
      take_chunk_end(data.front(), passed);
      return 1;
    case State::body:
    case State::chunk:
      break;
  }
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, data.size()));
  passed.append(data.substr(0, size));
  left_ -= size;
  if (left_ == 0) state_ = state_ == State::body ? State::idle : State::chunk_end;
  return size;
}

void RequestStream::take_head(char c, std::string& passed) {
  const bool after_return = held_.ends_with('\r');
  if (after_return != (c == '\n'))
    return fail(after_return ? "a carriage return is no line end" : "a line feed is no line end");
  if (is_control(c) && c != '\t' && c != '\r' && c != '\n') return fail("the head holds a control character");
  held_ += c;
  if (held_.size() > kLongestHead) return fail("the head is too large", 431);
  if (held_.size() > kLongestRequestLine && held_.find(kEnd) == std::string::npos)
    return fail("the address is too long", 414);
  if (c == '\n' && held_.ends_with("\r\n\r\n")) end_head(passed);
  if (held_ != kEnd) return;
  // Some clients end a form with one line end more.
  if (skipped_) return fail("the request has no first line");
  skipped_ = true;
  held_.clear();
}

void RequestStream::end_head(std::string& passed) {
  read_head();
  if (!fault_.empty()) return;
  passed += held_;
  held_.clear();
  skipped_ = false;
}

void RequestStream::read_request_line(std::string_view line) {
  const std::size_t first = std::min(line.find(' '), line.size()), last = line.rfind(' ');
  const std::string_view version = line.substr(std::min(last, line.size() - 1) + 1);
  if (last == std::string_view::npos || first == last || !is_token(line.substr(0, first))) {
    return fail("the first line is malformed");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return fail("the first line does not name HTTP/1.1 or HTTP/1.0");
  old_ = version == "HTTP/1.0";
  if (!is_target(line.substr(first + 1, last - first - 1))) fail("the address is malformed");
}

void RequestStream::read_head() {
  std::string_view rest = std::string_view(held_).substr(0, held_.size() - kEnd.size());
  const auto next_line = [&] {
    const std::size_t end = rest.find(kEnd);
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + kEnd.size());
    return line;
  };
  read_request_line(next_line());
  Framing framing;
  for (std::size_t count = 0; !rest.empty() && fault_.empty(); ++count) {
    const std::string_view line = next_line();
    const std::size_t colon = line.find(':');
    if (is_blank(line.front())) return fail("a header is continued on another line");
    if (colon == std::string_view::npos) return fail("a header has no colon");
    if (count == kMostHeaders) return fail("more than " + std::to_string(kMostHeaders) + " headers", 431);
    framing.add(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  }
  if (!fault_.empty()) return;
  const std::string problem = framing.problem();
  if (!problem.empty()) return fail(problem);
  const bool chunked = framing.headers.contains("transfer-encoding");
  if (chunked && old_) return fail("HTTP/1.0 has no Transfer-Encoding");
  if (!old_ && !framing.headers.contains("host")) return fail("the header host is missing");
  left_ = framing.length;
  last_chunk_ = false;
  state_ = chunked ? State::chunk_size : left_ > 0 ? State::body : State::idle;
}

void RequestStream::take_chunk_size(char c, std::string& passed) {
  const bool at_end = held_.ends_with('\r');
  if (!at_end && (c == '\r' ? !held_.empty() : is_hex(c) && held_.size() < kLongestChunkSize)) {
    held_ += c;
  } else if (at_end && c == '\n') {
    std::from_chars(held_.data(), held_.data() + held_.size() - 1, left_, 16);
    if (left_ > kLargestChunk) return fail("a chunk is too large", 413);
    passed += held_ + c;
    held_.clear();
    last_chunk_ = left_ == 0;
    state_ = last_chunk_ ? State::chunk_end : State::chunk;
  } else {
    fail("the size of a chunk is malformed");
  }
}

// The line end behind a chunk; behind the last one it stands where trailers would.
void RequestStream::take_chunk_end(char c, std::string& passed) {
  const bool second = !held_.empty();
  if (c != kEnd[second ? 1 : 0]) return fail(last_chunk_ ? "the body has trailers" : "a chunk is longer than its size");
  held_ += c;
  if (!second) return;
  passed += held_;
  held_.clear();
  state_ = last_chunk_ ? State::idle : State::chunk_size;
}

}  // namespace fovea::tools
