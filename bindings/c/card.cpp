// Model cards: reading, changing, examining a model.
#include <fovea/card.h>

#include <limits>

#include <fovea/prepare.h>
#include <fovea/self_test.h>
#include "bindings/c/model_options.h"
#include "bindings/c/objects.h"

namespace fovea::c {
namespace {

std::unique_ptr<CardObject> card_object(ModelCard card) {
  auto object = std::make_unique<CardObject>();
  object->grades = grade_names(card);
  object->card = std::move(card);
  return object;
}

}  // namespace
}  // namespace fovea::c

using namespace fovea::c;

fovea_status fovea_card_read(const char* path, fovea_card** card) noexcept {
  return make_handle(card, "card", [&] {
    need(path, "path");
    return card_object(fovea::read_card(path));
  });
}

fovea_status fovea_card_parse(const char* text, size_t bytes, const char* name, fovea_card** card) noexcept {
  return make_handle(card, "card", [&] {
    need(text, "text");
    need(name, "name");
    return card_object(fovea::parse_card({text, bytes}, name));
  });
}

fovea_status fovea_card_preset(const char* name, fovea_card** card) noexcept {
  return make_handle(card, "card", [&] {
    need(name, "name");
    return card_object(fovea::preset_card(name));
  });
}

fovea_status fovea_card_beside(const char* model_path, fovea_card** card) noexcept {
  if (card != nullptr) *card = nullptr;
  return guarded([&] {
    need(card, "card");
    need(model_path, "model_path");
    const std::optional<std::string> path = fovea::card_beside(model_path);
    if (path) *card = handle_for<fovea_card>(card_object(fovea::read_card(*path)));
  });
}

fovea_status fovea_card_free(fovea_card* card) noexcept { return free_handle(card); }

fovea_status fovea_card_set(fovea_card* card, const char* name, const char* value) noexcept {
  return guarded([&] {
    CardObject& given = behind(card);
    need(name, "name");
    need(value, "value");
    fovea::ModelCard changed = given.card;
    fovea::apply_override(changed, name, value);
    std::unique_ptr<CardObject> object = card_object(std::move(changed));
    given = std::move(*object);
  });
}

fovea_status fovea_card_json(const fovea_card* card, const char** json) noexcept {
  return guarded([&] {
    const CardObject& given = behind(card);
    need(json, "json");
    *json = given.card.json.c_str();
  });
}

fovea_status fovea_card_check(const fovea_card* card, const fovea_model* model) noexcept {
  return guarded([&] { fovea::check_gradable(*behind(model), behind(card).card); });
}

fovea_status fovea_card_self_test(const fovea_card* card, const fovea_model* model, int32_t threads,
                                  double* difference) noexcept {
  return guarded([&] {
    const fovea::ModelCard& given = behind(card).card;
    const auto& examined = behind(model);
    if (threads < 0 || threads > kMostThreads) refuse("threads is " + std::to_string(threads));
    if (!given.self_test) throw Refusal{FOVEA_REFUSED, given.source + ": holds no self-test"};
    const double largest = fovea::check_self_test(*given.self_test, examined, threads);
    if (difference != nullptr) *difference = largest;
  });
}

fovea_status fovea_card_has_self_test(const fovea_card* card, int32_t* has) noexcept {
  return guarded([&] {
    const fovea::ModelCard& given = behind(card).card;
    need(has, "has");
    *has = given.self_test ? 1 : 0;
  });
}
