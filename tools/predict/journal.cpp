// What an unfinished run has found so far, kept beside its output so that it can go on after a crash or a power cut.
#include "tools/predict/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <system_error>

#include <fovea/error.h>
#include "text/text.h"
#include "tools/common/files/atomic_file.h"
#include "tools/common/files/line_reader.h"
#include "tools/common/files/output_stream.h"
#include "tools/common/files/write_all.h"

namespace fovea::tools {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestLine = std::size_t{16} << 20;  // two million outputs
// Between two calls of fsync: long beside the call itself, short beside what is lost.
constexpr auto kSyncInterval = std::chrono::seconds(2);

std::string short_value(const std::string& value) {
  constexpr std::size_t kShown = 40;
  return value.size() <= kShown ? "'" + value + "'" : "'" + value.substr(0, 12) + "...'";
}

bool is_of_list(const std::string& name) { return name == kImageCountName || name == kImageListName; }

// "model was 'a' and is 'b', ..."; empty if there is no difference.
std::string difference(const RunIdentity& then, const RunIdentity& now, bool with_list) {
  const auto value = [](const RunIdentity& identity, const std::string& name) {
    const auto found = std::find_if(identity.begin(), identity.end(), [&](const auto& f) { return f.first == name; });
    return found == identity.end() ? std::string("unknown") : found->second;
  };
  std::string text;
  for (const auto& [name, current] : now) {
    if (!with_list && is_of_list(name)) continue;
    const std::string before = value(then, name);
    if (before != current) {
      text += (text.empty() ? "" : ", ") + name + " was " + short_value(before) + " and is " + short_value(current);
    }
  }
  return text.empty() && then.size() != now.size() ? "it was written by another version of fovea" : text;
}

}  // namespace

void Journal::check(const fs::path& path, JournalStart start) {
  std::error_code error;
  if (path.empty() || start != JournalStart::fresh || !fs::exists(fs::symlink_status(path, error))) return;
  throw Error(printable(path.string()) +
              ": an earlier run was not finished; --resume goes on with it, --restart begins anew");
}

Journal::Journal(const fs::path& path, JournalStart start, const RunIdentity& identity, const JournalShape& shape)
    : path_(path), shape_(shape) {
  check(path, start);
  try {
    open(start);
    LineReader reader(descriptor_, kLongestLine);
    const std::optional<std::string_view> first = reader.next();
    const std::int64_t size = ::lseek(descriptor_, 0, SEEK_END);
    std::string head(kJournalMagic.size(), '\0');
    head.resize(static_cast<std::size_t>(std::max<ssize_t>(0, ::pread(descriptor_, head.data(), head.size(), 0))));
    if (!kJournalMagic.starts_with(head)) fail("is no journal of batch-predict; it is left as it is");
    // Without its whole first line nothing was recorded.
    const bool goes_on = start == JournalStart::resume || start == JournalStart::add;
    if (goes_on && first) {
      resume(identity, start);
    } else if (goes_on && size > static_cast<std::int64_t>(kLongestLine)) {
      fail("its first line is damaged; --restart begins anew");
    } else {
      begin(identity);
    }
  } catch (const std::system_error& e) {
    ::close(descriptor_);
    throw Error(printable(path_.string()) + ": cannot be read: " + e.code().message());
  } catch (...) {
    if (descriptor_ >= 0) ::close(descriptor_);
    throw;
  }
}

Journal::~Journal() {
  if (descriptor_ < 0) return;
  if (ids_.empty() && !path_.empty()) ::unlink(path_.c_str());
  ::close(descriptor_);
}

void Journal::fail(const std::string& reason) const {
  throw Error((path_.empty() ? "the journal" : printable(path_.string())) + ": " + reason);
}

void Journal::fail_to_write(int error) const { fail("cannot be written: " + std::generic_category().message(error)); }

void Journal::open(JournalStart start) {
  if (path_.empty()) {
    std::string name = (fs::temp_directory_path() / "fovea-XXXXXX").string();
    descriptor_ = ::mkostemp(name.data(), O_APPEND | O_CLOEXEC);
    if (descriptor_ < 0)
      throw Error(printable(name) + ": cannot be written: " + std::generic_category().message(errno));
    ::unlink(name.c_str());
    return;
  }
  refuse_foreign_links(path_);
  // Neither a link nor a pipe that somebody put there is followed or waited for.
  const int exclusive = start == JournalStart::fresh ? O_EXCL : 0;
  descriptor_ =
      ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | exclusive, 0666);
  if (descriptor_ < 0) fail_to_write(errno);
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) fail("is not a regular file");
  // A file system without locks is no reason to grade nothing.
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) fail("is in use by another run");
}

