// What Python calls a Card: what a model expects of a picture, and how its outputs become a grade.
#include "bindings/python/src/card.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <string>
#include <utility>
#include <vector>

#include "bindings/python/src/loaded_model.h"
#include "bindings/python/src/text.h"

namespace fovea::python {

namespace {

/// A value as a command line has it: (0.5, 1) is "0.5,1".
std::string option_text(nb::handle value) {
  if (value.is_none()) return "none";
  if (!nb::isinstance<nb::tuple>(value) && !nb::isinstance<nb::list>(value)) return nb::str(value).c_str();
  std::string text;
  for (const nb::handle part : value) text += (text.empty() ? "" : ",") + option_text(part);
  return text;
}

/// channel_order="bgr" is --channel-order bgr.
SharedCard share(ModelCard card, const nb::kwargs& options) {
  std::vector<std::pair<std::string, std::string>> changes;
  for (const auto [key, value] : options) {
    std::string name = nb::str(key).c_str();
    for (char& c : name) c = c == '_' ? '-' : c;
    changes.emplace_back(name, option_text(value));
  }
  apply_overrides(card, changes);
  return {std::make_shared<const ModelCard>(std::move(card))};
}

void read(SharedCard* self, const nb::object& source, const nb::kwargs& options) {
  const nb::object os = nb::module_::import_("os");
  const nb::object path = os.attr("fsencode")(source);
  os.attr("stat")(path);  // FileNotFoundError and the like, as open() would raise them
  new (self) SharedCard(share(read_card(to_path(nb::cast<nb::bytes>(path))), options));
}

}  // namespace

void bind_card(nb::module_& module) {
  nb::class_<SharedCard>(module, "Card",
                         "What a model expects of a picture, and how its outputs become a grade.\n\n"
                         "source : path of a card's JSON file.\n"
                         "options : change single values, under the names of batch-predict's options: referable=3,\n"
                         "    resize=\"512x512\", channel_order=\"bgr\", mean=(0.485, 0.456, 0.406).")
      .def("__init__", &read, nb::arg("source").none(), nb::arg("options"))
      .def_static(
          "preset",
          [](const std::string& name, const nb::kwargs& options) { return share(preset_card(name), options); },
          nb::arg("name"), nb::arg("options"), "The preset of that name, one of `fovea.presets()`.")
      .def_prop_ro(
          "classes", [](const SharedCard& self) { return to_strs(self.card->classes); },
          "Names in the order of the outputs, empty if it states none.")
      .def_prop_ro(
          "grade_names", [](const SharedCard& self) { return to_strs(grade_names(*self.card)); },
          "Names of the grades 0, 1, ..., empty if it states none.")
      .def_prop_ro(
          "referable", [](const SharedCard& self) { return self.card->referable; },
          "Grades from this one on are referable; None if that is no question.")
      .def_prop_ro("demo", [](const SharedCard& self) { return self.card->demo; })
      .def_prop_ro("version", [](const SharedCard& self) { return to_str(self.card->version); })
      .def_prop_ro("source", [](const SharedCard& self) { return to_str(self.card->source); })
      .def_prop_ro("has_self_test", [](const SharedCard& self) { return self.card->self_test.has_value(); })
      .def_prop_ro(
          "json", [](const SharedCard& self) { return to_str(self.card->json); },
          "The card as one line, without test.");
  module.def("_card_beside", [](const nb::bytes& path) -> std::optional<SharedCard> {
    const auto beside = card_beside(to_path(path));
    if (!beside) return std::nullopt;
    return SharedCard{std::make_shared<const ModelCard>(read_card(*beside))};
  });
}

}  // namespace fovea::python
