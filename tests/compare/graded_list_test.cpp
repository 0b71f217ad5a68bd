// Lists of grades: every malformed CSV is refused with its line, and what does not fit is listed with its line.
#include "tools/compare/input/graded_list.h"

#include <gtest/gtest.h>

#include <fovea/error.h>
#include "tests/tools/temporary_folder.h"
#include "text/label_columns.h"
#include "tools/compare/input/grade_cell.h"
#include "tools/compare/input/join.h"

namespace fovea::tools {
namespace {

using test::message_of;
using Names = std::vector<std::string>;

struct Read {
  GradedList list;
  Findings findings;
};

Read read(const std::string& text, int classes = 5, const std::string& id = "", const std::string& grade = "",
          std::optional<int> first = {}) {
  Read result;
  const CsvTable table = parse_csv(text, "b.csv");
  const ListColumns columns = find_columns(table, "b.csv", id, grade, known_grade_column_names());
  const Names names = classes == 5 ? scale_names() : Names(static_cast<std::size_t>(classes));
  result.list = read_list(table, "b.csv", columns, {names, first}, result.findings);
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
      "the like; the header is 'id_code' 'Stage'; --grade-column NAME says which");
  EXPECT_EQ(error_of("id_code,Actual,Actual\na,1,2\n"), "b.csv:1: two columns have the name 'Actual'");
  EXPECT_EQ(error_of("id_code,Actual\na,1\n\nb,mildew\n"), "b.csv:4: 'mildew' is no grade, a whole number is needed");
  EXPECT_EQ(error_of("id_code,Actual\na,1.5\n"), "b.csv:2: '1.5' is no grade, a whole number is needed");
  EXPECT_EQ(error_of("id_code,Actual,p0,p1\na,1,0.5,0.5\nb,1,0.5,half\n"), "b.csv:3: 'half' is no probability");
  EXPECT_EQ(error_of("id_code,Actual,p0,p1\na,1,0.5,inf\n"), "b.csv:2: 'inf' is no probability");
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
            (Names{"b.csv:3: missing value (no id)", "b.csv:4: missing value 'b' (no Actual)",
                   "b.csv:5: grade out of range 'c' (5, grades are 0 to 4)",
                   "b.csv:6: grade out of range 'd' (-1, grades are 0 to 4)",
                   "b.csv:9: grade out of range 'e' (99999999999, grades are 0 to 4)",
                   "b.csv:7: duplicate id 'a.jpg' (first in line 2)",
                   "b.csv:8: duplicate id 'a' (first in line 2, and contradicts it: 2 against 1)"}));
  EXPECT_EQ(r.findings.summary(), "2 missing values, 2 duplicate ids, 3 grades out of range");
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
  EXPECT_EQ(texts_of(missing.findings), Names{"b.csv:2: missing value 'a' (no p0)"});
}

TEST(GradedList, GradesAsPeopleWriteThem) {
  EXPECT_EQ(grades_of(read("image;level\na;2,0\nb;3\n").list), (std::vector<int>{2, 3}));
  EXPECT_EQ(grades_of(read("Image name,Retinopathy grade,Risk of macular edema ,,\na,3,0,,\n").list),
            std::vector<int>{3});
  EXPECT_EQ(grades_of(read("id_code,diagnosis\na,No DR\nb,mild\nc,Moderate NPDR\nd,Severe non-proliferative DR\n"
                           "e,Proliferative diabetic retinopathy\nf,PDR\ng,No_DR\nh,Proliferate_DR\ni,2 - Moderate\n"
                           "j,normal\nk,No apparent retinopathy\n")
                          .list),
            (std::vector<int>{0, 1, 2, 3, 4, 4, 0, 4, 2, 0, 0}));
  for (const char* cell : {"no", "yes", "2 - Mild", "NPDR", "DR", "referable", "2.5", "0x2", "R2"}) {
    EXPECT_EQ(error_of("id_code,Actual\na,1\nb," + std::string(cell) + "\n"),
              "b.csv:3: '" + std::string(cell) + "' is no grade, a whole number is needed");
  }
  // The names of the international scale are those of five grades.
  EXPECT_NE(message_of<Error>([] { read("id_code,Actual\na,Moderate\n", 4); }), "");
}

