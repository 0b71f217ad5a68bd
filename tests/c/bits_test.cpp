// The C interface gives what the C++ interface gives, to the bit.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include <fovea/fovea.h>
#include <fovea/fovea_c.h>
#include "tests/c/c99.h"
#include "tests/c/c_files.h"

namespace fovea::test {
namespace {

std::vector<float> some_input(std::size_t floats) {
  std::vector<float> values(floats);
  for (std::size_t i = 0; i < floats; ++i) values[i] = static_cast<float>(i % 7) / 7.0f;
  return values;
}

std::vector<float> by_cpp(const std::shared_ptr<const Model>& model, const std::vector<float>& input, int output = 0) {
  Session session(model);
  std::copy(input.begin(), input.end(), session.input().begin());
  session.run();
  const auto result = session.output(0, output);
  return {result.begin(), result.end()};
}

Image some_picture(int width, int height) {
  Image image{width, height, {}};
  for (int i = 0; i < width * height * 3; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i * 37 % 251));
  return image;
}

TEST(CBits, AProgramInC99) {
  EXPECT_EQ(c99_inits(), 0);
  float first = 0;
  ASSERT_EQ(c99_run(CFiles::get().model().c_str(), &first), 0) << fovea_last_error();
  EXPECT_EQ(first, by_cpp(load_model(CFiles::get().model()), some_input(kTinyFloats))[0]);
  EXPECT_EQ(fovea_live_handles(), 0u);
}

TEST(CBits, BatchesByEveryDoor) {
  HeldModel model;
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), nullptr, model.out()), FOVEA_OK) << fovea_last_error();
  HeldSession session;
  fovea_session_options options = FOVEA_SESSION_OPTIONS_INIT;
  options.max_batch = 3;
  ASSERT_EQ(fovea_session_create(model, &options, session.out()), FOVEA_OK);
  std::vector<float> input = some_input(kTinyFloats * 2), predicted(kTinyOutputs * 2), got(kTinyOutputs * 2);
  ASSERT_EQ(fovea_session_predict(session, 2, input.data(), input.size(), predicted.data(), predicted.size()),
            FOVEA_OK);
  const auto cpp = load_model(CFiles::get().model());
  for (std::size_t i = 0; i < 2; ++i) {
    const std::vector<float> image(input.begin() + static_cast<std::ptrdiff_t>(i * kTinyFloats),
                                   input.begin() + static_cast<std::ptrdiff_t>((i + 1) * kTinyFloats));
    EXPECT_EQ(std::vector<float>(predicted.begin() + static_cast<std::ptrdiff_t>(i * kTinyOutputs),
                                 predicted.begin() + static_cast<std::ptrdiff_t>((i + 1) * kTinyOutputs)),
              by_cpp(cpp, image));
  }

  ASSERT_EQ(fovea_session_set_input(session, 0, 2, input.data(), input.size()), FOVEA_OK);
  ASSERT_EQ(fovea_session_run(session, 2), FOVEA_OK);
  ASSERT_EQ(fovea_session_get_output(session, 0, 2, got.data(), got.size()), FOVEA_OK);
  EXPECT_EQ(got, predicted);

  for (std::int32_t i = 0; i < 2; ++i) {
    float* place = nullptr;
    std::size_t floats = 0;
    ASSERT_EQ(fovea_session_input(session, i, 0, &place, &floats), FOVEA_OK);
    ASSERT_EQ(floats, kTinyFloats);
    std::copy_n(input.begin() + i * static_cast<std::ptrdiff_t>(kTinyFloats), floats, place);
  }
  ASSERT_EQ(fovea_session_run(session, 2), FOVEA_OK);
  for (std::int32_t i = 0; i < 2; ++i) {
    const float* place = nullptr;
    std::size_t floats = 0;
    ASSERT_EQ(fovea_session_output(session, i, 0, &place, &floats), FOVEA_OK);
    EXPECT_EQ(std::vector<float>(place, place + floats),
              std::vector<float>(predicted.begin() + i * 5, predicted.begin() + i * 5 + 5));
  }
}

