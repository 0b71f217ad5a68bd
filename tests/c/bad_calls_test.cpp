// What a program may do wrong with the C interface: every call comes back with an error, and nothing is broken.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <thread>
#include <vector>

#include <fovea/fovea_c.h>
#include "tests/c/c_files.h"

namespace fovea::test {
namespace {

/// One of each kind, and places for whatever is asked.
struct Everything {
  HeldModel model;
  HeldSession session;
  HeldCard card;
  HeldHeatMap map;
  HeldInfo info;

  Everything() {
    const CFiles& files = CFiles::get();
    fovea_session_options options = FOVEA_SESSION_OPTIONS_INIT;
    options.keep_last_convolution = 1;
    const bool made = fovea_model_load(files.model().c_str(), nullptr, model.out()) == FOVEA_OK &&
                      fovea_session_create(model, &options, session.out()) == FOVEA_OK &&
                      fovea_card_read(files.card().c_str(), card.out()) == FOVEA_OK &&
                      fovea_heat_map_create(model, map.out()) == FOVEA_OK &&
                      fovea_info_of(model, info.out()) == FOVEA_OK && fovea_session_run(session, 1) == FOVEA_OK;
    if (!made) throw std::runtime_error(fovea_last_error());
  }
};

struct Places {
  std::vector<float> input = std::vector<float>(kTinyFloats), output = std::vector<float>(kTinyOutputs),
                     heat = std::vector<float>(std::size_t{kTinySide - 2} * (kTinySide - 2));
  std::vector<std::uint8_t> pixels = std::vector<std::uint8_t>(std::size_t{32} * 32 * 3);
  fovea_tensor tensor = FOVEA_TENSOR_INIT;
  fovea_picture picture = FOVEA_PICTURE_INIT;
  fovea_grade grade = FOVEA_GRADE_INIT;
  fovea_heat_map_size size = FOVEA_HEAT_MAP_SIZE_INIT;
  fovea_facts facts = FOVEA_FACTS_INIT;
  fovea_layer layer = FOVEA_LAYER_INIT;
  fovea_shape shape{3, 0, {kTinySide, kTinySide, 3}};
  std::size_t number = 0;
  std::int32_t whole = 0;
  float* place = nullptr;
  const float* read_only = nullptr;
  const char* text = nullptr;
  double difference = 0;

