// Outputs that are no files to be replaced: standard output, devices, pipes.
#pragma once

#include <filesystem>

namespace fovea::tools {

/// Whether what is written to `path` goes somewhere else than into a file of that name: `-`, /dev/stdout and the like,
/// and what is there already as a device, a pipe or a socket.
bool is_stream(const std::filesystem::path& path);

/// Whether that is this process' standard output.
bool is_standard_output(const std::filesystem::path& path);

/// Copies an open file from its beginning to the stream `path`. Throws Error "PATH: reason".
void copy_to_stream(int descriptor, const std::filesystem::path& path);

/// Throws Error if a part of `path` is a symbolic link that another user put into a folder that everyone can write to
/// (/tmp): following it would let that user choose what is replaced. It is the kernel's rule for opening files
/// (protected_symlinks), which resolving links by oneself goes around.
void refuse_foreign_links(const std::filesystem::path& path);

}  // namespace fovea::tools