TEST(CBits, SeveralOutputsByNumberAndName) {
  HeldModel model;
  ASSERT_EQ(fovea_model_load(CFiles::get().path("two.h5").c_str(), nullptr, model.out()), FOVEA_OK)
      << fovea_last_error();
  std::size_t inputs = 0, outputs = 0, flat = 9, in = 9;
  ASSERT_EQ(fovea_model_input_count(model, &inputs), FOVEA_OK);
  ASSERT_EQ(fovea_model_output_count(model, &outputs), FOVEA_OK);
  EXPECT_EQ(inputs, 1u);
  EXPECT_EQ(outputs, 2u);
  EXPECT_EQ(fovea_model_find_input(model, "in", &in), FOVEA_OK);
  EXPECT_EQ(fovea_model_find_output(model, "flat", &flat), FOVEA_OK);
  EXPECT_EQ(in, 0u);
  EXPECT_EQ(flat, 1u);
  EXPECT_EQ(fovea_model_find_output(model, "heat", &flat), FOVEA_REFUSED);
  fovea_tensor tensor = FOVEA_TENSOR_INIT;
  ASSERT_EQ(fovea_model_output(model, 1, &tensor), FOVEA_OK);
  EXPECT_STREQ(tensor.name, "flat");
  EXPECT_EQ(tensor.elements, 22 * 22 * 8);
  EXPECT_EQ(tensor.shape.rank, 1);
  EXPECT_EQ(tensor.shape.dims[0], 22 * 22 * 8);

  HeldSession session;
  ASSERT_EQ(fovea_session_create(model, nullptr, session.out()), FOVEA_OK);
  const std::vector<float> input = some_input(kTinyFloats);
  std::vector<float> output(static_cast<std::size_t>(tensor.elements));
  EXPECT_EQ(fovea_session_predict(session, 1, input.data(), input.size(), output.data(), output.size()),
            FOVEA_INVALID_ARGUMENT);
  ASSERT_EQ(fovea_session_set_input(session, 0, 1, input.data(), input.size()), FOVEA_OK);
  ASSERT_EQ(fovea_session_run(session, 1), FOVEA_OK);
  ASSERT_EQ(fovea_session_get_output(session, 1, 1, output.data(), output.size()), FOVEA_OK);
  EXPECT_EQ(output, by_cpp(load_model(CFiles::get().path("two.h5")), input, 1));
}

