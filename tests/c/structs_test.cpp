// Structs that begin with their size: of older and of later versions, and of none.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <limits>
#include <vector>

#include <fovea/fovea_c.h>
#include "bindings/c/structs.h"
#include "tests/c/c_files.h"

namespace fovea::c {

/// A struct of a third version: one field came with each.
struct Grown {
  std::size_t struct_size;
  std::int64_t first, second, third;
};
FOVEA_FIELDS(Grown, offsetof(Grown, first), offsetof(Grown, second), offsetof(Grown, third));

}  // namespace fovea::c

namespace fovea::test {
namespace {

using c::Grown;

/// A struct's bytes with room behind them for a later version.
template <typename Struct>
struct Roomy {
  Struct known;
  std::array<unsigned char, 64> later;
};

std::string refusal_of(const Grown* given) {
  try {
    (void)c::read_struct(given);
  } catch (const c::Refusal& refusal) {
    EXPECT_EQ(refusal.status, FOVEA_INVALID_ARGUMENT);
    return refusal.message;
  }
  return "";
}

TEST(CStructs, AnOlderVersionsFieldsAreTaken) {
  const Grown given{0, 1, 2, 3};
  const auto read = [&](std::size_t size) {
    Grown sized = given;
    sized.struct_size = size;
    const Grown known = c::read_struct(&sized);
    EXPECT_EQ(known.struct_size, sizeof(Grown));
    return std::vector<std::int64_t>{known.first, known.second, known.third};
  };
  EXPECT_EQ(read(sizeof(Grown)), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(read(offsetof(Grown, third)), (std::vector<std::int64_t>{1, 2, 0}));
  EXPECT_EQ(read(offsetof(Grown, second)), (std::vector<std::int64_t>{1, 0, 0}));
  EXPECT_EQ(read(offsetof(Grown, first)), (std::vector<std::int64_t>{0, 0, 0}));
}

TEST(CStructs, SizesThatNoVersionHas) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{9}, std::size_t{12}, sizeof(Grown) - 1,
        std::size_t{4097}, std::size_t{1} << 40, std::numeric_limits<std::size_t>::max()}) {
    const Grown given{size, 1, 2, 3};
    const std::string refusal = refusal_of(&given);
    EXPECT_NE(refusal.find("Grown.struct_size is " + std::to_string(size)), std::string::npos) << size << refusal;
  }
}

TEST(CStructs, ALaterVersionIsTakenUnlessItSaysMore) {
  Roomy<Grown> roomy{{0, 1, 2, 3}, {}};
  roomy.known.struct_size = sizeof(roomy);
  EXPECT_EQ(c::read_struct(&roomy.known).third, 3);
  roomy.later[63] = 1;
  EXPECT_NE(refusal_of(&roomy.known).find("byte 95 is set"), std::string::npos) << refusal_of(&roomy.known);
  roomy.known.struct_size = sizeof(roomy) - 1;
  EXPECT_EQ(c::read_struct(&roomy.known).third, 3);
}

TEST(CStructs, WrittenAsFarAsTheCallerKnows) {
  const Grown value{sizeof(Grown), 1, 2, 3};
  Grown old{offsetof(Grown, second), 9, 9, 9};
  c::write_struct(&old, value);
  EXPECT_EQ(old.struct_size, offsetof(Grown, second));
  EXPECT_EQ(old.first, 1);
  EXPECT_EQ(old.second, 9);
  Roomy<Grown> roomy{{sizeof(Roomy<Grown>), 9, 9, 9}, {}};
  roomy.later.fill(9);
  c::write_struct(&roomy.known, value);
  EXPECT_EQ(roomy.known.third, 3);
  EXPECT_EQ(roomy.later, (std::array<unsigned char, 64>{}));
}

