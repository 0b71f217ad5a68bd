// The pages that the server makes: the app itself, what it says about itself, and the result of the plain form.
#pragma once

#include <string>
#include <vector>

#include "tools/serve/grade_service.h"
#include "tools/serve/http/http.h"

namespace fovea::tools {

/// What the pages say about the server.
struct PageFacts {
  const Pipeline* pipeline = nullptr;
  bool heat_maps = false;
  std::string accuracy;  ///< as the operator states it, may be empty
  std::size_t max_body = 0, max_files = 0;
};

Response index_page(const PageFacts& facts);
Response about_page(const PageFacts& facts);
/// The answer to the form of POST /submit.
Response result_page(const PageFacts& facts, const std::vector<GradedPicture>& pictures);
/// The same where there is none.
Response error_page(int status, const std::string& detail);

}  // namespace fovea::tools
