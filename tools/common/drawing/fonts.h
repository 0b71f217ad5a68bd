// The fonts of this machine, which fontconfig finds and FreeType reads: letters as outlines.
#pragma once

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include <array>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace fovea::tools {

/// A C library's object with what frees it.
template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

/// Throws Error that says what was being done, unless `error` is 0.
void check_freetype(FT_Error error, const char* doing);

/// A sans-serif font and, for letters that it lacks, others in the order that fontconfig prefers. For one thread.
class Fonts {
 public:
  /// Throws Error where no font is installed whose letters are outlines.
  Fonts();

  FT_Library library() const { return library_.get(); }

  /// Hands `draw` the outline of each letter of UTF-8 `text`, set from x = 0 on the line y = 0, y upwards, in 64ths of
  /// what `size` counts; `draw` may change it. One letter stands behind the other: scripts that join or turn letters
  /// are not shaped. Returns the text's width.
  FT_Pos set(std::string_view text, double size, bool bold, const std::function<void(FT_Outline&)>& draw);

 private:
  struct Font {
    const FcPattern* pattern = nullptr;                       // of the set
    std::unique_ptr<FT_FaceRec_, FreeBy<FT_Done_Face>> face;  // opened when first needed
  };
  using Set = std::unique_ptr<FcFontSet, FreeBy<FcFontSetDestroy>>;

  Set sorted(bool bold) const;
  bool open(Font& font) const;
  FT_GlyphSlot load(char32_t letter, double size, bool bold);

  // In the order in which each needs those above it.
  std::unique_ptr<FT_LibraryRec_, FreeBy<FT_Done_FreeType>> library_;
  std::unique_ptr<FcConfig, FreeBy<FcConfigDestroy>> config_;
  std::array<Set, 2> sets_;  // regular, bold
  std::array<std::vector<Font>, 2> fonts_;
};

}  // namespace fovea::tools