TEST(GradedList, MissingValuesAndUngradablePicturesAreSaidAndNeverGraded) {
  const Read r = read(
      "image_id,adjudicated_dr_grade,adjudicated_gradable\na,0,1\nb,NA,1\nc,,0\nd,2,0\ne,nan,1\nf,-,1\n"
      "NA,3,1\ng,None,1\n");
  EXPECT_EQ(grades_of(r.list), (std::vector<int>{0, -1, -1, -1, -1, -1, -1, -1}));
  EXPECT_EQ(texts_of(r.findings), (Names{"b.csv:3: missing value 'b' (adjudicated_dr_grade is 'NA')",
                                         "b.csv:4: picture that could not be graded 'c' (adjudicated_gradable is 0)",
                                         "b.csv:5: picture that could not be graded 'd' (adjudicated_gradable is 0)",
                                         "b.csv:6: missing value 'e' (adjudicated_dr_grade is 'nan')",
                                         "b.csv:7: missing value 'f' (adjudicated_dr_grade is '-')",
                                         "b.csv:8: missing value 'NA' (image_id is 'NA')",
                                         "b.csv:9: missing value 'g' (adjudicated_dr_grade is 'None')"}));
}

TEST(GradedList, GradesCountedFromOneAreRefusedUnlessThatIsSaid) {
  const std::string text = "id_code,Actual\na,1\nb,3\nc,5\n";
  EXPECT_EQ(error_of(text),
            "b.csv: its grades are 1 to 5 and none is 0, as if they were counted from 1; --first-grade 1 says that the "
            "benchmark's are, --first-grade 0 that they are not");
  EXPECT_EQ(grades_of(read(text, 5, "", "", 1).list), (std::vector<int>{0, 2, 4}));
  EXPECT_EQ(grades_of(read(text, 5, "", "", 0).list), (std::vector<int>{1, 3, -1}));
  EXPECT_EQ(grades_of(read("id_code,Actual\na,0\nb,5\n").list), (std::vector<int>{0, -1}));  // 5 is another thing
  EXPECT_EQ(grades_of(read("id_code,Actual\na,1\nb,4\n").list), (std::vector<int>{1, 4}));
  EXPECT_EQ(texts_of(read("id_code,Actual\na,0\nb,Mild\n", 5, "", "", 1).findings),
            Names{"b.csv:2: grade out of range 'a' (0, grades are 1 to 5)"});
}

GradedList list_of(const std::string& file, const Names& ids) {
  std::string text = "id_code,Actual\n";
  for (const std::string& id : ids) text += csv_line({id, "1"});
  const CsvTable table = parse_csv(text, file);
  Findings ignored;
  return read_list(table, file, find_columns(table, file, "", "", known_grade_column_names()), {scale_names(), {}},
                   ignored);
}

// "a=x b=-": what each id of the first list was joined to.
std::string joined_text(const Names& first, const Names& second, Findings* findings = nullptr) {
  const GradedList reference = list_of("b.csv", first), predictions = list_of("p.csv", second);
  Findings own;
  const Joined joined = join(reference, predictions, findings != nullptr ? *findings : own);
  std::string text;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const std::size_t found = joined.of_reference[i];
    text += (i > 0 ? " " : "") + first[i] + "=" + (found == kNone ? "-" : predictions.entries[found].id);
  }
  return text;
}

TEST(Join, ExtensionsCaseAndFoldersDoNotPartAnId) {
  EXPECT_EQ(joined_text({"a.png", "B"}, {"b.JPEG", "a"}), "a.png=a B=b.JPEG");
  EXPECT_EQ(joined_text({"IDRID_001.JPG"}, {"IDRiD_001"}), "IDRID_001.JPG=IDRiD_001");
  EXPECT_EQ(joined_text({"abc", "def.png"}, {"3/abc", "0/DEF"}), "abc=3/abc def.png=0/DEF");
  EXPECT_EQ(joined_text({"train/3/abc.png", "C:\\eyes\\def.png"}, {"3/abc", "eyes/def"}),
            "train/3/abc.png=3/abc C:\\eyes\\def.png=eyes/def");
  EXPECT_EQ(joined_text({"p1/left", "p2/left"}, {"x/p2/left", "x/p1/left"}), "p1/left=x/p1/left p2/left=x/p2/left");
  EXPECT_EQ(joined_text({"p1/left"}, {"p2/left"}), "p1/left=-");
  EXPECT_EQ(joined_text({"abc"}, {"xabc", "ab", "abc.txt"}), "abc=-");
}

