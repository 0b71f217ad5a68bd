// What every program here computes: the bits of a model's answer to one input.
#pragma once

#include <fovea/fovea.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

inline void fill(fovea::Session& session) {
  std::uint32_t state = 7;
  for (float& value : session.input()) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<float>(state >> 8) / static_cast<float>(1 << 24);
  }
}

inline std::string bits_of(const fovea::Session& session) {
  std::string text;
  for (const float value : session.output()) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    char word[16];
    std::snprintf(word, sizeof word, "%08x ", bits);
    text += word;
  }
  return text;
}

inline std::string answer(const std::string& model, int threads = 1) {
  fovea::Session session(fovea::load_model(model), {.threads = threads});
  fill(session);
  session.run();
  return bits_of(session);
}