/// Gives every function that takes a struct one of `size` bytes, cut or padded; calls `check` with each status.
template <typename Check>
void give_structs(std::size_t (*size_of)(std::size_t known), bool set_last, const Check& check) {
  HeldModel model;
  HeldSession session;
  HeldCard card;
  HeldHeatMap map;
  HeldInfo info;
  const CFiles& files = CFiles::get();
  ASSERT_EQ(fovea_model_load(files.model().c_str(), nullptr, model.out()), FOVEA_OK);
  ASSERT_EQ(fovea_card_read(files.card().c_str(), card.out()), FOVEA_OK);
  ASSERT_EQ(fovea_heat_map_create(model, map.out()), FOVEA_OK);
  ASSERT_EQ(fovea_info_of(model, info.out()), FOVEA_OK);
  const auto give = [&](const char* name, auto init, const auto& call) {
    Roomy<decltype(init)> roomy{init, {}};
    roomy.known.struct_size = size_of(sizeof(init));
    if (set_last) roomy.later[0] = 1;
    check(name, call(&roomy.known));
  };
  std::vector<float> values(kTinyFloats);
  std::vector<std::uint8_t> pixels(std::size_t{32} * 32 * 3);
  fovea_picture picture = FOVEA_PICTURE_INIT;
  picture.pixels = pixels.data();
  picture.width = picture.height = 32;
  give("model options", fovea_model_options FOVEA_MODEL_OPTIONS_INIT, [&](fovea_model_options* options) {
    HeldModel made;
    return fovea_model_load(files.model().c_str(), options, made.out());
  });
  give("info's options", fovea_model_options FOVEA_MODEL_OPTIONS_INIT, [&](fovea_model_options* options) {
    HeldInfo made;
    return fovea_info_read(files.model().c_str(), options, made.out());
  });
  fovea_executor_options host = FOVEA_EXECUTOR_OPTIONS_INIT;
  host.threads = 1;
  host.run = [](void*, std::int32_t, fovea_task) {};
  give("executor options", host, [&](fovea_executor_options* options) {
    Held<fovea_executor, fovea_executor_free> made;
    return fovea_executor_create(options, made.out());
  });
  give("session options", fovea_session_options FOVEA_SESSION_OPTIONS_INIT, [&](fovea_session_options* options) {
    HeldSession made;
    return fovea_session_create(model, options, made.out());
  });
  give("picture", picture,
       [&](fovea_picture* given) { return fovea_card_prepare(card, model, given, values.data(), values.size()); });
  // What is written to may hold anything behind what is known.
  if (set_last) return;
  give("input", fovea_tensor FOVEA_TENSOR_INIT, [&](fovea_tensor* out) { return fovea_model_input(model, 0, out); });
  give("output", fovea_tensor FOVEA_TENSOR_INIT, [&](fovea_tensor* out) { return fovea_model_output(model, 0, out); });
  give("grade", fovea_grade FOVEA_GRADE_INIT,
       [&](fovea_grade* out) { return fovea_card_grade(card, values.data(), kTinyOutputs, out, nullptr, 0); });
  give("size", fovea_heat_map_size FOVEA_HEAT_MAP_SIZE_INIT,
       [&](fovea_heat_map_size* out) { return fovea_heat_map_get_size(map, out); });
  give("facts", fovea_facts FOVEA_FACTS_INIT, [&](fovea_facts* out) { return fovea_info_facts(info, out); });
  give("layer", fovea_layer FOVEA_LAYER_INIT, [&](fovea_layer* out) { return fovea_info_layer(info, 0, out); });
}

TEST(CStructs, EveryFunctionChecksItsSizes) {
  const auto refused = [](const char* name, fovea_status status) {
    EXPECT_EQ(status, FOVEA_INVALID_ARGUMENT) << name;
    EXPECT_NE(std::string(fovea_last_error()).find("struct_size"), std::string::npos) << name << fovea_last_error();
  };
  give_structs([](std::size_t) { return std::size_t{0}; }, false, refused);
  give_structs([](std::size_t) { return std::size_t{5}; }, false, refused);
  give_structs([](std::size_t) { return std::size_t{9}; }, false, refused);
  give_structs([](std::size_t known) { return known - 1; }, false, refused);
  give_structs([](std::size_t) { return std::size_t{5000}; }, false, refused);
  give_structs([](std::size_t) { return std::numeric_limits<std::size_t>::max(); }, false, refused);
}

TEST(CStructs, EveryFunctionTakesLaterVersionsThatSayNothingNew) {
  const auto taken = [](const char* name, fovea_status status) {
    EXPECT_EQ(status, FOVEA_OK) << name << ": " << fovea_last_error();
  };
  give_structs([](std::size_t known) { return known; }, false, taken);
  give_structs([](std::size_t known) { return known + 8; }, false, taken);
  give_structs([](std::size_t known) { return known + 8; }, true,
               [](const char* name, fovea_status status) {
                 EXPECT_EQ(status, FOVEA_INVALID_ARGUMENT) << name;
                 EXPECT_NE(std::string(fovea_last_error()).find("a field of a later version"), std::string::npos)
                     << name;
               });
}

}  // namespace
}  // namespace fovea::test
