// The journal: what it keeps, and what becomes of one that was torn, damaged, forged or of another run.
#include "tools/predict/journal.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <bit>
#include <cmath>
#include <csignal>
#include <limits>
#include <memory>

#include <fovea/error.h>
#include "base/sha256.h"
#include "tests/tools/temporary_folder.h"

namespace fovea::tools {
namespace {

namespace fs = std::filesystem;
using test::message_of;
using test::read_file;
using test::write_file;

const RunIdentity kIdentity{{"fovea", "0.1.0"}, {"model", std::string(64, 'a')}, {"--tta", "1"}};
constexpr JournalShape kShape{5, 3, 3};

/// Results with everything that is hard to write down.
std::vector<Graded> results() {
  const float odd = std::bit_cast<float>(0x3eaaaaabu), tiny = std::numeric_limits<float>::denorm_min();
  return {{"", 2, {odd, tiny, -0.0f}, "", {123456789012, 1764000000123456789}, "a"},
          {"", 0, {std::nextafter(1.0f, 0.0f), 0, 3e38f}, "small; 100 %41\t\x01\xff\n", {7, -5}, "b/\n%41\xff"},
          {"cannot be read\nreally:\r\t%", 0, {}, "", {}, "c"},
          {"", 1, {0, 1, 0}, "", {0, 0}, "d#2"}};
}

void expect_equal(const Graded& a, const Graded& b) {
  EXPECT_EQ(a.error, b.error);
  EXPECT_EQ(a.grade, b.grade);
  EXPECT_EQ(a.note, b.note);
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.file, b.file);
  ASSERT_EQ(a.outputs.size(), b.outputs.size());
  for (std::size_t i = 0; i < a.outputs.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint32_t>(a.outputs[i]), std::bit_cast<std::uint32_t>(b.outputs[i]));
  }
}

class JournalTest : public ::testing::Test {
 protected:
  std::string file() const { return folder_ / "labels.csv.journal"; }
  std::unique_ptr<Journal> open(JournalStart start, const RunIdentity& identity = kIdentity) const {
    return std::make_unique<Journal>(file(), start, identity, kShape);
  }
  std::string refusal(JournalStart start, const RunIdentity& identity = kIdentity) const {
    const std::string message = message_of<Error>([&] { open(start, identity); });
    EXPECT_TRUE(message.empty() || message.starts_with(file() + ": ")) << message;
    return message.substr(std::min(message.size(), file().size() + 2));
  }
  /// The bytes of a journal with all results.
  std::string whole() const {
    {
      const auto journal = open(JournalStart::restart);
      for (const Graded& graded : results()) journal->append(graded);
    }
    return read_file(file());
  }
  static void expect_results(const Journal& journal, std::size_t count) {
    const std::vector<Graded> expected = results();
    std::size_t seen = 0;
    journal.read([&](std::size_t index, const Graded& graded) {
      EXPECT_EQ(index, seen++);
      expect_equal(graded, expected.at(index));
    });
    EXPECT_EQ(seen, count);
    EXPECT_EQ(journal.size(), count);
  }
  test::TemporaryFolder folder_;
};

// A line with a checksum that fits.
std::string sealed(const std::string& body) { return body + '\t' + sha256_of(body).substr(0, 16) + '\n'; }

TEST_F(JournalTest, KeepsEveryBitInOrder) {
  whole();
  const auto journal = open(JournalStart::resume);
  expect_results(*journal, 4);
  journal->append(results()[3]);
  EXPECT_EQ(journal->size(), 5u);
}

TEST_F(JournalTest, TornAtAnyByteItLosesOneLineAndGoesOn) {
  const std::string bytes = whole();
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\n') ends.push_back(i + 1);
  }
  ASSERT_EQ(ends.size(), 5u);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    SCOPED_TRACE(size);
    write_file(file(), bytes.substr(0, size));
    std::size_t kept = 0;
    while (kept < 4 && ends[kept + 1] <= size) ++kept;
    const auto journal = open(JournalStart::resume);
    expect_results(*journal, kept);
    for (std::size_t i = kept; i < 4; ++i) journal->append(results()[i]);
    expect_results(*journal, 4);
    EXPECT_EQ(read_file(file()), bytes);
  }
}

TEST_F(JournalTest, AChangedByteNeverPasses) {
  const std::string bytes = whole();
  const std::size_t header = bytes.find('\n') + 1;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char flip : {'\x01', '\x80'}) {
      SCOPED_TRACE(std::to_string(at) + " ^ " + std::to_string(flip));
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      write_file(file(), damaged);
      if (at < header) {
        const std::string reason = refusal(JournalStart::resume);
        EXPECT_NE(reason.find(at < kJournalMagic.size() ? "is no journal" : "is damaged"), std::string::npos) << reason;
        EXPECT_EQ(read_file(file()), damaged);
      } else {
        const auto journal = open(JournalStart::resume);
        expect_results(*journal, static_cast<std::size_t>(std::count(&bytes[header], &bytes[at], '\n')));
      }
    }
  }
}

