// The CSV reader and the quoting of rows.
#include "tools/common/csv.h"

#include <gtest/gtest.h>

#include "layers/error.h"
#include "tests/tools/temporary_folder.h"

namespace fovea::tools {
namespace {

using test::message_of;

using Cells = std::vector<std::string>;

std::string error_of(const std::string& text) {
  return message_of<Error>([&] { parse_csv(text, "list.csv"); });
}

TEST(Csv, ReadsHeaderAndRows) {
  const CsvTable table = parse_csv("id_code,diagnosis\na,0\nb,4\n", "list.csv");
  EXPECT_EQ(table.header, (Cells{"id_code", "diagnosis"}));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[1].cells, (Cells{"b", "4"}));
  EXPECT_EQ(table.rows[1].line, 3u);
  EXPECT_EQ(table.column("diagnosis"), 1u);
  EXPECT_EQ(table.column("Diagnosis"), std::nullopt);
}

TEST(Csv, TakesAnyLineEndAndAMissingLastOne) {
  for (const char* text : {"id\na\nb", "id\r\na\r\nb\r\n", "id\ra\rb\r", "\xEF\xBB\xBFid\r\na\nb"}) {
    const CsvTable table = parse_csv(text, "list.csv");
    EXPECT_EQ(table.header, Cells{"id"}) << text;
    ASSERT_EQ(table.rows.size(), 2u) << text;
    EXPECT_EQ(table.rows[0].cells, Cells{"a"}) << text;
    EXPECT_EQ(table.rows[1].line, 3u) << text;
  }
}

TEST(Csv, CountsLinesOverBlankLinesAndQuotedLineEnds) {
  const CsvTable table = parse_csv("id,note\r\n\r\n\r\na,\"two\r\nlines, \"\"quoted\"\"\"\r\nb,\r\n", "list.csv");
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].line, 4u);
  EXPECT_EQ(table.rows[0].cells, (Cells{"a", "two\r\nlines, \"quoted\""}));
  EXPECT_EQ(table.rows[1].line, 6u);
  EXPECT_EQ(table.rows[1].cells, (Cells{"b", ""}));
}

TEST(Csv, MalformedRowsAreNamedByLine) {
  EXPECT_EQ(error_of("id,x\na,1\nb\n"), "list.csv:3: 1 cell, the header has 2");
  EXPECT_EQ(error_of("id,x\na,1,2\n"), "list.csv:2: 3 cells, the header has 2");
  EXPECT_EQ(error_of("id,x\na,1\nb,\"open\n\n"), "list.csv:3: a quote is not closed");
  EXPECT_EQ(error_of("id\nb\"c\n"), "list.csv:2: a quote stands inside a cell, or something follows a quoted cell");
  EXPECT_EQ(error_of("id\n\"b\"c\n"), "list.csv:2: a quote stands inside a cell, or something follows a quoted cell");
}

TEST(Csv, WhatIsNoCsvIsRefused) {
  EXPECT_EQ(error_of(""), "list.csv: is empty, a header row is needed");
  EXPECT_EQ(error_of("\n\r\n \n"), "list.csv: is empty, a header row is needed");
  EXPECT_EQ(error_of(std::string("\xFF\xFEi\0d\0", 6)), "list.csv: is no CSV in UTF-8 (binary, or saved as UTF-16)");
  EXPECT_EQ(error_of(std::string("id\na\0b\n", 7)), "list.csv: is no CSV in UTF-8 (binary, or saved as UTF-16)");
}

TEST(Csv, FilesThatCannotBeReadAreNamed) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(message_of<Error>([&] { read_csv(folder / "none.csv"); }), folder / "none.csv: no such file");
  EXPECT_EQ(message_of<Error>([&] { read_csv(folder.path().string()); }),
            folder.path().string() + ": is not a regular file");
  EXPECT_EQ(message_of<Error>([&] { read_csv("/dev/zero"); }), "/dev/zero: is not a regular file");
}

TEST(Csv, QuotesOnlyWhereNeeded) {
  EXPECT_EQ(csv_line({"0005cfc8afb6", "2"}), "0005cfc8afb6,2\n");
  EXPECT_EQ(csv_line({"a,b", "say \"x\"", "two\nlines", " blank", ""}),
            "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\" blank\",\n");
  EXPECT_EQ(csv_line({""}), "\"\"\n");
}

TEST(Csv, WrittenRowsReadBack) {
  const Cells cells{"a,b", "\"", "x\r\ny", " outer ", "plain", "", "=1+1", "\xC3\xA4"};
  const CsvTable table = parse_csv("1,2,3,4,5,6,7,8\n" + csv_line(cells), "list.csv");
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0].cells, cells);
}

}  // namespace
}  // namespace fovea::tools