  Places() {
    picture.pixels = pixels.data();
    picture.width = picture.height = 32;
  }
};

using Call = std::function<fovea_status(void* handle)>;
struct Named {
  const char* name;
  Call call;
};

/// Every argument that is a handle, of every function.
std::vector<Named> handle_arguments(Everything& e, Places& p) {
#define FOVEA_CALL(type, ...)                                                                                        \
  Named {                                                                                                            \
#__VA_ARGS__, [&e, &p](void* bad) { (void)e; (void)p; type* const h = static_cast<type*>(bad); return __VA_ARGS__; } \
  }
  return {
      FOVEA_CALL(fovea_model,
                 [&] {
                   HeldModel made;
                   return fovea_model_resized(h, &p.shape, 1, made.out());
                 }()),
      FOVEA_CALL(fovea_model, fovea_model_input_count(h, &p.number)),
      FOVEA_CALL(fovea_model, fovea_model_output_count(h, &p.number)),
      FOVEA_CALL(fovea_model, fovea_model_input(h, 0, &p.tensor)),
      FOVEA_CALL(fovea_model, fovea_model_output(h, 0, &p.tensor)),
      FOVEA_CALL(fovea_model, fovea_model_find_input(h, "in", &p.number)),
      FOVEA_CALL(fovea_model, fovea_model_find_output(h, "head", &p.number)),
      FOVEA_CALL(fovea_model,
                 [&] {
                   HeldSession made;
                   return fovea_session_create(h, nullptr, made.out());
                 }()),
      FOVEA_CALL(fovea_model, fovea_card_check(e.card, h)),
      FOVEA_CALL(fovea_model, fovea_card_self_test(e.card, h, 1, &p.difference)),
      FOVEA_CALL(fovea_model, fovea_card_prepare(e.card, h, &p.picture, p.input.data(), p.input.size())),
      FOVEA_CALL(fovea_model,
                 [&] {
                   HeldHeatMap made;
                   return fovea_heat_map_create(h, made.out());
                 }()),
      FOVEA_CALL(fovea_model,
                 [&] {
                   HeldInfo made;
                   return fovea_info_of(h, made.out());
                 }()),
      FOVEA_CALL(fovea_session, fovea_session_max_batch(h, &p.whole)),
      FOVEA_CALL(fovea_session, fovea_session_threads(h, &p.whole)),
      FOVEA_CALL(fovea_session,
                 fovea_session_predict(h, 1, p.input.data(), p.input.size(), p.output.data(), p.output.size())),
      FOVEA_CALL(fovea_session, fovea_session_set_input(h, 0, 1, p.input.data(), p.input.size())),
      FOVEA_CALL(fovea_session, fovea_session_run(h, 1)),
      FOVEA_CALL(fovea_session, fovea_session_get_output(h, 0, 1, p.output.data(), p.output.size())),
      FOVEA_CALL(fovea_session, fovea_session_input(h, 0, 0, &p.place, &p.number)),
      FOVEA_CALL(fovea_session, fovea_session_output(h, 0, 0, &p.read_only, &p.number)),
      FOVEA_CALL(fovea_session, fovea_session_resize(h, &p.shape, 1)),
      FOVEA_CALL(fovea_session, fovea_heat_map_compute(e.map, h, 0, 0, p.heat.data(), p.heat.size())),
      FOVEA_CALL(fovea_card, fovea_card_set(h, "referable", "1")),
      FOVEA_CALL(fovea_card, fovea_card_json(h, &p.text)),
      FOVEA_CALL(fovea_card, fovea_card_check(h, e.model)),
      FOVEA_CALL(fovea_card, fovea_card_self_test(h, e.model, 1, &p.difference)),
      FOVEA_CALL(fovea_card, fovea_card_has_self_test(h, &p.whole)),
      FOVEA_CALL(fovea_card, fovea_card_prepare(h, e.model, &p.picture, p.input.data(), p.input.size())),
      FOVEA_CALL(fovea_card, fovea_card_grade(h, p.output.data(), p.output.size(), &p.grade, nullptr, 0)),
      FOVEA_CALL(fovea_card, fovea_card_grade_count(h, 5, &p.number)),
      FOVEA_CALL(fovea_card, fovea_card_grade_name(h, 0, &p.text)),
      FOVEA_CALL(fovea_heat_map, fovea_heat_map_get_size(h, &p.size)),
      FOVEA_CALL(fovea_heat_map, fovea_heat_map_compute(h, e.session, 0, 0, p.heat.data(), p.heat.size())),
      FOVEA_CALL(fovea_info, fovea_info_facts(h, &p.facts)),
      FOVEA_CALL(fovea_info, fovea_info_layer(h, 0, &p.layer)),
      FOVEA_CALL(fovea_info, fovea_info_layer_input(h, 1, 0, &p.text)),
      FOVEA_CALL(fovea_info, fovea_info_json(h, &p.text)),
  };
#undef FOVEA_CALL
}

TEST(CBadCalls, HandlesThatAreNone) {
  Everything e;
  Places p;
  void* freed = nullptr;
  {
    Everything gone;
    freed = static_cast<fovea_model*>(gone.model);
  }
  int local = 0;
  std::vector<void*> bad{
      nullptr, freed, &local, &e, reinterpret_cast<void*>(1), reinterpret_cast<void*>(~std::uintptr_t{0})};
  for (std::uintptr_t i = 1; i < 200; ++i) bad.push_back(reinterpret_cast<void*>(i * 0x9e3779b97f4a7c15u));
  for (const auto& [name, call] : handle_arguments(e, p)) {
    for (void* const handle : bad) {
      ASSERT_EQ(call(handle), FOVEA_INVALID_HANDLE) << name << " of " << handle << ": " << fovea_last_error();
      ASSERT_STRNE(fovea_last_error(), "");
    }
  }
}

TEST(CBadCalls, HandlesOfAnotherKind) {
  Everything e;
  Places p;
  const std::vector<Named> calls = handle_arguments(e, p);
  int refused = 0, taken = 0;
  for (void* const handle :
       {static_cast<void*>(static_cast<fovea_model*>(e.model)),
        static_cast<void*>(static_cast<fovea_session*>(e.session)),
        static_cast<void*>(static_cast<fovea_card*>(e.card)), static_cast<void*>(static_cast<fovea_heat_map*>(e.map)),
        static_cast<void*>(static_cast<fovea_info*>(e.info))}) {
    for (const Named& named : calls) (named.call(handle) == FOVEA_INVALID_HANDLE ? refused : taken)++;
  }
  EXPECT_EQ(taken, static_cast<int>(calls.size()));  // each by its own kind
  EXPECT_EQ(refused, 4 * static_cast<int>(calls.size()));
}

TEST(CBadCalls, FreedTwiceAndByTheWrongFunction) {
  fovea_model* model = nullptr;
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), nullptr, &model), FOVEA_OK);
  EXPECT_EQ(fovea_live_handles(), 1u);
  EXPECT_EQ(fovea_session_free(reinterpret_cast<fovea_session*>(model)), FOVEA_INVALID_HANDLE);
  EXPECT_EQ(fovea_card_free(reinterpret_cast<fovea_card*>(model)), FOVEA_INVALID_HANDLE);
  EXPECT_EQ(fovea_model_free(model), FOVEA_OK);
  EXPECT_EQ(fovea_model_free(model), FOVEA_INVALID_HANDLE);
  fovea_model* next = nullptr;
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), nullptr, &next), FOVEA_OK);
  EXPECT_NE(next, model);
  EXPECT_EQ(fovea_model_free(model), FOVEA_INVALID_HANDLE);  // not the one that has its place now
  EXPECT_EQ(fovea_model_free(next), FOVEA_OK);
  EXPECT_EQ(fovea_model_free(nullptr), FOVEA_OK);
  EXPECT_EQ(fovea_session_free(nullptr), FOVEA_OK);
  EXPECT_EQ(fovea_card_free(nullptr), FOVEA_OK);
  EXPECT_EQ(fovea_heat_map_free(nullptr), FOVEA_OK);
  EXPECT_EQ(fovea_info_free(nullptr), FOVEA_OK);
  EXPECT_EQ(fovea_live_handles(), 0u);
}

