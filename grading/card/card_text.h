// Words and numbers of a card as text: shared by its reader, its writer and the command line's overrides.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <fovea/card.h>

namespace fovea {

/// The shortest text that reads back as the same number: "0.5", "700".
std::string number_text(double value);
/// The same for a float.
std::string float_text(float value);
/// A finite number, all of the text; nullopt otherwise.
std::optional<double> parse_number(const std::string& text);
/// A number or a quotient of two: "0.5", "1/255".
std::optional<double> parse_scale(const std::string& text);

std::optional<Interpolation> parse_interpolation(const std::string& name);
std::optional<Decision::Rule> parse_rule(const std::string& name);
std::string rule_name(Decision::Rule rule);

std::string join(const std::vector<std::string>& parts, const std::string& separator);
std::vector<std::string> split(const std::string& text, char separator);

/// What the values of these keys may be, for errors.
inline constexpr const char* kInterpolationWords = "must be nearest, linear, cubic or area";
inline constexpr const char* kRuleWords = "must be argmax, thresholds, regression, expected, count, ordinal or corn";
inline constexpr const char* kOutputsWords = "must be probabilities or logits";
inline constexpr const char* kChannelOrderWords = "must be rgb or bgr";
inline constexpr const char* kScaleWords = "must be a number or a quotient such as 1/255";

}  // namespace fovea