TEST_F(JournalTest, AfterAPowerCutZerosAndRubbishAreCutOff) {
  const std::string bytes = whole();
  for (const std::string& tail : {std::string(100000, '\0'), std::string(5000, '\n'), std::string(300000, 'x') + "\n",
                                  std::string("4\t"), std::string(std::size_t{20} << 20, 'y')}) {
    write_file(file(), bytes + tail);
    expect_results(*open(JournalStart::resume), 4);
    EXPECT_EQ(read_file(file()), bytes);
  }
}

TEST_F(JournalTest, WhatIsThereIsNeverOverwrittenUnasked) {
  const std::string bytes = whole();
  EXPECT_EQ(refusal(JournalStart::fresh),
            "an earlier run was not finished; --resume goes on with it, --restart begins anew");
  EXPECT_EQ(read_file(file()), bytes);
  EXPECT_EQ(open(JournalStart::restart)->size(), 0u);
}

TEST_F(JournalTest, WithoutAJournalResumeBeginsAndAnEmptyOneGoes) {
  { EXPECT_EQ(open(JournalStart::resume)->size(), 0u); }
  EXPECT_FALSE(fs::exists(file()));
  {
    const auto journal = open(JournalStart::fresh);
    EXPECT_TRUE(fs::exists(file()));
    journal->append(results()[0]);
  }
  EXPECT_TRUE(fs::exists(file()));
  open(JournalStart::resume)->remove();
  EXPECT_FALSE(fs::exists(file()));
}

TEST_F(JournalTest, AnotherRunIsRefusedByName) {
  const std::string bytes = whole();
  RunIdentity other = kIdentity;
  other[2].second = "4";
  EXPECT_EQ(refusal(JournalStart::resume, other), "is of another run: --tta was '1' and is '4'; --restart begins anew");
  other[1].second = std::string(64, 'b');
  EXPECT_EQ(refusal(JournalStart::resume, other),
            "is of another run: model was 'aaaaaaaaaaaa...' and is 'bbbbbbbbbbbb...', --tta was '1' and is '4'; "
            "--restart begins anew");
  other = kIdentity;
  other.emplace_back("--new", "x");
  EXPECT_NE(refusal(JournalStart::resume, other).find("--new was 'unknown' and is 'x'"), std::string::npos);
  other = kIdentity;
  other.pop_back();
  EXPECT_NE(refusal(JournalStart::resume, other).find("another version"), std::string::npos);
  EXPECT_EQ(read_file(file()), bytes);
}

TEST_F(JournalTest, ForeignFilesAreLeftAlone) {
  for (const std::string& text : {std::string("a letter\n"), std::string("x"), std::string("fovea-journey 1\tx\n"),
                                  std::string(40, '\0'), std::string(std::size_t{20} << 20, 'z')}) {
    write_file(file(), text);
    for (const JournalStart start : {JournalStart::resume, JournalStart::restart}) {
      EXPECT_EQ(refusal(start), "is no journal of batch-predict; it is left as it is");
    }
    EXPECT_EQ(read_file(file()), text);
  }
  write_file(file(), sealed("fovea-journal 1\tmodel=x"));
  EXPECT_EQ(refusal(JournalStart::resume), "was written by another version of fovea; --restart begins anew");
  write_file(file(), std::string(kJournalMagic) + std::string(std::size_t{20} << 20, 'z'));
  EXPECT_EQ(refusal(JournalStart::resume), "its first line is damaged; --restart begins anew");
  write_file(file(), sealed("fovea-journal 2\tmodel"));
  EXPECT_NE(refusal(JournalStart::resume), "");
}

TEST_F(JournalTest, OnlyRegularFilesAreOpened) {
  write_file(folder_ / "victim", "fovea-journal 1");
  fs::create_symlink(folder_ / "victim", file());
  EXPECT_NE(refusal(JournalStart::restart), "");
  EXPECT_EQ(read_file(folder_ / "victim"), "fovea-journal 1");
  fs::remove(file());
  fs::create_directory(file());
  EXPECT_NE(refusal(JournalStart::restart), "");
  EXPECT_EQ(message_of<Error>([&] { Journal("/dev/null", JournalStart::restart, kIdentity, kShape); }),
            "/dev/null: is not a regular file");
}

TEST_F(JournalTest, AnotherListIsTakenWhereThatIsAsked) {
  RunIdentity first = kIdentity, second = kIdentity;
  first.emplace_back(kImageListName, "x");
  second.emplace_back(kImageListName, "y");
  {
    const auto journal = open(JournalStart::fresh, first);
    for (const Graded& graded : results()) journal->append(graded);
  }
  EXPECT_EQ(refusal(JournalStart::resume, second),
            "is of another run: the list of images was 'x' and is 'y'; "
            "--resume=add goes on with another list; --restart begins anew");
  RunIdentity other = second;
  other[2].second = "4";
  EXPECT_EQ(refusal(JournalStart::add, other), "is of another run: --tta was '1' and is '4'; --restart begins anew");
  {
    const auto journal = open(JournalStart::add, second);
    expect_results(*journal, 4);
    journal->keep_only(second, [](const Graded& graded) { return graded.error.empty(); });
    EXPECT_EQ(journal->ids(), (std::vector<std::string>{"a", "b/\n%41\xff", "d#2"}));
    EXPECT_EQ(refusal(JournalStart::add, second), "is in use by another run");
    journal->append(results()[2]);
  }
  const auto journal = open(JournalStart::resume, second);
  EXPECT_EQ(journal->ids(), (std::vector<std::string>{"a", "b/\n%41\xff", "d#2", "c"}));
  std::size_t seen = 0;
  journal->read([&](std::size_t, const Graded& graded) {
    expect_equal(graded, results()[std::vector<std::size_t>{0, 1, 3, 2}[seen++]]);
  });
  EXPECT_EQ(seen, 4u);
}