TEST(CBadCalls, WhatWasMadeOutlivesWhatItWasMadeOf) {
  fovea_model* model = nullptr;
  fovea_session* session = nullptr;
  fovea_heat_map* map = nullptr;
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), nullptr, &model), FOVEA_OK);
  ASSERT_EQ(fovea_session_create(model, nullptr, &session), FOVEA_OK);
  ASSERT_EQ(fovea_heat_map_create(model, &map), FOVEA_OK);
  EXPECT_EQ(fovea_model_free(model), FOVEA_OK);
  EXPECT_EQ(fovea_session_run(session, 1), FOVEA_OK);
  fovea_heat_map_size size = FOVEA_HEAT_MAP_SIZE_INIT;
  EXPECT_EQ(fovea_heat_map_get_size(map, &size), FOVEA_OK);
  EXPECT_EQ(fovea_session_free(session), FOVEA_OK);
  EXPECT_EQ(fovea_heat_map_free(map), FOVEA_OK);
}

#define FOVEA_WRONG(...)                                                                        \
  EXPECT_EQ(__VA_ARGS__, FOVEA_INVALID_ARGUMENT) << #__VA_ARGS__ << ": " << fovea_last_error(); \
  EXPECT_STRNE(fovea_last_error(), "")

TEST(CBadCalls, NullWhereNoneMayBe) {
  Everything e;
  Places p;
  const char* path = "x.h5";
  HeldModel model;
  HeldCard card;
  HeldInfo info;
  FOVEA_WRONG(fovea_model_load(nullptr, nullptr, model.out()));
  FOVEA_WRONG(fovea_model_load(path, nullptr, nullptr));
  FOVEA_WRONG(fovea_model_resized(e.model, nullptr, 1, model.out()));
  FOVEA_WRONG(fovea_model_resized(e.model, &p.shape, 1, nullptr));
  FOVEA_WRONG(fovea_model_input_count(e.model, nullptr));
  FOVEA_WRONG(fovea_model_output_count(e.model, nullptr));
  FOVEA_WRONG(fovea_model_input(e.model, 0, nullptr));
  FOVEA_WRONG(fovea_model_output(e.model, 0, nullptr));
  FOVEA_WRONG(fovea_model_find_input(e.model, nullptr, &p.number));
  FOVEA_WRONG(fovea_model_find_input(e.model, "in", nullptr));
  FOVEA_WRONG(fovea_model_find_output(e.model, nullptr, &p.number));
  FOVEA_WRONG(fovea_model_find_output(e.model, "head", nullptr));
  FOVEA_WRONG(fovea_session_create(e.model, nullptr, nullptr));
  FOVEA_WRONG(fovea_session_max_batch(e.session, nullptr));
  FOVEA_WRONG(fovea_session_threads(e.session, nullptr));
  FOVEA_WRONG(fovea_session_predict(e.session, 1, nullptr, p.input.size(), p.output.data(), p.output.size()));
  FOVEA_WRONG(fovea_session_predict(e.session, 1, p.input.data(), p.input.size(), nullptr, p.output.size()));
  FOVEA_WRONG(fovea_session_set_input(e.session, 0, 1, nullptr, p.input.size()));
  FOVEA_WRONG(fovea_session_get_output(e.session, 0, 1, nullptr, p.output.size()));
  FOVEA_WRONG(fovea_session_input(e.session, 0, 0, nullptr, &p.number));
  FOVEA_WRONG(fovea_session_output(e.session, 0, 0, nullptr, &p.number));
  FOVEA_WRONG(fovea_session_resize(e.session, nullptr, 1));
  FOVEA_WRONG(fovea_card_read(nullptr, card.out()));
  FOVEA_WRONG(fovea_card_read(path, nullptr));
  FOVEA_WRONG(fovea_card_preset(nullptr, card.out()));
  FOVEA_WRONG(fovea_card_preset("gaussian-700", nullptr));
  FOVEA_WRONG(fovea_card_beside(nullptr, card.out()));
  FOVEA_WRONG(fovea_card_beside(path, nullptr));
  FOVEA_WRONG(fovea_card_set(e.card, nullptr, "1"));
  FOVEA_WRONG(fovea_card_set(e.card, "referable", nullptr));
  FOVEA_WRONG(fovea_card_json(e.card, nullptr));
  FOVEA_WRONG(fovea_card_has_self_test(e.card, nullptr));
  FOVEA_WRONG(fovea_card_prepare(e.card, e.model, nullptr, p.input.data(), p.input.size()));
  FOVEA_WRONG(fovea_card_prepare(e.card, e.model, &p.picture, nullptr, p.input.size()));
  FOVEA_WRONG(fovea_card_grade(e.card, nullptr, 5, &p.grade, nullptr, 0));
  FOVEA_WRONG(fovea_card_grade(e.card, p.output.data(), 5, nullptr, nullptr, 0));
  FOVEA_WRONG(fovea_card_grade_count(e.card, 5, nullptr));
  FOVEA_WRONG(fovea_card_grade_name(e.card, 0, nullptr));
  FOVEA_WRONG(fovea_heat_map_create(e.model, nullptr));
  FOVEA_WRONG(fovea_heat_map_get_size(e.map, nullptr));
  FOVEA_WRONG(fovea_heat_map_compute(e.map, e.session, 0, 0, nullptr, p.heat.size()));
  FOVEA_WRONG(fovea_info_of(e.model, nullptr));
  FOVEA_WRONG(fovea_info_read(nullptr, nullptr, info.out()));
  FOVEA_WRONG(fovea_info_read(path, nullptr, nullptr));
  FOVEA_WRONG(fovea_info_facts(e.info, nullptr));
  FOVEA_WRONG(fovea_info_layer(e.info, 0, nullptr));
  FOVEA_WRONG(fovea_info_layer_input(e.info, 1, 0, nullptr));
  FOVEA_WRONG(fovea_info_json(e.info, nullptr));
}

