// The instruction sets that kernels are compiled for: names and parsing.
#pragma once

#include <string_view>

namespace fovea {

enum class Isa { portable, avx2, avx512 };

/// "portable", "avx2", "avx512".
const char* isa_name(Isa isa) noexcept;

/// Parses a name as printed by isa_name. False if unknown.
bool parse_isa(std::string_view name, Isa* isa) noexcept;

}  // namespace fovea
