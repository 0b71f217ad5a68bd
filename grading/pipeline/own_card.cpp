// Looking into the file and beside it.
#include "grading/pipeline/own_card.h"

#include <fovea/error.h>
#include <fovea/pack.h>

namespace fovea::tools {

std::optional<ModelCard> own_card(const std::string& model) {
  std::optional<ModelCard> beside, inside;
  if (const std::optional<std::string> path = card_beside(model)) beside = read_card(*path);
  if (is_pack_file(model)) {
    const std::string text = PackFile(model).card();
    if (!text.empty()) inside = parse_card(text, model);
  }
  if (!beside || !inside) return beside ? beside : inside;
  if (beside->json != inside->json) {
    throw Error(model + ": holds another card than " + beside->source +
                ": make the file anew (model-pack), or take one of the two away");
  }
  return beside->self_test ? beside : inside;
}

}  // namespace fovea::tools
