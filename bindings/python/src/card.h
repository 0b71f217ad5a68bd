// What Python calls a Card.
#pragma once

#include <memory>

#include <fovea/card.h>

namespace fovea::python {

/// Immutable, so that models may share it.
struct SharedCard {
  std::shared_ptr<const ModelCard> card;
};

}  // namespace fovea::python
