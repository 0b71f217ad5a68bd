// The tables of report.html.
#include "tools/compare/report/report_tables.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "text/html.h"

namespace fovea::tools {

namespace {

using Json = nlohmann::ordered_json;

// "model_sha256" as "Model SHA-256".
std::string heading(std::string key) {
  std::replace(key.begin(), key.end(), '_', ' ');
  if (const std::size_t hash = key.find("sha256"); hash != std::string::npos) key.replace(hash, 6, "SHA-256");
  if (key == "isa") key = "instruction set";
  if (!key.empty() && key.front() >= 'a' && key.front() <= 'z')
    key.front() = static_cast<char>(key.front() - 'a' + 'A');
  return key;
}

std::string fact_row(const std::string& name, const std::string& value) {
  return "<tr><th scope=\"row\">" + escaped(name) + "</th><td class=\"long\">" + escaped(value) + "</td></tr>\n";
}

std::string scalar_text(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

// One line of what is no object of its own; a card has no structure deeper than this.
std::string line_of(const Json& value) {
  if (!value.is_structured()) return scalar_text(value);
  std::string line;
  for (const auto& [key, part] : value.items()) {
    if (!line.empty()) line += ", ";
    if (value.is_object()) line += key + " ";
    line += part.is_structured() ? "(" + std::to_string(part.size()) + " values)" : scalar_text(part);
  }
  return line;
}

bool holds_structures(const Json& value) {
  return std::any_of(value.begin(), value.end(), [](const Json& part) { return part.is_structured(); });
}

void add_card_rows(const std::string& name, const Json& value, int depth, std::string& rows) {
  constexpr int kDeepest = 4;
  if (!value.is_structured() || depth >= kDeepest || (value.is_array() && !holds_structures(value))) {
    rows += fact_row(heading(name), line_of(value));
    return;
  }
  std::size_t index = 0;
  for (const auto& [key, part] : value.items()) {
    if (value.is_array()) {
      rows += fact_row(heading(name) + " " + std::to_string(++index), line_of(part));
    } else {
      add_card_rows(name.empty() ? key : name + ", " + key, part, depth + 1, rows);
    }
  }
}

}  // namespace

std::string section(const std::string& title, const std::string& content) {
  return "<section><h2>" + title + "</h2>\n" + content + "</section>\n";
}

std::string scrolled(const std::string& name, const std::string& html) {
  return "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"" + escaped(name) + "\">\n" + html +
         "</div>\n";
}

std::string table_row(const std::vector<std::string>& html, std::size_t texts) {
  std::string row = "<tr>";
  for (std::size_t i = 0; i < html.size(); ++i) {
    const std::string number = i < texts ? "" : " class=\"n\"";
    row += i == 0 ? "<th scope=\"row\"" + number + ">" + html[i] + "</th>" : "<td" + number + ">" + html[i] + "</td>";
  }
  return row + "</tr>\n";
}

std::string table(const std::string& name, const std::vector<std::string>& header, std::size_t texts,
                  const std::string& rows) {
  std::string head;
  for (std::size_t i = 0; i < header.size(); ++i) {
    head += std::string("<th scope=\"col\"") + (i < texts ? "" : " class=\"n\"") + ">" + header[i] + "</th>";
  }
  if (!head.empty()) head = "<thead><tr>" + head + "</tr></thead>\n";
  return "<table><caption>" + escaped(name) + "</caption>\n" + head + "<tbody>\n" + rows + "</tbody></table>\n";
}

std::string facts_table(const std::string& name, const Facts& facts) {
  std::string rows, cards;
  for (const auto& [key, value] : facts) {
    const Json card = key == "card" ? Json::parse(value, nullptr, /*allow_exceptions=*/false) : Json();
    if (!card.is_object()) {
      rows += fact_row(heading(key), value);
      continue;
    }
    std::string card_rows;
    add_card_rows("", card, 0, card_rows);
    cards += "<h3>Its model card</h3>\n" + table("model card", {}, 0, card_rows);
  }
  return "<div class=\"facts\">" + table(name, {}, 0, rows) + cards + "</div>\n";
}

std::string fact(const Facts& facts, const std::string& key) {
  const auto found = std::find_if(facts.begin(), facts.end(), [&](const auto& each) { return each.first == key; });
  return found == facts.end() ? "" : found->second;
}

}  // namespace fovea::tools
