// JSON into Attributes: values kept as they are, and limits.
#include "loaders/keras/json/json.h"

#include <gtest/gtest.h>

#include "loaders/keras/json/access.h"
#include "tests/loaders/keras/files.h"

namespace fovea::keras_json_test {
namespace {

using keras_test::contains;

std::string complaint(const std::string& text) {
  return keras_test::error_of("here", [&] { keras::parse_json(text, "here"); });
}

TEST(KerasJson, KeepsValuesAndTheirTypes) {
  const Attribute json = keras::parse_json(
      R"({"null": null, "yes": true, "int": -3, "big": 18446744073709551615, "real": 1.001e-05,
          "text": "c\u0001\u00e9", "list": [[1, 2], {"a": "b"}], "twice": 1, "twice": 2})",
      "here");
  const auto& object = *keras::as<AttributeMap>(json);
  EXPECT_TRUE(object.at("null").is_null());
  EXPECT_EQ(*keras::as<bool>(object.at("yes")), true);
  EXPECT_EQ(*keras::as<std::int64_t>(object.at("int")), -3);
  EXPECT_EQ(*keras::as<double>(object.at("big")), 18446744073709551615.0);
  EXPECT_EQ(*keras::as<double>(object.at("real")), 1.001e-05);
  EXPECT_EQ(*keras::as<std::string>(object.at("text")), "c\x01\xc3\xa9");
  const auto& list = *keras::as<AttributeList>(object.at("list"));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(*keras::as<std::int64_t>((*keras::as<AttributeList>(list[0]))[1]), 2);
  EXPECT_EQ(*keras::as<std::string>(keras::as<AttributeMap>(list[1])->at("a")), "b");
  EXPECT_EQ(*keras::as<std::int64_t>(object.at("twice")), 2);  // as Python reads it
}

TEST(KerasJson, TakesArraysForTheirValues) {
  const Attribute json = keras::parse_json(
      R"({"alpha": {"type": "ndarray", "value": 0.5}, "other": {"type": "ndarray", "value": 1, "dtype": "x"}})",
      "here");
  const auto& object = *keras::as<AttributeMap>(json);
  EXPECT_EQ(*keras::as<double>(object.at("alpha")), 0.5);
  EXPECT_TRUE(keras::as<AttributeMap>(object.at("other")));
}

TEST(KerasJson, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\" 1}", "nul", "[1] 2", "\"\xff\"", "1e999", "\"\\ud800\""}) {
    EXPECT_TRUE(contains(complaint(text), "not valid JSON at byte")) << text;
  }
}

TEST(KerasJson, LimitsDepthAndNumber) {
  EXPECT_EQ(complaint(std::string(400, '[') + std::string(400, ']')), "no error");
  EXPECT_EQ(complaint(std::string(401, '[') + std::string(401, ']')), "nested more than 400 deep");
  EXPECT_EQ(complaint(std::string(1'000'000, '[')), "nested more than 400 deep");
  std::string many = "[0";
  for (int i = 0; i < 1'000'000; ++i) many += ",0";
  EXPECT_EQ(complaint(many + "]"), "more than 1000000 values");
  EXPECT_EQ(complaint(std::string((std::size_t{16} << 20) + 1, ' ')), "larger than 16 MiB");
}

}  // namespace
}  // namespace fovea::keras_json_test
