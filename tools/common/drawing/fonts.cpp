// The fonts of this machine.
#include "tools/common/drawing/fonts.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <string>

#include <fovea/error.h>
#include "text/utf8.h"
#include FT_OUTLINE_H

namespace fovea::tools {

namespace {

using Pattern = std::unique_ptr<FcPattern, FreeBy<FcPatternDestroy>>;

bool has_outlines(const FcPattern* font) {
  FcBool outline = FcFalse;
  return FcPatternGetBool(font, FC_OUTLINE, 0, &outline) == FcResultMatch && outline != FcFalse;
}

bool has_letter(const FcPattern* font, char32_t letter) {
  FcCharSet* letters = nullptr;
  return FcPatternGetCharSet(font, FC_CHARSET, 0, &letters) == FcResultMatch &&
         FcCharSetHasChar(letters, letter) != FcFalse;
}

}  // namespace

void check_freetype(FT_Error error, const char* doing) {
  if (error != 0) throw Error(std::string(doing) + ": FreeType's error " + std::to_string(error));
}

Fonts::Fonts() {
  FT_Library library = nullptr;
  check_freetype(FT_Init_FreeType(&library), "cannot read fonts");
  library_.reset(library);
  config_.reset(FcInitLoadConfigAndFonts());
  if (config_ == nullptr) throw Error("cannot read the configuration of fonts");
  for (const bool bold : {false, true}) {
    sets_[bold] = sorted(bold);
    for (int i = 0; sets_[bold] != nullptr && i < sets_[bold]->nfont; ++i) {
      const FcPattern* pattern = sets_[bold]->fonts[i];
      if (has_outlines(pattern)) fonts_[bold].push_back({pattern, nullptr});
    }
    if (fonts_[bold].empty()) throw Error("no font is installed (package fonts-dejavu-core)");
  }
}

Fonts::Set Fonts::sorted(bool bold) const {
  const Pattern wanted(FcPatternCreate());
  if (wanted == nullptr) throw std::bad_alloc();
  FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>("sans-serif"));
  FcPatternAddInteger(wanted.get(), FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
  FcConfigSubstitute(config_.get(), wanted.get(), FcMatchPattern);
  FcDefaultSubstitute(wanted.get());
  FcResult result = FcResultMatch;
  return Set(FcFontSort(config_.get(), wanted.get(), FcTrue, nullptr, &result));
}

bool Fonts::open(Font& font) const {
  if (font.face != nullptr) return true;
  FcChar8* file = nullptr;
  int index = 0;
  if (FcPatternGetString(font.pattern, FC_FILE, 0, &file) != FcResultMatch) return false;
  FcPatternGetInteger(font.pattern, FC_INDEX, 0, &index);
  FT_Face face = nullptr;
  if (FT_New_Face(library_.get(), reinterpret_cast<const char*>(file), index, &face) != 0) return false;
  font.face.reset(face);
  return true;
}

// The letter in the first font that has it; else the sign for a missing one, of the first font.
FT_GlyphSlot Fonts::load(char32_t letter, double size, bool bold) {
  for (const bool any : {false, true}) {
    for (Font& font : fonts_[bold]) {
      if ((!any && !has_letter(font.pattern, letter)) || !open(font)) continue;
      FT_Face face = font.face.get();
      if (FT_Set_Char_Size(face, 0, std::lround(size * 64), 72, 72) != 0) continue;
      if (FT_Load_Char(face, letter, FT_LOAD_NO_BITMAP | FT_LOAD_NO_HINTING) != 0) continue;
      if (face->glyph->format == FT_GLYPH_FORMAT_OUTLINE) return face->glyph;
    }
  }
  throw Error("no font can be read");
}

FT_Pos Fonts::set(std::string_view text, double size, bool bold, const std::function<void(FT_Outline&)>& draw) {
  FT_Pos pen = 0;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(sequence_length(text), 1);
    const FT_GlyphSlot glyph = load(code_point(text.substr(0, length)), size, bold);
    FT_Outline_Translate(&glyph->outline, pen, 0);
    draw(glyph->outline);
    pen += glyph->advance.x;
    text.remove_prefix(length);
  }
  return pen;
}

}  // namespace fovea::tools
