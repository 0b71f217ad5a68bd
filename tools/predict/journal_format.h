// The lines of a journal as text: fields separated by tabs, the last one a checksum of those before it.
//   fovea-journal 2 <tab> name=value <tab> ... <tab> checksum                             once, first
//   index <tab> size <tab> mtime <tab> grade <tab> outputs <tab> note <tab> error <tab> id <tab> checksum    one an
//   image
// Outputs are the bits of float32, eight hexadecimal digits each; an image without a grade has `-` and no outputs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/common/grade/grader.h"

namespace fovea::tools {

/// All that a run's results depend on, as (name, value); what differs between two runs is named by it.
using RunIdentity = std::vector<std::pair<std::string, std::string>>;

/// The names under which an identity has the number of images and their list.
inline constexpr std::string_view kImageCountName = "the number of images", kImageListName = "the list of images";

/// What the records of one run can hold.
struct JournalShape {
  std::size_t images = 0;   ///< in the list
  std::size_t outputs = 0;  ///< of the network
  int grades = 0;
};

/// How every journal begins.
inline constexpr std::string_view kJournalMagic = "fovea-journal ";

/// The first line, with its line end.
std::string header_line(const RunIdentity& identity);

/// The line of image `index`, with its line end. Every byte of its texts is kept.
std::string record_line(std::size_t index, const Graded& graded);

/// The line without its checksum, or nothing if that does not fit: the line was torn or damaged.
std::optional<std::string_view> unsealed(std::string_view line);

/// The header's identity, from an unsealed line. Throws Error (the reason alone).
RunIdentity parse_header(std::string_view line);

/// The result of image `index`, from an unsealed line. Throws Error (the reason alone) if it cannot be that.
Graded parse_record(std::string_view line, std::size_t index, const JournalShape& shape);

}  // namespace fovea::tools
