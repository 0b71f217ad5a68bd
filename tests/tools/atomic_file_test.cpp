// A file that appears whole or not at all.
#include "tools/common/files/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include <fovea/error.h>
#include "tests/tools/temporary_folder.h"

namespace fovea::tools {
namespace {

namespace fs = std::filesystem;
using test::leftovers;
using test::message_of;
using test::read_file;
using test::write_file;

TEST(AtomicFile, AppearsOnPublish) {
  const test::TemporaryFolder folder;
  {
    AtomicFile file(folder / "a.csv");
    file.write("one\n");
    file.finish();
    EXPECT_FALSE(fs::exists(folder / "a.csv"));
    file.publish();
    EXPECT_EQ(read_file(folder / "a.csv"), "one\n");
  }
  EXPECT_EQ(read_file(folder / "a.csv"), "one\n");
  EXPECT_EQ(leftovers(folder.path()), 0u);
}

TEST(AtomicFile, WithoutPublishTheEarlierFileStays) {
  const test::TemporaryFolder folder;
  write_file(folder / "a.csv", "earlier");
  {
    AtomicFile file(folder / "a.csv");
    file.write(std::string(200000, 'x'));
    EXPECT_EQ(leftovers(folder.path()), 1u);
  }
  EXPECT_EQ(read_file(folder / "a.csv"), "earlier");
  EXPECT_EQ(leftovers(folder.path()), 0u);
}

TEST(AtomicFile, KeepsTheModeAndTheLink) {
  const test::TemporaryFolder folder;
  write_file(folder / "real.csv", "earlier");
  ::chmod((folder / "real.csv").c_str(), 0640);
  fs::create_symlink(folder / "real.csv", folder / "link.csv");
  AtomicFile file(folder / "link.csv");
  file.write("new");
  file.publish();
  EXPECT_TRUE(fs::is_symlink(folder / "link.csv"));
  EXPECT_EQ(read_file(folder / "real.csv"), "new");
  struct stat status {};
  ASSERT_EQ(::stat((folder / "real.csv").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
}

TEST(AtomicFile, FollowsTheUmask) {
  const test::TemporaryFolder folder;
  AtomicFile file(folder / "a.csv");
  file.publish();
  struct stat made {
  }, plain{};
  write_file(folder / "plain", "");
  ASSERT_EQ(::stat((folder / "a.csv").c_str(), &made), 0);
  ASSERT_EQ(::stat((folder / "plain").c_str(), &plain), 0);
  EXPECT_EQ(made.st_mode, plain.st_mode);
}

TEST(AtomicFile, RefusesWhatCannotBeWritten) {
  const test::TemporaryFolder folder;
  write_file(folder / "file", "");
  const auto error_of = [](const std::string& path) { return message_of<Error>([&] { AtomicFile file(path); }); };
  EXPECT_EQ(error_of(folder / "none/a.csv"), folder / "none/a.csv: its folder does not exist");
  EXPECT_EQ(error_of(folder.path().string()), folder.path().string() + ": is a folder, a file is needed");
  EXPECT_EQ(error_of(folder / "sub/"), folder / "sub/: names a folder, a file is needed");
  EXPECT_TRUE(error_of(folder / "file/a.csv").starts_with(folder / "file/a.csv: ")) << error_of(folder / "file/a.csv");
  EXPECT_TRUE(error_of("/proc/a.csv").starts_with("/proc/a.csv: cannot be written: ")) << error_of("/proc/a.csv");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(AtomicFile, DevicesAreWrittenAndNotReplaced) {
  AtomicFile null("/dev/null");
  EXPECT_FALSE(null.temporary_path().string().starts_with("/dev/"));
  null.write("nothing");
  null.publish();
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  AtomicFile full("/dev/full");
  full.write("something");
  EXPECT_EQ(message_of<Error>([&] { full.publish(); }), "/dev/full: cannot be written: No space left on device");
}

// Stands for a full disk: the system refuses to let any file grow beyond the limit.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limited{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limited);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

TEST(AtomicFile, AFullDiskIsAnErrorAndLosesNothing) {
  const test::TemporaryFolder folder;
  write_file(folder / "a.csv", "earlier");
  {
    const FileSizeLimit limit(4096);
    AtomicFile file(folder / "a.csv");
    const std::string message = message_of<Error>([&] {
      file.write(std::string(10000, 'x'));
      file.finish();
    });
    EXPECT_EQ(message, folder / "a.csv: cannot be written: File too large");
  }
  EXPECT_EQ(read_file(folder / "a.csv"), "earlier");
  EXPECT_EQ(leftovers(folder.path()), 0u);
}

}  // namespace
}  // namespace fovea::tools
