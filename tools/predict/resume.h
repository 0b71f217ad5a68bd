// How a run goes on from an earlier one's journal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "tools/common/input/input_list.h"
#include "tools/predict/journal.h"
#include "tools/predict/tally.h"

namespace fovea::tools {

/// Earlier results first, whose order the journal has; then the rest, in the order of the list. Throws Error if the
/// journal holds an id that is not once in the list.
void sort_by_journal(const Journal& journal, std::vector<InputItem>& items);

/// Takes the journal of a run over another list: what was graded must be in this one still, or Error; what could not be
/// graded is tried again if it is another file by now.
void take_over(Journal& journal, const RunIdentity& identity, const std::vector<InputItem>& items);

/// Counts what the journal holds. A picture that was replaced since would make the result one of two different lists:
/// Error.
void count_journal(const Journal& journal, const std::vector<InputItem>& items, Tally& tally);

/// How a run that ends early can go on, as the end of a sentence.
std::string way_on(const Journal& journal, std::size_t images, bool restarted);

}  // namespace fovea::tools