TEST_F(JournalTest, WithoutANameNothingIsLeft) {
  Journal journal("", JournalStart::fresh, kIdentity, kShape);
  for (const Graded& graded : results()) journal.append(graded);
  expect_results(journal, 4);
  journal.remove();
}

TEST_F(JournalTest, OneProcessAtATime) {
  const auto first = open(JournalStart::fresh);
  EXPECT_EQ(refusal(JournalStart::resume), "is in use by another run");
  EXPECT_EQ(refusal(JournalStart::restart), "is in use by another run");
  EXPECT_TRUE(fs::exists(file()));
}

TEST_F(JournalTest, RecordsThatCannotBeOfThisRunAreRefused) {
  const std::string bytes = whole(), header = bytes.substr(0, bytes.find('\n') + 1);
  const std::string ones = "3F8000003F8000003F800000";
  const auto reason = [&](const std::string& body) {
    write_file(file(), header + sealed(body));
    return refusal(JournalStart::resume);
  };
  EXPECT_EQ(reason("0\t1\t1\t0\t" + ones + "\t\t\ta"), "") << "the bad ones differ from this in one thing each";
  for (const std::string& body : std::vector<std::string>{"1\t1\t1\t0\t" + ones + "\t\t\ta",
                                                          "-0\t1\t1\t0\t" + ones + "\t\t\ta",
                                                          "\t1\t1\t0\t" + ones + "\t\t\ta",
                                                          "99999999999999999999999\t1\t1\t0\t" + ones + "\t\t\ta",
                                                          "0\tx\t1\t0\t" + ones + "\t\t\ta",
                                                          "0\t1\t99999999999999999999\t0\t" + ones + "\t\t\ta",
                                                          "0\t1\t1\t3\t" + ones + "\t\t\ta",
                                                          "0\t1\t1\t-1\t" + ones + "\t\t\ta",
                                                          "0\t1\t1\t0\t" + ones + "3F800000\t\t\ta",
                                                          "0\t1\t1\t0\t3F8000003F800000\t\t\ta",
                                                          "0\t1\t1\t0\t3F8000003F8000007F800000\t\t\ta",
                                                          "0\t1\t1\t0\t3F8000003F8000007FC00000\t\t\ta",
                                                          "0\t1\t1\t0\t3F8000003F800000-F800000\t\t\ta",
                                                          "0\t1\t1\t0\t" + ones + "\t%4\t\ta",
                                                          "0\t1\t1\t0\t" + ones + "\t%zz\t\ta",
                                                          "0\t1\t1\t0\t" + ones + "\t\tboth\ta",
                                                          "0\t1\t1\t-\t" + ones + "\t\terror\ta",
                                                          "0\t1\t1\t-\t\t\t\ta",
                                                          "0\t1\t1\t0\t" + ones + "\t\ta",
                                                          "0\t1\t1\t0\t" + ones + "\t\t\ta\t"}) {
    const std::string refused = reason(body);
    EXPECT_TRUE(refused.starts_with("line 2 is no result of this run: ")) << body << "\n" << refused;
  }
  // As many images as the list has, and no more.
  std::string full = header;
  for (int i = 0; i < 6; ++i) full += sealed(std::to_string(i) + "\t1\t1\t0\t" + ones + "\t\t\ta");
  write_file(file(), full);
  EXPECT_TRUE(refusal(JournalStart::resume).starts_with("line 7 ")) << refusal(JournalStart::resume);
}

TEST_F(JournalTest, AFullDiskLeavesWhatFits) {
  const std::string bytes = whole();
  const std::size_t header = bytes.find('\n') + 1, two = bytes.find('\n', bytes.find('\n', header) + 1) + 1;
  for (std::size_t room = two; room < two + 20; ++room) {
    const auto journal = open(JournalStart::restart);
    journal->append(results()[0]);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limited{room, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limited);
    journal->append(results()[1]);
    const std::string message = message_of<Error>([&] { journal->append(results()[2]); });
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    EXPECT_EQ(message, file() + ": cannot be written: File too large");
    EXPECT_EQ(read_file(file()), bytes.substr(0, two)) << "no torn line is left where it can be avoided";
    journal->append(results()[2]);
    expect_results(*journal, 3);
  }
}

}  // namespace
}  // namespace fovea::tools
