// What a measurement was made on and with.
#pragma once

#include <string>

namespace fovea::bench {

/// The processor's own name, "unknown" if the system does not tell.
std::string cpu_name();

/// Name and version of the compiler.
std::string compiler_name();

/// The commit this was built from, shortened, with "-dirty" if files differed from it; "unknown" without git.
/// Defined by a file that the build writes.
const char* commit();

/// Most memory this process has had in use since it began, in MB (2^20 bytes): VmHWM, which a program that started this
/// one does not add to, as it does to getrusage. Throws Error where the system does not tell.
double peak_rss_mb();

}  // namespace fovea::bench
