// Memory that the system gives in huge pages where it can.
#pragma once

#include <cstddef>

namespace fovea {

inline constexpr std::size_t kHugePage = std::size_t{2} << 20;

/// `bytes` of zeros, a multiple of the page size, that begin at a huge page's boundary; munmap gives them back. Null if
/// there is no memory. Thread-safe.
void* map_huge(std::size_t bytes) noexcept;

}  // namespace fovea