TEST(CBadCalls, NumbersOutOfRange) {
  Everything e;
  Places p;
  constexpr std::size_t kHuge = std::numeric_limits<std::size_t>::max();
  FOVEA_WRONG(fovea_model_input(e.model, 1, &p.tensor));
  FOVEA_WRONG(fovea_model_output(e.model, kHuge, &p.tensor));
  for (const int batch : {0, 2, -1, std::numeric_limits<int>::max(), std::numeric_limits<int>::min()}) {
    FOVEA_WRONG(fovea_session_run(e.session, batch));
    FOVEA_WRONG(fovea_session_predict(e.session, batch, p.input.data(), kHuge, p.output.data(), kHuge));
    FOVEA_WRONG(fovea_session_set_input(e.session, 0, batch, p.input.data(), p.input.size()));
    FOVEA_WRONG(fovea_session_get_output(e.session, 0, batch, p.output.data(), p.output.size()));
  }
  for (const std::size_t floats : {std::size_t{0}, kTinyFloats - 1, kTinyFloats + 1, kHuge}) {
    FOVEA_WRONG(fovea_session_set_input(e.session, 0, 1, p.input.data(), floats));
    FOVEA_WRONG(fovea_session_get_output(e.session, 0, 1, p.output.data(), floats));
    FOVEA_WRONG(fovea_session_predict(e.session, 1, p.input.data(), floats, p.output.data(), p.output.size()));
    FOVEA_WRONG(fovea_session_predict(e.session, 1, p.input.data(), p.input.size(), p.output.data(), floats));
    FOVEA_WRONG(fovea_card_prepare(e.card, e.model, &p.picture, p.input.data(), floats));
    FOVEA_WRONG(fovea_heat_map_compute(e.map, e.session, 0, 0, p.heat.data(), floats));
  }
  for (const std::size_t index : {std::size_t{1}, std::size_t{1} << 32, kHuge}) {
    FOVEA_WRONG(fovea_session_set_input(e.session, index, 1, p.input.data(), p.input.size()));
    FOVEA_WRONG(fovea_session_get_output(e.session, index, 1, p.output.data(), p.output.size()));
    FOVEA_WRONG(fovea_session_input(e.session, 0, index, &p.place, nullptr));
    FOVEA_WRONG(fovea_session_output(e.session, 0, index, &p.read_only, nullptr));
    FOVEA_WRONG(fovea_info_layer(e.info, index + 9, &p.layer));
    FOVEA_WRONG(fovea_info_layer_input(e.info, index + 9, 0, &p.text));
    FOVEA_WRONG(fovea_info_layer_input(e.info, 1, index, &p.text));
  }
  for (const int image : {-1, 1, std::numeric_limits<int>::max(), std::numeric_limits<int>::min()}) {
    FOVEA_WRONG(fovea_session_input(e.session, image, 0, &p.place, nullptr));
    FOVEA_WRONG(fovea_session_output(e.session, image, 0, &p.read_only, nullptr));
    EXPECT_EQ(fovea_heat_map_compute(e.map, e.session, image, 0, p.heat.data(), p.heat.size()), FOVEA_REFUSED);
  }
  for (const std::int64_t number : {std::int64_t{-1}, std::int64_t{5}, std::numeric_limits<std::int64_t>::max()}) {
    FOVEA_WRONG(fovea_heat_map_compute(e.map, e.session, 0, number, p.heat.data(), p.heat.size()));
  }
  for (const int threads : {-1, 1025, std::numeric_limits<int>::max()}) {
    FOVEA_WRONG(fovea_card_self_test(e.card, e.model, threads, nullptr));
    fovea_session_options options = FOVEA_SESSION_OPTIONS_INIT;
    options.threads = threads;
    HeldSession made;
    FOVEA_WRONG(fovea_session_create(e.model, &options, made.out()));
    options.threads = 1;
    options.max_batch = threads == 1025 ? 65537 : threads;
    FOVEA_WRONG(fovea_session_create(e.model, &options, made.out()));
  }
  std::vector<double> few(4);
  FOVEA_WRONG(fovea_card_grade(e.card, p.output.data(), 5, &p.grade, few.data(), few.size()));
  FOVEA_WRONG(fovea_card_grade(e.card, p.output.data(), kHuge, &p.grade, nullptr, 0));
  FOVEA_WRONG(fovea_card_grade_count(e.card, kHuge, &p.number));
  EXPECT_EQ(fovea_card_grade(e.card, p.output.data(), 0, &p.grade, nullptr, 0), FOVEA_REFUSED);
  EXPECT_EQ(fovea_card_grade(e.card, p.output.data(), 4, &p.grade, nullptr, 0), FOVEA_REFUSED);
  EXPECT_EQ(fovea_card_grade_name(e.card, kHuge, &p.text), FOVEA_OK);
  EXPECT_EQ(p.text, nullptr);
  for (const float wrong : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    p.output[3] = wrong;
    EXPECT_EQ(fovea_card_grade(e.card, p.output.data(), 5, &p.grade, nullptr, 0), FOVEA_REFUSED);
  }
  for (const fovea_shape& shape : {fovea_shape{0, 0, {}}, fovea_shape{-1, 0, {}}, fovea_shape{7, 0, {1, 1, 1, 1, 1, 1}},
                                   fovea_shape{3, 0, {24, 0, 3}}, fovea_shape{3, 0, {24, -24, 3}},
                                   fovea_shape{3, 0, {std::int64_t{1} << 62, std::int64_t{1} << 62, 3}}}) {
    FOVEA_WRONG(fovea_session_resize(e.session, &shape, 1));
  }
  FOVEA_WRONG(fovea_session_resize(e.session, &p.shape, kHuge));
  EXPECT_EQ(fovea_session_resize(e.session, &p.shape, 0), FOVEA_REFUSED);
}

