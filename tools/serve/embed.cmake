# Writes files as arrays of bytes: cmake -DOUTPUT=serve_assets.cpp "-DINPUTS=a;b" -P embed.cmake
set(arrays "")
set(table "")
set(index 0)
foreach(input IN LISTS INPUTS)
  get_filename_component(name ${input} NAME)
  file(READ ${input} digits HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${digits}")
  string(APPEND arrays "constexpr unsigned char kAsset${index}[] = {${bytes}};\n")
  string(APPEND table "    {\"${name}\", kAsset${index}, sizeof kAsset${index}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Generated from tools/serve/assets/ by embed.cmake.
#include \"tools/serve/assets.h\"

namespace fovea::tools {

namespace {

${arrays}
constexpr EmbeddedAsset kAssets[] = {
${table}};

}  // namespace

std::span<const EmbeddedAsset> embedded_assets() { return kAssets; }

}  // namespace fovea::tools
")
