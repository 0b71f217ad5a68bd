// The CSV reader and the quoting of rows.
#include "text/csv.h"

#include <gtest/gtest.h>

#include <fovea/error.h>
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
  EXPECT_EQ(table.column("Diagnosis"), 1u);
  EXPECT_EQ(table.column("level"), std::nullopt);
}

TEST(Csv, NamesOfColumnsAreTheirLettersAndDigits) {
  const CsvTable table =
      parse_csv("Image name,Retinopathy grade ,Level\xC2\xA0,level,x\n,,,,\na,1,2,3,4\n", "list.csv");
  EXPECT_EQ(table.column("image_name"), 0u);
  EXPECT_EQ(table.column("RETINOPATHY-GRADE"), 1u);
  EXPECT_EQ(table.column("level"), 3u);  // exactly so, though another is alike
  EXPECT_EQ(table.columns("LEVEL"), (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(table.column(""), std::nullopt);
  EXPECT_EQ(need_column(table, "list.csv", {"grade", "level"}), 3u);
  EXPECT_EQ(message_of<Error>([&] {
              need_column(table, "list.csv", {"grade", "LEVEL"});
            }),
            "list.csv:1: two columns have the name 'level'");
  EXPECT_EQ(
      message_of<Error>([&] { need_column(table, "list.csv", {"grade"}); }),
      "list.csv:1: no column 'grade'; the header is 'Image name' 'Retinopathy grade' 'Level\xC2\xA0' 'level' 'x'");
  EXPECT_EQ(message_of<Error>([&] { need_column(parse_csv("a,b\n1,2\n", "list.csv"), "list.csv", {"grade"}, "--x"); }),
            "list.csv:1: no column 'grade'; the header is 'a' 'b'; --x says which");
  const CsvTable bare = parse_csv("0000_1,2\n0001_1,0\n", "list.csv");
  EXPECT_EQ(message_of<Error>([&] { need_column(bare, "list.csv", {"grade"}); }),
            "list.csv:1: no column 'grade'; the header is '0000_1' '2' (a first row with the names of the columns is "
            "needed)");
}

TEST(Csv, AListThatBeginsWithAPictureHasNoHeader) {
  for (const char* text : {"a 1.png,2\nb,0\n", "a 1.png;2.0\n\nb;0\n", "\xEF\xBB\xBF\"a 1.png\",2,\nb,0,\n"}) {
    const CsvTable table = parse_csv(text, "list.csv");
    EXPECT_EQ(table.header, (Cells{"image", "grade"})) << text;
    ASSERT_EQ(table.rows.size(), 2u) << text;
    EXPECT_EQ(table.rows[0].cells[0], "a 1.png") << text;
    EXPECT_EQ(table.rows[0].line, 1u) << text;
  }
  const CsvTable spaced = parse_csv("007-0004-000.jpg 0\r\n007-0007-000.jpg 5\r\n", "train.txt");
  EXPECT_EQ(spaced.header, (Cells{"image", "grade"}));
  EXPECT_EQ(spaced.rows.at(1).cells, (Cells{"007-0007-000.jpg", "5"}));
  EXPECT_EQ(parse_csv("a.jpg\nb.jpg\n", "list.csv").rows.size(), 2u);
  // Blanks within names, within a header, or before what is no number are none between cells.
  EXPECT_EQ(parse_csv("left eye.jpg\nright eye.jpg\n", "list.csv").rows.at(1).cells, Cells{"right eye.jpg"});
  EXPECT_EQ(parse_csv("image name\na.jpg 1\n", "list.csv").rows.at(0).cells, Cells{"a.jpg 1"});
  EXPECT_EQ(parse_csv("a.jpg 1\nb.jpg x\n", "list.csv").rows.at(0).cells, Cells{"b.jpg x"});
  // Three columns say too little of what they are, and a number may be a name.
  EXPECT_EQ(parse_csv("a.jpg,1,2\nb.jpg,1,2\n", "list.csv").rows.size(), 1u);
  EXPECT_EQ(parse_csv("0,1\n5,2\n", "list.csv").rows.size(), 1u);
  EXPECT_EQ(parse_csv("image.jpg,grade\na,2\n", "list.csv").rows.size(), 1u);
}

TEST(Csv, CommasSemicolonsTabsAndBarsAreTold) {
  for (const char* text :
       {"id,p\na,1\nb,2\n", "id;p\na;1\nb;2\n", "id\tp\na\t1\nb\t2\n", "id|p\na|1\nb|2\n",
        "sep=;\r\nid;p\r\na;1\r\nb;2\r\n", "\"id\";\"p\"\n\"a\";1\n\"b\";2\n", "id\tp\ra\t1\rb\t2"}) {
    const CsvTable table = parse_csv(text, "list.csv");
    EXPECT_EQ(table.header, (Cells{"id", "p"})) << text;
    ASSERT_EQ(table.rows.size(), 2u) << text;
    EXPECT_EQ(table.rows[1].cells, (Cells{"b", "2"})) << text;
  }
  // What stands between the cells of the header, not what occurs more often.
  const CsvTable decimal = parse_csv("id;p0;p1\na;0,25;0,75\nb;0,5;0,5\n", "list.csv");
  EXPECT_EQ(decimal.rows[1].cells, (Cells{"b", "0,5", "0,5"}));
  const CsvTable both = parse_csv("image;grade, of two readers\na;1\nb;2\n", "list.csv");
  EXPECT_EQ(both.header, (Cells{"image", "grade, of two readers"}));
  const CsvTable notes = parse_csv("id,note\na,x;y;z\nb,\"1;2,3\"\n", "list.csv");
  EXPECT_EQ(notes.rows[1].cells, (Cells{"b", "1;2,3"}));
  EXPECT_EQ(parse_csv("image\nx;1\n", "list.csv").rows[0].cells, Cells{"x;1"});
  EXPECT_EQ(parse_csv("sep=;\nid;p\na;1\n", "list.csv").header_line, 2u);
}

TEST(Csv, EmptyRowsAndWhatIsEmptyBehindTheLastColumnArePassedOver) {
  const CsvTable table =
      parse_csv("id,grade,,,\r\na,1,,,\r\n,,,,\r\n , ,\t,\r\nb,2\r\nc,3,\r\n,,,,,,,\r\n", "list.csv");
  EXPECT_EQ(table.header, (Cells{"id", "grade"}));
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_EQ(table.rows[1].cells, (Cells{"b", "2"}));
  EXPECT_EQ(table.rows[1].line, 5u);
  EXPECT_EQ(parse_csv("id;grade\na;1\n;;;;\n;\n", "list.csv").rows.size(), 1u);
  EXPECT_EQ(parse_csv("id,grade\na,1,\n", "list.csv").rows[0].cells, (Cells{"a", "1"}));
  // A cell without a name that holds something stays, and one that a column asks for must be there.
  EXPECT_EQ(parse_csv("id,grade,\na,1,note\nb,2,\n", "list.csv").rows[1].cells, (Cells{"b", "2", ""}));
  EXPECT_EQ(error_of("id,grade,site\na,1,x\nb,2\n"), "list.csv:3: 2 cells, the header has 3");
  EXPECT_EQ(error_of("id,grade\na,1,,x\n"), "list.csv:2: 4 cells, the header has 2");
}

TEST(Csv, Utf16IsReadInEitherOrderWithAndWithoutAMark) {
  const std::string text =
      "id\tgrade\r\n\xC3\xA4\t1\r\n\xE2\x82\xAC\xF0\x9F\x91\x81\t2\r\n";  // a umlaut, euro sign, eye
  const std::u16string wide = u"id\tgrade\r\n\u00E4\t1\r\n\u20AC\U0001F441\t2\r\n";
  for (const bool big : {false, true}) {
    for (const bool mark : {false, true}) {
      std::string bytes = !mark ? "" : big ? "\xFE\xFF" : "\xFF\xFE";
      for (const char16_t unit : wide) {
        const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xFF);
        bytes += big ? std::string{high, low} : std::string{low, high};
      }
      const CsvTable table = parse_csv(bytes, "list.csv");
      EXPECT_EQ(table.header, (Cells{"id", "grade"})) << big << mark;
      ASSERT_EQ(table.rows.size(), 2u);
      EXPECT_EQ(table.rows[0].cells, (Cells{"\xC3\xA4", "1"}));
      EXPECT_EQ(table.rows[1].cells, (Cells{"\xE2\x82\xAC\xF0\x9F\x91\x81", "2"}));
    }
  }
  EXPECT_EQ(error_of(std::string("\xFF\xFEi\0d", 5)), "list.csv: is UTF-16 with half a character at its end");
  EXPECT_EQ(error_of(std::string("\xFF\xFEi\0\0\xDC", 6)), "list.csv: is UTF-16 with half a character in it");
}

TEST(Csv, MissingValuesAndNumbersOfPeople) {
  for (const char* cell : {"", "NA", "N/A", "n/a", "nan", "NaN", "#N/A", "None", "NULL", "<NA>", "-", "--", "?", "."}) {
    EXPECT_TRUE(is_missing(cell)) << cell;
  }
  for (const char* cell : {"0", "No DR", "Normal", "-1", "nano", "N"}) EXPECT_FALSE(is_missing(cell)) << cell;
  EXPECT_EQ(cell_number("0.25"), 0.25);
  EXPECT_EQ(cell_number("0,25"), 0.25);
  EXPECT_EQ(cell_number("1,5E-05"), 1.5e-5);
  for (const char* cell : {"", "1,2,3", "1.000,5", "nan", "inf", "1e999", "0.5 ", "half"}) {
    EXPECT_EQ(cell_number(cell), std::nullopt) << cell;
  }
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
  EXPECT_EQ(error_of(std::string("id\na\0b\n", 7)), "list.csv: is binary, a table of text is needed");
  EXPECT_EQ(error_of(std::string("\xFF\xFE\0\0i\0\0\0", 8)), "list.csv: is UTF-32, save it as UTF-8");
  const std::string workbook =
      "list.csv: is a workbook (Excel, LibreOffice) or an archive, a table of text is needed: save it as CSV";
  EXPECT_EQ(error_of("PK\x03\x04..."), workbook);
  EXPECT_EQ(error_of("\xD0\xCF\x11\xE0..."), workbook);
  EXPECT_EQ(error_of("<!DOCTYPE html>\n"),
            "list.csv: is an HTML page, no CSV; was the download a page that asks to log in?");
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