TEST(CBadCalls, PicturesThatCannotBe) {
  Everything e;
  Places p;
  const auto bad = [&](const std::function<void(fovea_picture&)>& change) {
    fovea_picture picture = p.picture;
    change(picture);
    return fovea_card_prepare(e.card, e.model, &picture, p.input.data(), p.input.size());
  };
  EXPECT_EQ(bad([](fovea_picture&) {}), FOVEA_OK);
  for (const std::int64_t side : {std::int64_t{0}, std::int64_t{-1}, (std::int64_t{1} << 20) + 1, std::int64_t{1} << 62,
                                  std::numeric_limits<std::int64_t>::min()}) {
    FOVEA_WRONG(bad([&](fovea_picture& picture) { picture.width = side; }));
    FOVEA_WRONG(bad([&](fovea_picture& picture) { picture.height = side; }));
  }
  for (const std::int64_t stride : {std::int64_t{1}, std::int64_t{95}, std::int64_t{-95}}) {
    FOVEA_WRONG(bad([&](fovea_picture& picture) { picture.stride = stride; }));
  }
  for (const int channels : {5, -1, 1 << 30}) {
    FOVEA_WRONG(bad([&](fovea_picture& picture) { std::memcpy(&picture.channels, &channels, sizeof(channels)); }));
  }
  FOVEA_WRONG(bad([](fovea_picture& picture) { picture.pixels = nullptr; }));
}