TEST(CBits, APictureToItsGrade) {
  HeldModel model;
  HeldCard card;
  HeldSession session;
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), nullptr, model.out()), FOVEA_OK);
  ASSERT_EQ(fovea_card_beside(CFiles::get().model().c_str(), card.out()), FOVEA_OK) << fovea_last_error();
  ASSERT_NE(static_cast<fovea_card*>(card), nullptr);
  ASSERT_EQ(fovea_card_check(card, model), FOVEA_OK) << fovea_last_error();
  ASSERT_EQ(fovea_session_create(model, nullptr, session.out()), FOVEA_OK);

  const Image image = some_picture(41, 33);
  fovea_picture picture = FOVEA_PICTURE_INIT;
  picture.pixels = image.pixels.data();
  picture.width = image.width;
  picture.height = image.height;
  float* input = nullptr;
  std::size_t floats = 0;
  ASSERT_EQ(fovea_session_input(session, 0, 0, &input, &floats), FOVEA_OK);
  ASSERT_EQ(fovea_card_prepare(card, model, &picture, input, floats), FOVEA_OK) << fovea_last_error();
  ASSERT_EQ(fovea_session_run(session, 1), FOVEA_OK);
  const float* outputs = nullptr;
  ASSERT_EQ(fovea_session_output(session, 0, 0, &outputs, nullptr), FOVEA_OK);
  fovea_grade grade = FOVEA_GRADE_INIT;
  std::vector<double> probabilities(kTinyOutputs);
  ASSERT_EQ(fovea_card_grade(card, outputs, kTinyOutputs, &grade, probabilities.data(), probabilities.size()), FOVEA_OK)
      << fovea_last_error();

  const auto cpp = load_model(CFiles::get().model());
  const ModelCard cpp_card = read_card(CFiles::get().card());
  const Image prepared = apply_steps(image, cpp_card.preprocessing, kTinySide, kTinySide, cpp->isa());
  std::vector<float> expected_input(kTinyFloats);
  normalise(prepared, cpp_card.preprocessing.normalise, expected_input.data());
  EXPECT_EQ(std::vector<float>(input, input + floats), expected_input);
  const std::vector<float> expected = by_cpp(cpp, expected_input);
  EXPECT_EQ(std::vector<float>(outputs, outputs + kTinyOutputs), expected);
  EXPECT_EQ(grade.grade, decide(cpp_card.decision, expected.data(), static_cast<int>(expected.size())));
  EXPECT_EQ(probabilities, grade_probabilities(cpp_card.decision, expected.data(), 5));
  EXPECT_EQ(grade.grades, 5);
  EXPECT_EQ(grade.probabilities, 5);
  EXPECT_EQ(grade.referable, grade.grade >= 2 ? 1 : 0);
  EXPECT_EQ(grade.expected, expected_grade(probabilities));
  EXPECT_EQ(grade.name, cpp_card.classes[static_cast<std::size_t>(grade.grade)]);
  const char* name = nullptr;
  ASSERT_EQ(fovea_card_grade_name(card, 4, &name), FOVEA_OK);
  EXPECT_STREQ(name, "proliferative");
  std::size_t grades = 0;
  ASSERT_EQ(fovea_card_grade_count(card, 5, &grades), FOVEA_OK);
  EXPECT_EQ(grades, 5u);
  ASSERT_EQ(fovea_card_set(card, "referable", "none"), FOVEA_OK) << fovea_last_error();
  ASSERT_EQ(fovea_card_grade(card, outputs, kTinyOutputs, &grade, nullptr, 0), FOVEA_OK);
  EXPECT_EQ(grade.referable, -1);
}

TEST(CBits, EveryGrade) {
  HeldCard card;
  ASSERT_EQ(fovea_card_read(CFiles::get().card().c_str(), card.out()), FOVEA_OK);
  for (std::size_t i = 0; i < kTinyOutputs; ++i) {
    std::vector<float> outputs(kTinyOutputs, 0.125f);
    outputs[i] = 0.5f;
    fovea_grade grade = FOVEA_GRADE_INIT;
    ASSERT_EQ(fovea_card_grade(card, outputs.data(), outputs.size(), &grade, nullptr, 0), FOVEA_OK);
    EXPECT_EQ(grade.grade, static_cast<int>(i));
    EXPECT_EQ(grade.deciding_output, static_cast<int>(i));
    EXPECT_EQ(grade.referable, i >= 2 ? 1 : 0);
    EXPECT_EQ(grade.demo, 0);
  }
}

