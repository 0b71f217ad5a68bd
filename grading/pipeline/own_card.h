// The card that comes with a model.
#pragma once

#include <optional>
#include <string>

#include <fovea/card.h>

namespace fovea::tools {

/// The one that a pack file holds, or that lies beside the model (card_beside). Throws Error where there are both and
/// they say different things: a card was changed after the pack file had been made.
std::optional<ModelCard> own_card(const std::string& model);

}  // namespace fovea::tools
