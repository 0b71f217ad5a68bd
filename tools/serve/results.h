// What clients are told about graded pictures.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/serve/grade_service.h"

namespace fovea::tools {

/// The answer of /api/v1/predict.
std::string results_json(const Pipeline& pipeline, const std::vector<GradedPicture>& pictures);

/// Model, card and version, for /api/v1/model and the page.
std::string model_json(const Pipeline& pipeline, bool heat_maps, const std::string& accuracy);

/// The lines of the audit log. `client` is an address, `token` the name of the token or password, "" where none is
/// needed.
std::vector<nlohmann::ordered_json> audit_entries(const Pipeline& pipeline, const std::vector<GradedPicture>& pictures,
                                                  const std::string& client, const std::string& token);

}  // namespace fovea::tools