TEST(CBits, EveryOrderOfChannelsAndStride) {
  HeldModel model;
  HeldCard card;
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), nullptr, model.out()), FOVEA_OK);
  ASSERT_EQ(fovea_card_read(CFiles::get().card().c_str(), card.out()), FOVEA_OK);
  const Image image = some_picture(29, 31);
  const ModelCard cpp_card = read_card(CFiles::get().card());
  const auto prepared = [&](const Image& rgb) {
    std::vector<float> values(kTinyFloats);
    normalise(apply_steps(rgb, cpp_card.preprocessing, kTinySide, kTinySide), cpp_card.preprocessing.normalise,
              values.data());
    return values;
  };
  struct Order {
    fovea_channels channels;
    std::vector<int> places;  // which channel each byte of a pixel is, -1 = none
  };
  for (const Order& order : {Order{FOVEA_CHANNELS_RGB, {0, 1, 2}}, Order{FOVEA_CHANNELS_BGR, {2, 1, 0}},
                             Order{FOVEA_CHANNELS_RGBA, {0, 1, 2, -1}}, Order{FOVEA_CHANNELS_BGRA, {2, 1, 0, -1}},
                             Order{FOVEA_CHANNELS_GREY, {1}}}) {
    for (const int gap : {0, 1, 13}) {
      std::vector<std::uint8_t> bytes;
      for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
          const std::size_t at = static_cast<std::size_t>(y * image.width + x) * 3;
          for (const int place : order.places) {
            bytes.push_back(place < 0 ? 99 : image.pixels[at + static_cast<std::size_t>(place)]);
          }
        }
        if (y + 1 < image.height) bytes.insert(bytes.end(), static_cast<std::size_t>(gap), 77);
      }
      Image expected = image;
      if (order.channels == FOVEA_CHANNELS_GREY) {
        for (std::size_t i = 0; i < expected.pixels.size(); ++i) expected.pixels[i] = image.pixels[i / 3 * 3 + 1];
      }
      fovea_picture picture = FOVEA_PICTURE_INIT;
      picture.pixels = bytes.data();
      picture.width = image.width;
      picture.height = image.height;
      picture.channels = order.channels;
      picture.stride = gap == 0 ? 0 : image.width * static_cast<std::int64_t>(order.places.size()) + gap;
      std::vector<float> got(kTinyFloats);
      ASSERT_EQ(fovea_card_prepare(card, model, &picture, got.data(), got.size()), FOVEA_OK) << fovea_last_error();
      EXPECT_EQ(got, prepared(expected)) << order.channels << " gap " << gap;
    }
  }
}

TEST(CBits, HeatMaps) {
  HeldModel model;
  HeldHeatMap map;
  HeldSession session;
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), nullptr, model.out()), FOVEA_OK);
  ASSERT_EQ(fovea_heat_map_create(model, map.out()), FOVEA_OK) << fovea_last_error();
  fovea_session_options options = FOVEA_SESSION_OPTIONS_INIT;
  options.keep_last_convolution = 1;
  ASSERT_EQ(fovea_session_create(model, &options, session.out()), FOVEA_OK);
  fovea_heat_map_size size = FOVEA_HEAT_MAP_SIZE_INIT;
  ASSERT_EQ(fovea_heat_map_get_size(map, &size), FOVEA_OK);
  EXPECT_EQ(size.classes, 5);
  std::vector<float> heat(static_cast<std::size_t>(size.height * size.width));
  EXPECT_EQ(fovea_heat_map_compute(map, session, 0, 1, heat.data(), heat.size()), FOVEA_REFUSED);  // has not run
  const std::vector<float> input = some_input(kTinyFloats);
  ASSERT_EQ(fovea_session_set_input(session, 0, 1, input.data(), input.size()), FOVEA_OK);
  ASSERT_EQ(fovea_session_run(session, 1), FOVEA_OK);
  ASSERT_EQ(fovea_heat_map_compute(map, session, 0, 1, heat.data(), heat.size()), FOVEA_OK) << fovea_last_error();

  const auto cpp = load_model(CFiles::get().model());
  const GradCam cam(cpp);
  Session ran(cpp, {.keep_last_convolution = true});
  std::copy(input.begin(), input.end(), ran.input().begin());
  ran.run();
  std::vector<float> expected(heat.size());
  cam.map(ran, 1, expected);
  EXPECT_EQ(heat, expected);
  EXPECT_EQ(cam.layer(), size.layer);
}

