// Texts for the console: numbers, times, progress.
#include <gtest/gtest.h>

#include "text/text.h"
#include "tools/common/program/progress.h"

namespace fovea::tools {
namespace {

TEST(Text, ControlCharactersNeverReachTheConsole) {
  EXPECT_EQ(printable("a\nb\x1b[31m\x7f\xC3\xA4"), "a%0Ab%1B[31m%7F\xC3\xA4");
  EXPECT_EQ(printable("a\xE2\x80\xAE\xC2\x9B\xFF%41"), "a%E2%80%AE%C2%9B%FF%41");
  EXPECT_EQ(printable(printable("a\n")), "a%0A");
}

TEST(Text, Durations) {
  EXPECT_EQ(duration_text(0), "00:00");
  EXPECT_EQ(duration_text(61.4), "01:01");
  EXPECT_EQ(duration_text(3600 * 30 + 62), "30:01:02");
  EXPECT_EQ(duration_text(-5), "00:00");
}

TEST(Text, TimesAreUtc) {
  EXPECT_EQ(utc_text(std::chrono::system_clock::time_point(std::chrono::seconds(951782400))), "2000-02-29T00:00:00Z");
}

TEST(Text, SharesAndRatesOfNothingAreNoNumbers) {
  EXPECT_EQ(share_text(6, 8), "75.0 %");
  EXPECT_EQ(share_text(0, 8), "0.0 %");
  EXPECT_EQ(share_text(0, 0), "-");
  EXPECT_EQ(rate_text(3, 2), "1.50 images/s");
  EXPECT_EQ(rate_text(0, 2), "");
  EXPECT_EQ(rate_text(3, 0), "");
}

TEST(Text, WidthsCountCodePoints) {
  EXPECT_EQ(columns("n\xC3\xA4"), 2u);
  EXPECT_EQ(padded("n\xC3\xA4", 4), "n\xC3\xA4  ");
  EXPECT_EQ(padded("7", 3, true), "  7");
}

TEST(Progress, TextHasRateAndTimeLeft) {
  EXPECT_EQ(progress_text({50, 200}, 25), " 50/200   25 %  2.00 images/s  01:15 left");
  EXPECT_EQ(progress_text({200, 200}, 10), "200/200  100 %  20.0 images/s");
  EXPECT_EQ(progress_text({0, 200}, 0), "  0/200    0 %");
}

TEST(Progress, FailuresAreCountedAndResumedImagesAreNoWork) {
  EXPECT_EQ(progress_text({50, 200, 3}, 25), " 50/200   25 %  2.00 images/s  01:15 left  3 failed");
  EXPECT_EQ(progress_text({150, 200, 0, 100}, 25), "150/200   75 %  2.00 images/s  00:25 left");
  EXPECT_EQ(progress_text({150, 200, 1, 150}, 25), "150/200   75 %  1 failed");
}

TEST(Progress, TheBarFitsTheTerminal) {
  EXPECT_EQ(progress_bar({5, 10}, 0, 27), "[#####.....]   5/10   50 %");
  for (std::size_t width = 0; width < 200; ++width) {
    const std::string bar = progress_bar({1234, 98765, 12}, 77, width);
    EXPECT_LE(bar.size(), width == 0 ? 0 : width - 1) << width;
  }
}

TEST(Progress, LogsGetFewLines) {
  std::FILE* log = std::tmpfile();
  ASSERT_NE(log, nullptr);
  {
    Progress progress(log, Progress::Style::lines);
    for (std::size_t i = 1; i <= 1000; ++i) progress.update({i, 1000});
  }
  std::rewind(log);
  int lines = 0;
  for (int c = std::fgetc(log); c != EOF; c = std::fgetc(log)) lines += c == '\n';
  std::fclose(log);
  EXPECT_GE(lines, 1);
  EXPECT_LE(lines, 10);
}

}  // namespace
}  // namespace fovea::tools
