// What must be refused with an Error that says why.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include <fovea/error.h>

namespace fovea::test {

/// Fails unless `call` throws an Error with `part` in its message.
template <class Call>
void refused(Call call, const char* part) {
  try {
    call();
    ADD_FAILURE() << "was accepted: " << part;
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what();
  }
}

}  // namespace fovea::test