TEST(CBits, WhatModelInfoTells) {
  HeldModel model;
  HeldInfo info, read, unsupported;
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), nullptr, model.out()), FOVEA_OK);
  ASSERT_EQ(fovea_info_of(model, info.out()), FOVEA_OK) << fovea_last_error();
  ASSERT_EQ(fovea_info_read(CFiles::get().model().c_str(), nullptr, read.out()), FOVEA_OK) << fovea_last_error();
  const char *json = nullptr, *same = nullptr;
  ASSERT_EQ(fovea_info_json(info, &json), FOVEA_OK);
  ASSERT_EQ(fovea_info_json(read, &same), FOVEA_OK);
  EXPECT_STREQ(json, same);
  EXPECT_EQ(json, model_info_json(model_info(load_model(CFiles::get().model()))));
  fovea_facts facts = FOVEA_FACTS_INIT;
  ASSERT_EQ(fovea_info_facts(info, &facts), FOVEA_OK);
  EXPECT_STREQ(facts.name, "tiny");
  EXPECT_STREQ(facts.format, "keras-h5");
  EXPECT_STREQ(facts.unsupported, "");
  EXPECT_EQ(facts.layers, 4);
  EXPECT_EQ(facts.parameters, 3 * 3 * 3 * 8 + 8 + 22 * 22 * 8 * 5 + 5);
  fovea_layer layer = FOVEA_LAYER_INIT;
  ASSERT_EQ(fovea_info_layer(info, 1, &layer), FOVEA_OK);
  EXPECT_STREQ(layer.name, "conv");
  EXPECT_STREQ(layer.class_name, "Conv2D");
  EXPECT_EQ(layer.output.rank, 3);
  EXPECT_EQ(layer.output.dims[2], 8);
  EXPECT_EQ(layer.inputs, 1);
  const char* from = nullptr;
  ASSERT_EQ(fovea_info_layer_input(info, 1, 0, &from), FOVEA_OK);
  EXPECT_STREQ(from, "in");

  const std::string mystery = CFiles::get().path("unsupported.h5");
  fovea_model* none = nullptr;
  EXPECT_EQ(fovea_model_load(mystery.c_str(), nullptr, &none), FOVEA_UNSUPPORTED);
  ASSERT_EQ(fovea_info_read(mystery.c_str(), nullptr, unsupported.out()), FOVEA_OK) << fovea_last_error();
  ASSERT_EQ(fovea_info_facts(unsupported, &facts), FOVEA_OK);
  EXPECT_NE(std::string(facts.unsupported).find("mystery"), std::string::npos) << facts.unsupported;
  EXPECT_STREQ(facts.isa, "");
  ASSERT_EQ(fovea_info_layer(unsupported, 1, &layer), FOVEA_OK);
  EXPECT_EQ(layer.output.rank, -1);
}

TEST(CBits, Resized) {
  HeldModel model, resized;
  fovea_model_options options = FOVEA_MODEL_OPTIONS_INIT;
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), nullptr, model.out()), FOVEA_OK);
  fovea_shape shape{3, 0, {kTinySide, kTinySide, 3}};
  EXPECT_EQ(fovea_model_resized(model, &shape, 1, resized.out()), FOVEA_REFUSED);  // was not made for it
  HeldModel open;
  options.resizable = 1;
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), &options, open.out()), FOVEA_OK);
  EXPECT_EQ(fovea_model_resized(open, &shape, 1, resized.out()), FOVEA_OK) << fovea_last_error();
  HeldSession session;
  ASSERT_EQ(fovea_session_create(open, nullptr, session.out()), FOVEA_OK);
  EXPECT_EQ(fovea_session_resize(session, &shape, 1), FOVEA_OK) << fovea_last_error();
  shape.dims[0] = 40;
  EXPECT_EQ(fovea_session_resize(session, &shape, 1), FOVEA_REFUSED);  // the head does not take it
  EXPECT_EQ(fovea_session_run(session, 1), FOVEA_OK);
}

}  // namespace
}  // namespace fovea::test
