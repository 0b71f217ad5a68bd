// The lines of a journal as text: fields separated by tabs, the last one a checksum of those before it.
#include "tools/predict/journal_format.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>

#include <fovea/error.h>
#include "base/sha256.h"

namespace fovea::tools {

namespace {

constexpr std::string_view kVersion = "2";
constexpr std::size_t kCheckDigits = 16;
constexpr std::size_t kFloatDigits = 8;
constexpr std::size_t kRecordFields = 8;
constexpr const char* kDigits = "0123456789ABCDEF";

// Tabs, line ends and what else could not be seen become %XX.
std::string in_one_line(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '%') {
      result += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      result += c;
    }
  }
  return result;
}

template <typename Number>
Number parse_number(std::string_view text, const char* what, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) throw Error(std::string(what) + " is no number");
  return value;
}

std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    if (text.size() - i < 3) throw Error("a text ends within a %XX");
    result += static_cast<char>(parse_number<std::uint8_t>(text.substr(i + 1, 2), "a %XX", 16));
    i += 2;
  }
  return result;
}

std::string sealed(std::string line) {
  line += '\t' + sha256_of(line).substr(0, kCheckDigits) + '\n';
  return line;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
}

std::string outputs_text(const std::vector<float>& outputs) {
  std::string text;
  for (const float output : outputs) {
    const auto bits = std::bit_cast<std::uint32_t>(output);
    for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[bits >> shift & 15];
  }
  return text;
}

std::vector<float> parse_outputs(std::string_view text, std::size_t count) {
  if (text.size() != count * kFloatDigits) throw Error("it does not have " + std::to_string(count) + " outputs");
  std::vector<float> outputs;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = parse_number<std::uint32_t>(text.substr(i * kFloatDigits, kFloatDigits), "an output", 16);
    outputs.push_back(std::bit_cast<float>(bits));
    if (!std::isfinite(outputs.back())) throw Error("an output is not finite");
  }
  return outputs;
}

}  // namespace

std::string header_line(const RunIdentity& identity) {
  std::string line = std::string(kJournalMagic) + std::string(kVersion);
  for (const auto& [name, value] : identity) line += '\t' + name + '=' + in_one_line(value);
  return sealed(line);
}

std::string record_line(std::size_t index, const Graded& graded) {
  const bool has_grade = graded.error.empty();
  return sealed(std::to_string(index) + '\t' + std::to_string(graded.file.size) + '\t' +
                std::to_string(graded.file.mtime) + '\t' + (has_grade ? std::to_string(graded.grade) : "-") + '\t' +
                outputs_text(graded.outputs) + '\t' + in_one_line(graded.note) + '\t' + in_one_line(graded.error) +
                '\t' + in_one_line(graded.id));
}

std::optional<std::string_view> unsealed(std::string_view line) {
  if (line.size() <= kCheckDigits) return std::nullopt;
  const std::size_t tab = line.size() - kCheckDigits - 1;
  const std::string_view body = line.substr(0, tab);
  if (line[tab] != '\t' || sha256_of(body).compare(0, kCheckDigits, line.substr(tab + 1)) != 0) return std::nullopt;
  return body;
}

RunIdentity parse_header(std::string_view line) {
  const std::vector<std::string_view> fields = fields_of(line);
  if (!fields[0].starts_with(kJournalMagic)) throw Error("is no journal of batch-predict");
  if (fields[0].substr(kJournalMagic.size()) != kVersion) throw Error("was written by another version of fovea");
  RunIdentity identity;
  for (std::size_t i = 1; i < fields.size(); ++i) {
    const std::size_t equals = fields[i].find('=');
    if (equals == std::string_view::npos) throw Error("a field has no value");
    identity.emplace_back(fields[i].substr(0, equals), unescaped(fields[i].substr(equals + 1)));
  }
  return identity;
}

Graded parse_record(std::string_view line, std::size_t index, const JournalShape& shape) {
  const std::vector<std::string_view> fields = fields_of(line);
  if (fields.size() != kRecordFields) throw Error("it has " + std::to_string(fields.size()) + " fields");
  if (parse_number<std::size_t>(fields[0], "its index") != index || index >= shape.images) {
    throw Error("it is out of order");
  }
  Graded graded;
  graded.file.size = parse_number<std::int64_t>(fields[1], "a size");
  graded.file.mtime = parse_number<std::int64_t>(fields[2], "a time");
  graded.note = unescaped(fields[5]);
  graded.error = unescaped(fields[6]);
  graded.id = unescaped(fields[7]);
  if (fields[3] == "-") {
    if (graded.error.empty() || !fields[4].empty()) throw Error("it has neither a grade nor an error");
    return graded;
  }
  if (!graded.error.empty()) throw Error("it has a grade and an error");
  graded.grade = parse_number<int>(fields[3], "a grade");
  if (graded.grade < 0 || graded.grade >= shape.grades) throw Error("its grade is none of this model's");
  graded.outputs = parse_outputs(fields[4], shape.outputs);
  return graded;
}

}  // namespace fovea::tools