TEST(CBadCalls, FilesThatAreNone) {
  const CFiles& files = CFiles::get();
  HeldModel model;
  HeldCard card;
  HeldInfo info;
  for (const std::string& path : {std::string("/does/not/exist"), std::string(""), std::string("/"), files.card(),
                                  files.path("nan.h5"), std::string(100000, 'x')}) {
    EXPECT_EQ(fovea_model_load(path.c_str(), nullptr, model.out()), FOVEA_REFUSED) << path.substr(0, 100);
    EXPECT_EQ(static_cast<fovea_model*>(model), nullptr);
    EXPECT_EQ(fovea_info_read(path.c_str(), nullptr, info.out()), FOVEA_REFUSED);
  }
  EXPECT_LT(std::strlen(fovea_last_error()), 4096u);
  EXPECT_EQ(fovea_card_read(files.model().c_str(), card.out()), FOVEA_REFUSED);
  EXPECT_EQ(fovea_card_preset("no-such", card.out()), FOVEA_REFUSED);
  EXPECT_EQ(fovea_card_beside("/no/model.h5", card.out()), FOVEA_OK);
  EXPECT_EQ(static_cast<fovea_card*>(card), nullptr);
  ASSERT_EQ(fovea_card_read(files.card().c_str(), card.out()), FOVEA_OK) << fovea_last_error();
  EXPECT_EQ(fovea_card_set(card, "no-such", "1"), FOVEA_REFUSED);
  EXPECT_EQ(fovea_card_set(card, "referable", "many"), FOVEA_REFUSED);
  fovea_model_options options = FOVEA_MODEL_OPTIONS_INIT;
  options.isa = "abacus";
  EXPECT_EQ(fovea_model_load(files.model().c_str(), &options, model.out()), FOVEA_REFUSED);
  EXPECT_NE(std::string(fovea_last_error()).find("abacus"), std::string::npos) << fovea_last_error();
}

