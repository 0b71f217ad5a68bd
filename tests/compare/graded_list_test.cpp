// Lists of grades: every malformed CSV is refused with its line, and what does not fit is listed with its line.
#include "tools/compare/graded_list.h"

#include <gtest/gtest.h>

#include "layers/error.h"
#include "tests/tools/temporary_folder.h"
#include "tools/common/label_columns.h"

namespace fovea::tools {
namespace {

using test::message_of;
using Names = std::vector<std::string>;

struct Read {
  GradedList list;
  Findings findings;
};

Read read(const std::string& text, int classes = 5, const std::string& id = "", const std::string& grade = "") {
  Read result;
  const CsvTable table = parse_csv(text, "b.csv");
  const ListColumns columns = find_columns(table, "b.csv", id, grade, known_grade_column_names());
  result.list = read_list(table, "b.csv", columns, classes, result.findings);
  return result;
}

std::string error_of(const std::string& text) {
  return message_of<Error>([&] { read(text); });
}

std::vector<int> grades_of(const GradedList& list) {
  std::vector<int> grades;
  for (const GradedEntry& entry : list.entries) grades.push_back(entry.grade);
  return grades;
}

Names texts_of(const Findings& findings) {
  Names texts;
  for (const Finding& finding : findings.list()) texts.push_back(finding_text(finding));
  return texts;
}

TEST(GradedList, MalformedFilesAreRefusedWithTheirLine) {
  EXPECT_EQ(error_of("id_code,Actual\na,1\nb\n"), "b.csv:3: 1 cell, the header has 2");
  EXPECT_EQ(error_of("id_code,Actual\na,1\nb,2,3\n"), "b.csv:3: 3 cells, the header has 2");
  EXPECT_EQ(error_of("id_code,Actual\na,1\nb,\"2\n"), "b.csv:3: a quote is not closed");
  EXPECT_EQ(error_of("id_code,Actual\na,1\nb,x\"2\"\n"),
            "b.csv:3: a quote stands inside a cell, or something follows a quoted cell");
  EXPECT_EQ(
      error_of("\nid_code;Stage\na;1\n"),
      "b.csv:2: no column 'Actual', 'diagnosis', 'level', 'grade', 'adjudicated_dr_grade', 'retinopathy_grade' or "
      "the like; the header is 'id_code' 'Stage'");
  EXPECT_EQ(error_of("id_code,Actual,Actual\na,1,2\n"), "b.csv:1: two columns have the name 'Actual'");
  EXPECT_EQ(error_of("id_code,Actual\na,1\n\nb,mild\n"), "b.csv:4: 'mild' is no grade, a whole number is needed");
  EXPECT_EQ(error_of("id_code,Actual\na,1.5\n"), "b.csv:2: '1.5' is no grade, a whole number is needed");
  EXPECT_EQ(error_of("id_code,Actual,p0,p1\na,1,0.5,0.5\nb,1,0.5,half\n"), "b.csv:3: 'half' is no probability");
  EXPECT_EQ(error_of("id_code,Actual,p0,p1\na,1,0.5,nan\n"), "b.csv:2: 'nan' is no probability");
  EXPECT_EQ(error_of("id_code,Actual\n"), "b.csv: has a header and no rows");
  EXPECT_EQ(error_of(""), "b.csv: is empty, a header row is needed");
  EXPECT_EQ(error_of(std::string("id_code,Actual\na,\0\n", 19)), "b.csv: is binary, a table of text is needed");
  EXPECT_EQ(message_of<Error>([] { read("id_code,Actual\na,1\n", 5, "Actual", "Actual"); }),
            "b.csv:1: ids and grades cannot be the same column");
}

TEST(GradedList, LineEndsByteOrderMarkAndWholeNumbersAreUnderstood) {
  const Read r = read("\xEF\xBB\xBFid_code,Actual,site\r\na.png,0,x\r\n\r\nb,4.0,\"y,z\"\r\n");
  EXPECT_EQ(grades_of(r.list), (std::vector<int>{0, 4}));
  EXPECT_EQ(r.list.entries[0].id, "a.png");
  EXPECT_EQ(r.list.entries[0].key, "a");
  EXPECT_EQ(r.list.entries[1].line, 4u);
  EXPECT_TRUE(r.findings.empty());
}

TEST(GradedList, OtherColumnNamesCanBeNamed) {
  EXPECT_EQ(grades_of(read("image,level\na,3\n").list), std::vector<int>{3});
  EXPECT_EQ(grades_of(read("eye,stage\na,3\n", 5, "eye", "stage").list), std::vector<int>{3});
  // A name that is not used may occur twice.
  EXPECT_EQ(grades_of(read("id_code,Actual,,\na,3,,\n").list), std::vector<int>{3});
}

TEST(GradedList, WhatDoesNotFitIsListedWithItsLine) {
  const Read r = read("id_code,Actual\na,1\n,2\nb,\nc,5\nd,-1\na.jpg,1\na,2\ne,99999999999\n");
  EXPECT_EQ(grades_of(r.list), (std::vector<int>{1, -1, -1, -1, -1, -1, -1, -1}));
  EXPECT_EQ(texts_of(r.findings),
            (Names{"b.csv:3: empty cell (no id)", "b.csv:4: empty cell 'b' (no Actual)",
                   "b.csv:5: grade out of range 'c' (5, grades are 0 to 4)",
                   "b.csv:6: grade out of range 'd' (-1, grades are 0 to 4)",
                   "b.csv:9: grade out of range 'e' (99999999999, grades are 0 to 4)",
                   "b.csv:7: duplicate id 'a.jpg' (first in line 2)",
                   "b.csv:8: duplicate id 'a' (first in line 2, and contradicts it: 2 against 1)"}));
  EXPECT_EQ(r.findings.summary(), "2 empty cells, 2 duplicate ids, 3 grades out of range");
}

TEST(GradedList, ProbabilitiesAreTakenOnlyIfAllRowsAreDistributions) {
  const Read good = read("id_code,Actual,p0,p1\na,1,0.25,0.75\nb,0,1,0\n", 2);
  EXPECT_EQ(good.list.probabilities, (std::vector<double>{0.25, 0.75, 1, 0}));
  EXPECT_EQ(good.list.no_probabilities, "");
  const Read sums = read("id_code,Actual,p0,p1\na,1,0.25,0.75\nb,0,0.9,0.8\n", 2);
  EXPECT_TRUE(sums.list.probabilities.empty());
  EXPECT_EQ(sums.list.no_probabilities, "b.csv:3 sums to 1.700, not to 1");
  const Read negative = read("id_code,Actual,p0,p1\na,1,-0.5,1.5\n", 2);
  EXPECT_EQ(negative.list.no_probabilities, "b.csv:2 holds -0.500, outside 0 to 1");
  const Read missing = read("id_code,Actual,p0,p1\na,1,,1\nb,0,1,0\n", 2);
  EXPECT_EQ(grades_of(missing.list), (std::vector<int>{-1, 0}));
  EXPECT_EQ(texts_of(missing.findings), Names{"b.csv:2: empty cell 'a' (no p0)"});
}

}  // namespace
}  // namespace fovea::tools
