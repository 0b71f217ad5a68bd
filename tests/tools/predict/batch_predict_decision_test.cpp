// batch-predict and the card's decision: what cannot be answered is refused before the first picture.
#include <filesystem>

#include "tests/tools/predict/batch_predict_fixture.h"

namespace fovea::test {
namespace {

namespace fs = std::filesystem;

class Decisions : public BatchPredict {
 protected:
  Words resized(const Words& more = {}) const {
    Words words{"--model", model(),        "--input",    pictures(), "--output",
                labels(),  "--preprocess", "resize-255", "--details"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  static double number(const tools::CsvTable& table, const tools::CsvRow& row, const std::string& column) {
    return std::stod(row.cells.at(table.column(column).value()));
  }
};

TEST_F(Decisions, AModelOfTwoGradesIsToldWhichIsReferable) {
  make_pictures();
  TinyModel two;
  two.classes = 2;
  write_tiny_model(model(), two);
  const ToolResult refused = batch_predict(resized());
  EXPECT_EQ(refused.exit_code, 2);
  expect_one_line(refused, {"grades from 2 on are to be referable, and grades are 0 to 1", "--referable"});
  expect_no_results();

  const ToolResult told = batch_predict(resized({"--referable", "1"}));
  ASSERT_EQ(told.exit_code, 0) << told.err;
  tools::CsvTable table = read_labels();
  for (const tools::CsvRow& row : table.rows) {
    EXPECT_EQ(row.cells[table.column("referable").value()], row.cells[table.column("diagnosis").value()]);
  }
  const ToolResult swapped = batch_predict(resized({"--referable", "1", "--grades", "1,0"}));
  ASSERT_EQ(swapped.exit_code, 0) << swapped.err;
  const tools::CsvTable other = read_labels();
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    EXPECT_NE(other.rows[i].cells[1], table.rows[i].cells[1]);
    EXPECT_EQ(number(other, other.rows[i], "p0"), number(table, table.rows[i], "p1"));
  }
  const ToolResult none = batch_predict(resized({"--referable", "none"}));
  ASSERT_EQ(none.exit_code, 0) << none.err;
  EXPECT_EQ(none.out.find("referable"), std::string::npos) << none.out;
  EXPECT_TRUE(read_record()["result"]["referable"].is_null());
}

TEST_F(Decisions, ACardOfAnotherSizeIsRefusedBeforeTheFirstPicture) {
  make_pictures();
  const ToolResult result = batch_predict(resized({"--resize", "30x24"}));
  EXPECT_EQ(result.exit_code, 2);
  expect_one_line(result, {"the card resizes pictures to 30x24, and the network takes 24x24"});
  expect_no_results();
}

TEST_F(Decisions, ASigmoidHeadIsCounted) {
  make_pictures();
  TinyModel sigmoid;
  sigmoid.sigmoid = true;
  write_tiny_model(model(), sigmoid);
  const ToolResult result = batch_predict(resized({"--decision", "count"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const tools::CsvTable table = read_labels();
  std::set<int> grades;
  for (const tools::CsvRow& row : table.rows) {
    int above = 0;
    double sum = 0;
    for (int k = 0; k < 5; ++k) {
      above += number(table, row, "output" + std::to_string(k)) > 0.5 ? 1 : 0;
      sum += number(table, row, "p" + std::to_string(k));
    }
    EXPECT_EQ(std::stoi(row.cells[1]), std::max(above - 1, 0));
    EXPECT_NEAR(sum, 1, 1e-5);
    grades.insert(std::stoi(row.cells[1]));
  }
  EXPECT_GE(grades.size(), 2U) << "pictures that all get one grade test nothing";
}

TEST_F(Decisions, AnOrdinalHeadHasOneGradeMoreThanOutputs) {
  make_pictures();
  TinyModel ordinal;
  ordinal.classes = 4;
  ordinal.sigmoid = true;
  write_tiny_model(model(), ordinal);
  const ToolResult result = batch_predict(resized({"--decision", "corn", "--classes", "A,B,C,D,E"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(read_record()["result"]["counts"].size(), 5U);
  const tools::CsvTable table = read_labels();
  for (const tools::CsvRow& row : table.rows) {
    double product = 1;
    int grade = 0;
    for (int k = 0; k < 4; ++k) {
      product *= number(table, row, "output" + std::to_string(k));
      grade += product > 0.5 ? 1 : 0;
    }
    EXPECT_EQ(std::stoi(row.cells[1]), grade);
    EXPECT_NEAR(number(table, row, "p4"), product, 1e-6);
  }
}

}  // namespace
}  // namespace fovea::test