TEST(CBadCalls, WhatCannotBeMadeBecomesNull) {
  Everything e;
  const auto becomes_null = [](auto* something, const auto& make) {
    auto* handle = something;
    EXPECT_NE(make(&handle), FOVEA_OK);
    EXPECT_EQ(handle, nullptr);
  };
  becomes_null(static_cast<fovea_model*>(e.model),
               [](fovea_model** out) { return fovea_model_load("/no", nullptr, out); });
  becomes_null(static_cast<fovea_model*>(e.model),
               [&](fovea_model** out) { return fovea_model_resized(e.model, nullptr, 0, out); });
  becomes_null(static_cast<fovea_session*>(e.session),
               [](fovea_session** out) { return fovea_session_create(nullptr, nullptr, out); });
  becomes_null(static_cast<fovea_card*>(e.card), [](fovea_card** out) { return fovea_card_read("/no", out); });
  becomes_null(static_cast<fovea_card*>(e.card), [](fovea_card** out) { return fovea_card_preset("no", out); });
  becomes_null(static_cast<fovea_heat_map*>(e.map),
               [](fovea_heat_map** out) { return fovea_heat_map_create(nullptr, out); });
  becomes_null(static_cast<fovea_info*>(e.info), [](fovea_info** out) { return fovea_info_of(nullptr, out); });
}

TEST(CBadCalls, AnErrorIsOfItsThread) {
  EXPECT_EQ(fovea_model_load("/no/first", nullptr, nullptr), FOVEA_INVALID_ARGUMENT);
  const std::string mine = fovea_last_error();
  std::string others;
  std::thread([&] {
    others = fovea_last_error();
    HeldModel model;
    (void)fovea_model_load("/no/second", nullptr, model.out());
  }).join();
  EXPECT_EQ(others, "");
  EXPECT_EQ(mine, fovea_last_error());
}

TEST(CBadCalls, NamesOfNumbers) {
  EXPECT_STREQ(fovea_status_name(FOVEA_OUT_OF_MEMORY), "FOVEA_OUT_OF_MEMORY");
  EXPECT_STREQ(fovea_status_name(static_cast<fovea_status>(7)), "FOVEA_INTERNAL");
  EXPECT_EQ(fovea_available_isa(std::numeric_limits<std::size_t>::max()), nullptr);
  EXPECT_NE(fovea_available_isa(0), nullptr);
  EXPECT_EQ(fovea_preset_name(std::numeric_limits<std::size_t>::max()), nullptr);
  EXPECT_NE(fovea_preset_name(0), nullptr);
  EXPECT_GE(fovea_allowed_threads(), 1);
  EXPECT_STRNE(fovea_version(), "");
}

}  // namespace
}  // namespace fovea::test
