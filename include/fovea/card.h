// The model card: what a model expects of its input and how its outputs become a grade. Parsed from JSON or a preset.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fovea/decision.h>
#include <fovea/export.h>
#include <fovea/self_test.h>

namespace fovea {

/// Keep the rows and columns in which some pixel's grey value exceeds `tolerance`; no change if there are none.
struct CropGrey {
  int tolerance = 7;
};
/// Black outside the circle inscribed in the image's centre.
struct CropCircle {};
/// saturate(weight * img + blur_weight * GaussianBlur(img, sigma) + offset), as OpenCV's 8-bit functions compute it.
struct GaussianContrast {
  double sigma = 40;
  double weight = 4;
  double blur_weight = -4;
  double offset = 128;
};
enum class Interpolation { nearest, linear, cubic, area };
/// Resize to width x height without keeping the aspect ratio; 0 x 0 = the model's own input size.
struct Resize {
  int width = 0;
  int height = 0;
  Interpolation interpolation = Interpolation::cubic;
};

using ImageStep = std::variant<CropGrey, CropCircle, GaussianContrast, Resize>;

/// How the pixels become numbers: channel order, then (value * scale - mean[c]) / std[c], in double and rounded once to
/// float. c counts in the network's channel order. Keras multiplies by 1/255 in float32, others divide by 255; both are
/// within one unit in the last place of this.
struct Normalise {
  bool bgr = false;
  double scale = 1.0;
  std::array<double, 3> mean{0, 0, 0};
  std::array<double, 3> std{1, 1, 1};
};

struct Preprocessing {
  std::string preset;  ///< name it came from, may be empty
  std::vector<ImageStep> steps;
  Normalise normalise;
};

/// Everything stated beside the weights.
struct ModelCard {
  Preprocessing preprocessing;
  std::vector<std::string> classes;  ///< names in the order of the outputs, or of the grades; empty if not stated
  Decision decision;
  std::optional<int> referable = 2;     ///< grades from this one on are referable; nothing = that is no question here
  bool demo = false;                    ///< results carry "demo, not for patients"
  std::string version, origin, source;  ///< of the weights; `source` = file or preset the card came from
  std::optional<SelfTest> self_test;    ///< how the network is examined before it is used
  std::string json;  ///< the card as one line of JSON, for run records: what results depend on, so no self-test
};

/// Names accepted by `preset_card`.
FOVEA_API std::vector<std::string> preset_names();
/// The preset `name`; throws Error listing the names.
FOVEA_API ModelCard preset_card(const std::string& name);
/// Reads a card; throws Error naming the file, the key and the reason. Unknown keys are errors.
FOVEA_API ModelCard read_card(const std::string& path);
/// The same for a card's text, called `name` in messages.
FOVEA_API ModelCard parse_card(std::string_view text, const std::string& name);
/// The card that lies beside a model (M.json beside M.h5): its path if that file exists and has the key "fovea_card".
FOVEA_API std::optional<std::string> card_beside(const std::string& model_path);

/// One option of a command line that changes a card: "--NAME VALUE".
struct CardOption {
  std::string name, value, help;
};
/// All options that `apply_overrides` knows, in the order in which a tool should list them.
FOVEA_API const std::vector<CardOption>& card_options();
/// Changes the card by (option name, value) pairs in order, checks the whole card afterwards and renews its `json`.
/// Throws Error "--NAME VALUE: reason".
FOVEA_API void apply_overrides(ModelCard& card, const std::vector<std::pair<std::string, std::string>>& options);
/// The same for one option.
FOVEA_API void apply_override(ModelCard& card, const std::string& name, const std::string& value);

/// Throws Error "KEY PATH: reason" if a value is out of range or two of them contradict each other.
FOVEA_API void check_card(const ModelCard& card);
/// The same for steps and normalisation alone. What uses them calls it: they may come from anywhere.
FOVEA_API void check_preprocessing(const Preprocessing& preprocessing);
FOVEA_API void check_normalise(const Normalise& normalise);
/// Throws Error if a model with this many outputs cannot be what the card describes.
FOVEA_API void check_outputs(const ModelCard& card, int outputs);
/// Throws Error if "referable" is a question that this many grades cannot answer: all of them would be, or none.
FOVEA_API void check_referable(const ModelCard& card, int grades);
/// The names of the grades 0, 1, ...: `classes` put in order by `decision.grades`; empty if the card states none.
FOVEA_API std::vector<std::string> grade_names(const ModelCard& card);
/// The card as one line of JSON that `read_card` reads back, without its self-test.
FOVEA_API std::string card_to_json(const ModelCard& card);
/// The text of the card file `path` with this self-test in place of its own, and all else as it is there.
FOVEA_API std::string card_with_self_test(const std::string& path, const SelfTest& test);
/// Smallest and largest value that a picture can have once it is normalised.
FOVEA_API std::array<float, 2> input_range(const Normalise& normalise);

/// "nearest", "linear", "cubic", "area".
FOVEA_API std::string interpolation_name(Interpolation interpolation);

}  // namespace fovea
