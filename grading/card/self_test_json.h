// A card's self-test as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include <fovea/self_test.h>

namespace fovea {

/// Reads and checks the value of the card's key "self_test". Throws Error "self_test.KEY: reason".
SelfTest read_self_test(const nlohmann::json& value);
/// What `read_self_test` reads back, to the bit.
nlohmann::ordered_json self_test_json(const SelfTest& test);

}  // namespace fovea
