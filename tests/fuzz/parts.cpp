// Chunks of a PNG: length of the body (4 bytes), type (4), body, checksum (4). Segments of a JPEG: marker (2), length
// of itself and the body (2), body; behind the start of scan (0xffda) come coded bytes, which are left alone.
#include "tests/fuzz/parts.h"

#include <algorithm>
#include <array>
#include <random>
#include <vector>

namespace fovea::fuzz {

namespace {

using Bytes = std::vector<std::uint8_t>;

/// How the parts of a kind of file are written.
struct Form {
  std::size_t signature;   // bytes before the first part
  std::size_t head, tail;  // of a part
  std::size_t length_at, length_bytes;
  std::size_t counted;  // bytes besides the body that the length counts
};
constexpr Form kPng{8, 8, 4, 0, 4, 0}, kJpeg{2, 4, 0, 2, 2, 2};
constexpr std::size_t kMostGrowth = 2048;

bool begins_with(const Bytes& bytes, std::initializer_list<int> start) {
  return bytes.size() >= start.size() &&
         std::equal(start.begin(), start.end(), bytes.begin(), [](int a, std::uint8_t b) { return a == b; });
}

std::size_t length_of(const Form& form, const std::uint8_t* part) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < form.length_bytes; ++i) length = length << 8 | part[form.length_at + i];
  return length;
}

void set_length(const Form& form, Bytes& part) {
  std::size_t length = part.size() - form.head - form.tail + form.counted;
  for (std::size_t i = form.length_bytes; i-- > 0; length >>= 8) {
    part[form.length_at + i] = static_cast<std::uint8_t>(length);
  }
}

/// Cuts the whole parts from the front of `rest`.
std::vector<Bytes> take_parts(const Form& form, Bytes& rest) {
  std::vector<Bytes> parts;
  std::size_t at = 0;
  while (rest.size() - at >= form.head + form.tail) {
    const std::size_t length = length_of(form, &rest[at]);
    const bool scan = form.tail == 0 && (rest[at] != 0xff || rest[at + 1] == 0xda);
    if (scan || length < form.counted || length - form.counted > rest.size() - at - form.head - form.tail) break;
    const std::size_t end = at + form.head + length - form.counted + form.tail;
    parts.emplace_back(rest.begin() + static_cast<std::ptrdiff_t>(at), rest.begin() + static_cast<std::ptrdiff_t>(end));
    at = end;
  }
  rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(at));
  return parts;
}

/// Another size of the body; what is new repeats what is there, or is any bytes.
void resize_body(const Form& form, Bytes& part, std::minstd_rand& random) {
  const std::size_t body = part.size() - form.head - form.tail;
  const bool grows = random() % 4 != 0;
  const std::size_t wanted = grows ? body + 1 + random() % kMostGrowth : random() % (body + 1);
  const Bytes tail(part.end() - static_cast<std::ptrdiff_t>(form.tail), part.end());
  part.resize(form.head + std::min(body, wanted));
  while (part.size() < form.head + wanted) {
    part.push_back(body > 0 && grows ? part[form.head + (part.size() - form.head) % body]
                                     : static_cast<std::uint8_t>(random()));
  }
  part.insert(part.end(), tail.begin(), tail.end());
  set_length(form, part);
}

}  // namespace

std::size_t mutate_parts(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned int seed) {
  const Bytes whole(data, data + size);
  const bool png = begins_with(whole, {0x89, 'P', 'N', 'G'});
  if (!png && !begins_with(whole, {0xff, 0xd8})) return 0;
  const Form& form = png ? kPng : kJpeg;
  if (size < form.signature) return 0;
  Bytes rest(whole.begin() + static_cast<std::ptrdiff_t>(form.signature), whole.end());
  std::vector<Bytes> parts = take_parts(form, rest);
  if (parts.empty()) return 0;
  std::minstd_rand random(seed);
  const std::size_t chosen = random() % parts.size();
  const auto place = parts.begin() + static_cast<std::ptrdiff_t>(chosen);
  switch (random() % 6) {
    case 0:
      parts.insert(place, Bytes(*place));
      break;
    case 1:
      parts.erase(place);
      break;
    case 2:
      std::iter_swap(place, parts.begin() + static_cast<std::ptrdiff_t>(random() % parts.size()));
      break;
    default:
      resize_body(form, *place, random);
  }
  Bytes made(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(form.signature));
  for (const Bytes& part : parts) made.insert(made.end(), part.begin(), part.end());
  made.insert(made.end(), rest.begin(), rest.end());
  made.resize(std::min(made.size(), max_size));
  std::ranges::copy(made, data);
  return made.size();
}

}  // namespace fovea::fuzz
