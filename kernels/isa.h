// The instruction sets that kernels are compiled for (kernels/isa.def): names and parsing.
#pragma once

#include <string_view>

namespace fovea {

/// Worst first.
enum class Isa {
#define FOVEA_ISA(name, ...) name,
#include "kernels/isa.def"
#undef FOVEA_ISA
};

inline constexpr Isa kIsas[] = {
#define FOVEA_ISA(name, ...) Isa::name,
#include "kernels/isa.def"
#undef FOVEA_ISA
};

/// "portable", "avx2", "avx512", "neon".
const char* isa_name(Isa isa) noexcept;

/// Parses a name as printed by isa_name. False if unknown.
bool parse_isa(std::string_view name, Isa* isa) noexcept;

}  // namespace fovea