TEST(Join, WhatIsEqualGoesFirstAndWhatIsAmbiguousIsNotGuessed) {
  EXPECT_EQ(joined_text({"x", "X"}, {"X", "x"}), "x=x X=X");
  EXPECT_EQ(joined_text({"x"}, {"3/x", "x"}), "x=x");
  EXPECT_EQ(joined_text({"x"}, {"3/x", "X"}), "x=X");
  EXPECT_EQ(joined_text({"x.jpg", "x.png"}, {"x.png", "x.jpg"}), "x.jpg=x.jpg x.png=x.png");
  Findings findings;
  EXPECT_EQ(joined_text({"abc", "Def"}, {"3/abc", "4/abc", "DEF", "def"}, &findings), "abc=- Def=-");
  EXPECT_EQ(texts_of(findings), (Names{"b.csv:2: ambiguous id 'abc' (might be '3/abc', '4/abc' of p.csv)",
                                       "b.csv:3: ambiguous id 'Def' (might be 'DEF', 'def' of p.csv)",
                                       "p.csv:2: prediction without an id '3/abc' (not in b.csv)",
                                       "p.csv:3: prediction without an id '4/abc' (not in b.csv)",
                                       "p.csv:4: prediction without an id 'DEF' (not in b.csv)",
                                       "p.csv:5: prediction without an id 'def' (not in b.csv)"}));
  EXPECT_EQ(joined_text({"x", "x"}, {"x"}), "x=x x=x");  // a repeated row keeps its prediction
  EXPECT_EQ(example_ids(list_of("b.csv", {"p-1"}), list_of("p.csv", {"q"})), "an id is 'p-1' there and 'q' here");
}

TEST(GradedList, AColumnForEachEyeIsAskedFor) {
  const std::string text =
      "patient_id,image_id,image_path,Overall quality,left_eye_DR_Level,right_eye_DR_Level,patient_DR_Level\n"
      "1,1_l1,\\training\\1\\1_l1.jpg,1,0,,2\n1,1_r1,\\training\\1\\1_r1.jpg,1,,2,2\n";
  EXPECT_EQ(
      error_of(text),
      "b.csv:1: no column 'Actual', 'diagnosis', 'level', 'grade', 'adjudicated_dr_grade', 'retinopathy_grade' or "
      "the like; the header is 'patient_id' 'image_id' 'image_path' 'Overall quality' 'left_eye_DR_Level' "
      "'right_eye_DR_Level' 'patient_DR_Level'; --grade-column NAME says which");
  const Read left = read(text, 5, "", "left_eye_DR_Level");
  EXPECT_EQ(grades_of(left.list), (std::vector<int>{0, kNoGrade}));
  EXPECT_EQ(texts_of(left.findings), Names{"b.csv:3: missing value '1_r1' (no left_eye_DR_Level)"});
}

TEST(Join, TablesAsPeopleHaveThem) {
  const GradedList predictions = list_of("p.csv", {"a", "b", "c.png"});
  const std::string wide = std::string("\xFF\xFEi\0d\0,\0g\0r\0a\0d\0e\0\n\0", 20) +
                           std::string("a\0,\0\x30\0\n\0b\0,\0\x33\0\n\0c\0,\0\x34\0", 22);
  for (const std::string& text :
       Names{"ID_Code;Diagnosis\r\nA.JPG;0,0\r\nB;3\r\n;\r\nC;4\r\n;;;\r\n",
             "Image name,Retinopathy grade,Risk of macular edema ,,,\na,0,0,,,\nb,3,0,,,\nc,4,1,,,\n",
             "image_id\tadjudicated_dr_grade\tadjudicated_gradable\ra.png\t0\t1\rb\t3\t1\rc\t4\t1\r",
             ",image,level\n0,train/a.jpeg,0\n1,train/b.jpeg,3\n2,train/c.jpeg,4\n", "a.png,0\nb.png,3\nc.png,4\n",
             "a.jpg 0\nb.jpg 3\nc.jpg 4\n",
             "id_code;diagnosis;adjudicated_dme;adjudicated_gradable\na.png;0;0;1\nb.JPG;3;0;1\nc.jpg;4;1;1\n",
             "Image name;Ophthalmologic department;Retinopathy grade;Risk of macular edema\na.tif;L;0;0\nb.tif;L;3;1\n"
             "c.tif;L;4;2\n",
             "filename,grade\na,No DR\nb,Severe\nc,Proliferative\n",
             "\"image_id\",\"DR_ICDR\"\n\"a\",\"0\"\n\"b\",3\nc,4\n",
             "sep=,\nfile,final_icdr\na.jpg,0.0\nb.jpg,3.0\nc.jpg,4.0\n", wide}) {
    const Read r = read(text);
    EXPECT_EQ(grades_of(r.list), (std::vector<int>{0, 3, 4})) << text;
    Findings findings = r.findings;
    EXPECT_EQ(join(r.list, predictions, findings).pairs.size(), 3u) << text;
    EXPECT_TRUE(findings.empty()) << text << findings.summary();
  }
}

}  // namespace
}  // namespace fovea::tools
