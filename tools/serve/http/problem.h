// Errors as RFC 9457 has them: application/problem+json.
#pragma once

#include <string>

#include "tools/serve/http/http.h"

namespace fovea::tools {

/// "Not Found" for 404.
std::string status_text(int status);

/// `code` is what machines tell errors by, "queue-full"; `detail` is one sentence for people.
Response problem(int status, const std::string& code, const std::string& detail);

}  // namespace fovea::tools
