// A model and a card for the tests of the C interface, written once a process and removed at its end.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <fovea/fovea_c.h>
#include "tests/tools/tiny_model.h"

namespace fovea::test {

inline constexpr std::size_t kTinyFloats = std::size_t{kTinySide} * kTinySide * 3;
inline constexpr std::size_t kTinyOutputs = 5;

/// A card that resizes to the tiny model's input and has five named grades.
inline const std::string kTinyCard =
    R"({"fovea_card": 1, "classes": ["none", "mild", "moderate", "severe", "proliferative"],)"
    R"( "preprocessing": {"steps": [{"op": "resize", "interpolation": "cubic"}], "channel_order": "rgb",)"
    R"( "scale": "1/255"}})";

class CFiles {
 public:
  static const CFiles& get() {
    static const CFiles files;
    return files;
  }
  ~CFiles() { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ / name; }
  std::string model() const { return path("tiny.h5"); }
  std::string card() const { return path("tiny.json"); }

 private:
  CFiles() {
    std::string pattern = std::filesystem::temp_directory_path() / "fovea-c-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    write_tiny_model(model());
    write_tiny_model(path("two.h5"), {.two_outputs = true});
    write_tiny_model(path("unsupported.h5"), {.unsupported_layer = true});
    write_tiny_model(path("nan.h5"), {.nan_weight = true});
    std::ofstream(card()) << kTinyCard;
  }
  std::filesystem::path folder_;
};

/// A handle that frees itself.
template <typename Handle, fovea_status (*kFree)(Handle*) noexcept>
class Held {
 public:
  Held() = default;
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() { kFree(handle_); }
  operator Handle*() const { return handle_; }  // NOLINT(google-explicit-constructor)
  Handle** out() { return &handle_; }

 private:
  Handle* handle_ = nullptr;
};
using HeldModel = Held<fovea_model, fovea_model_free>;
using HeldSession = Held<fovea_session, fovea_session_free>;
using HeldCard = Held<fovea_card, fovea_card_free>;
using HeldHeatMap = Held<fovea_heat_map, fovea_heat_map_free>;
using HeldInfo = Held<fovea_info, fovea_info_free>;

}  // namespace fovea::test
