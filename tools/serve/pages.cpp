// The pages that the server makes.
#include "tools/serve/pages.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include <fovea/version.h>
#include "text/html.h"
#include "text/text.h"
#include "tools/common/grade/labels.h"
#include "tools/serve/assets.h"
#include "tools/serve/http/problem.h"

namespace fovea::tools {

namespace {

Response html(int status, std::string body) { return {status, "text/html; charset=utf-8", std::move(body), {}}; }

std::string banner(const ModelCard& card) {
  return card.demo ? "<p class=\"mark\" role=\"note\">" + escaped(kDemoMark) + "</p>" : "";
}

// The frame that all pages but the app itself have.
std::string framed(const std::string& title, const std::string& mark, const std::string& content) {
  std::string page = filled(asset("page.html"), "title", escaped(title));
  page = filled(page, "banner", mark);
  page = filled(page, "version", escaped(version()));
  return filled(page, "content", content);
}

std::string row(const std::string& name, const std::string& value) {
  return value.empty() ? "" : "<dt>" + escaped(name) + "</dt><dd>" + escaped(value) + "</dd>\n";
}

// Without script or style of its own: a bar is a picture whose width is an attribute.
std::string bars(const ModelCard& card, const Graded& graded) {
  std::string rows;
  const std::vector<float> probabilities = probabilities_of(card, graded.outputs);
  for (std::size_t i = 0; i < probabilities.size(); ++i) {
    const double share = probabilities[i];
    const std::string percent = share < 1 && share >= 0.9995 ? "> 99.9" : fixed_text(100 * share, 1);
    rows += "<tr><th scope=\"row\">" + std::to_string(i) + " " + escaped(class_name(card, static_cast<int>(i))) +
            "</th><td><svg class=\"bar\" aria-hidden=\"true\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\">"
            "<rect class=\"back\" width=\"100\" height=\"8\"/><rect class=\"value\" height=\"8\" width=\"" +
            fixed_text(100 * share, 1) + "\"/></svg></td><td class=\"n\">" + escaped(percent) + " %</td></tr>\n";
  }
  return "<table class=\"bars\"><caption>Probabilities</caption><tbody>" + rows + "</tbody></table>";
}

std::string picture_section(const ModelCard& card, std::size_t number, const GradedPicture& picture) {
  const Graded& graded = picture.graded;
  std::string text = "<section class=\"card\"><h2>Picture " + std::to_string(number) + "</h2>";
  if (!graded.error.empty()) return text + "<p class=\"error\">" + escaped(graded.error) + "</p></section>";
  const bool referable = is_referable(card, graded.grade);
  text += "<p class=\"verdict\"><span class=\"grade\">" + std::to_string(graded.grade) + "</span> " +
          escaped(class_name(card, graded.grade)) + "</p>";
  if (card.referable) {
    text += std::string("<p class=\"") + (referable ? "pill refer" : "pill fine") + "\">" +
            (referable ? "Referable" : "Not referable") + "</p>";
  }
  if (card.decision.rule == Decision::Rule::regression) {
    text += "<p>Output " + number_text(graded.outputs.front()) + "</p>";
  } else {
    text += bars(card, graded);
  }
  if (!graded.note.empty()) text += "<p class=\"soft\">" + escaped(graded.note) + "</p>";
  return text + "<p class=\"soft hash\">SHA-256 of the file: " + picture.sha256 + "</p></section>";
}

std::string card_text(const ModelCard& card) {
  const auto json = nlohmann::ordered_json::parse(card.json, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return escaped(card.json);
  std::string text;  // line by line: escaping replaces line ends
  std::istringstream lines(json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  for (std::string line; std::getline(lines, line);) text += escaped(line) + "\n";
  return text;
}

}  // namespace

Response index_page(const PageFacts& facts) {
  std::string page = filled(asset("index.html"), "banner", banner(facts.pipeline->card()));
  page = filled(page, "version", escaped(version()));
  page = filled(page, "model", facts.pipeline->model()->provenance().sha256.substr(0, 12));
  page = filled(page, "heatmaps", facts.heat_maps ? "yes" : "no");
  page = filled(page, "maxbody", std::to_string(facts.max_body));
  return html(200, filled(page, "maxfiles", std::to_string(facts.max_files)));
}

Response about_page(const PageFacts& facts) {
  const ModelCard& card = facts.pipeline->card();
  const Model& model = *facts.pipeline->model();
  std::string classes;
  for (const std::string& name : grade_names(card)) classes += (classes.empty() ? "" : ", ") + name;
  const std::string facts_list =
      "<dl>" + row("Model", model.name()) + row("SHA-256", model.provenance().sha256) +
      row("Version of the weights", card.version) + row("Origin", card.origin) + row("Classes", classes) +
      row("Referable from grade", card.referable ? std::to_string(*card.referable) : "") +
      row("Network's input", model.input_shape().str()) + row("Parameters", std::to_string(model.parameters())) +
      row("Measured accuracy", facts.accuracy) + row("Engine", std::string("fovea ") + version() + ", " + model.isa()) +
      "</dl>";
  return html(200, framed("About", banner(card),
                          "<section class=\"card\"><h1>About this server</h1><p class=\"warn\"><strong>For research "
                          "use. This is not a medical device.</strong> Its grades are no diagnosis and must not decide "
                          "about the care of a patient.</p>" +
                              facts_list + "</section><section class=\"card\"><h2>Model card</h2><pre tabindex=\"0\">" +
                              card_text(card) + "</pre></section>"));
}

Response result_page(const PageFacts& facts, const std::vector<GradedPicture>& pictures) {
  std::string sections;
  bool graded = false;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    sections += picture_section(facts.pipeline->card(), i + 1, pictures[i]);
    graded |= pictures[i].graded.error.empty();
  }
  return html(graded ? 200 : 422, framed("Result", banner(facts.pipeline->card()), "<h1>Result</h1>" + sections));
}

Response error_page(int status, const std::string& detail) {
  return html(status, framed(status_text(status), "",
                             "<section class=\"card\"><h1>" + escaped(status_text(status)) + "</h1><p>" +
                                 escaped(detail) + "</p></section>"));
}

}  // namespace fovea::tools
