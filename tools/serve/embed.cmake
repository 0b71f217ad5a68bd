# Writes files as arrays of bytes: cmake -DOUTPUT=serve_assets.h "-DINPUTS=a;b" -P embed.cmake
set(arrays "")
set(table "")
set(index 0)
foreach(input IN LISTS INPUTS)
  get_filename_component(name ${input} NAME)
  file(READ ${input} digits HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${digits}")
  string(APPEND arrays "inline constexpr unsigned char kAsset${index}[] = {${bytes}};\n")
  string(APPEND table "    {\"${name}\", kAsset${index}, sizeof kAsset${index}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Generated from tools/serve/assets/ by embed.cmake.
#pragma once

#include <cstddef>
#include <string_view>

namespace fovea::tools {

struct EmbeddedAsset {
  std::string_view name;
  const unsigned char* data;
  std::size_t size;
};

${arrays}
inline constexpr EmbeddedAsset kEmbeddedAssets[] = {
${table}};

}  // namespace fovea::tools
")