void Journal::begin(const RunIdentity& identity) {
  if (::ftruncate(descriptor_, 0) != 0) fail_to_write(errno);
  try {
    write(header_line(identity));
    sync();
  } catch (const Error&) {
    if (!path_.empty()) ::unlink(path_.c_str());
    throw;
  }
  if (!path_.empty()) sync_folder(path_.parent_path());
}

void Journal::resume(const RunIdentity& identity, JournalStart start) {
  LineReader reader(descriptor_, kLongestLine);
  const std::optional<std::string_view> header = unsealed(*reader.next());
  if (!header) fail("its first line is damaged; --restart begins anew");
  RunIdentity then;
  try {
    then = parse_header(*header);
  } catch (const Error& e) {
    fail(std::string(e.what()) + "; --restart begins anew");
  }
  const std::string differs = difference(then, identity, start != JournalStart::add);
  const bool only_list = difference(then, identity, false).empty();
  if (!differs.empty()) {
    fail("is of another run: " + differs + (only_list ? "; --resume=add goes on with another list" : "") +
         "; --restart begins anew");
  }

  // More may have been graded than a list has that is shorter now.
  JournalShape shape = shape_;
  if (start == JournalStart::add) shape.images = std::numeric_limits<std::size_t>::max();
  end_ = reader.offset();
  for (std::optional<std::string_view> line = reader.next(); line; line = reader.next()) {
    const std::optional<std::string_view> record = unsealed(*line);
    if (!record) break;
    try {
      ids_.push_back(parse_record(*record, size(), shape).id);
    } catch (const Error& e) {
      fail("line " + std::to_string(size() + 2) + " is no result of this run: " + e.what() + "; --restart begins anew");
    }
    end_ = reader.offset();
  }
  if (::ftruncate(descriptor_, end_) != 0) fail_to_write(errno);
}

void Journal::read(const std::function<void(std::size_t, const Graded&)>& visit) const {
  LineReader reader(descriptor_, kLongestLine);
  const auto next = [&]() -> std::optional<std::string_view> {
    const std::optional<std::string_view> line = reader.next();
    return line ? unsealed(*line) : std::nullopt;
  };
  next();
  JournalShape shape = shape_;
  shape.images = size();
  for (std::size_t index = 0; index < size(); ++index) {
    const std::optional<std::string_view> record = next();
    if (!record) fail("was changed by somebody else");
    visit(index, parse_record(*record, index, shape));
  }
}

void Journal::keep_only(const RunIdentity& identity, const std::function<bool(const Graded&)>& keep) {
  AtomicFile file(path_);
  std::vector<std::string> ids;
  file.write(header_line(identity));
  read([&](std::size_t, const Graded& graded) {
    if (!keep(graded)) return;
    file.write(record_line(ids.size(), graded));
    ids.push_back(graded.id);
  });
  file.publish();
  ::close(descriptor_);
  descriptor_ = -1;
  open(JournalStart::add);
  end_ = ::lseek(descriptor_, 0, SEEK_END);
  ids_ = std::move(ids);
}

void Journal::append(const Graded& graded) {
  write(record_line(size(), graded));
  ids_.push_back(graded.id);
  if (std::chrono::steady_clock::now() - synced_ >= kSyncInterval) sync();
}

void Journal::write(const std::string& line) {
  if (line.size() > kLongestLine) fail("cannot be written: one result is too large");
  if (const int error = write_all(descriptor_, line); error != 0) {
    // What cannot be taken back is cut off as a torn line when the run goes on.
    [[maybe_unused]] const int ignored = ::ftruncate(descriptor_, end_);
    fail_to_write(error);
  }
  end_ += static_cast<std::int64_t>(line.size());
}

void Journal::sync() {
  if (const int error = sync_all(descriptor_); error != 0) fail_to_write(error);
  synced_ = std::chrono::steady_clock::now();
}

void Journal::remove() {
  if (!path_.empty()) ::unlink(path_.c_str());
  ::close(descriptor_);
  descriptor_ = -1;
  if (!path_.empty()) sync_folder(path_.parent_path());
}

}  // namespace fovea::tools
