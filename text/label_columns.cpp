// Names that the columns of lists and label tables bear.
#include "text/label_columns.h"

namespace fovea::tools {

std::vector<std::string> id_column_names() {
  return {"id_code",      "image",     "image_id",   "image_name", "image_no",   "img",      "img_id",
          "img_name",     "file_name", "image_file", "file",       "image_path", "img_path", "path",
          "fundus_image", "picture",   "photo",      "name",       "id"};
}

std::vector<std::string> known_grade_column_names() {
  return {"Actual",
          "diagnosis",
          "level",
          "grade",
          "adjudicated_dr_grade",
          "retinopathy_grade",
          "dr_grade",
          "dr_level",
          "dr_icdr",
          "icdr",
          "final_icdr",
          "icdr_grade",
          "icdr_level",
          "retinopathy_level",
          "severity",
          "dr_class",
          "ground_truth",
          "label",
          "target",
          "class"};
}

std::vector<std::string> predicted_grade_column_names() {
  return {"diagnosis", "Predictions",     "prediction",      "predicted", "pred",  "predicted_grade",
          "dr_grade",  "predicted_level", "predicted_label", "level",     "grade", "label"};
}

std::vector<std::string> gradable_column_names() {
  return {"adjudicated_gradable", "gradable", "gradeable", "is_gradable", "is_gradeable"};
}

}  // namespace fovea::tools
