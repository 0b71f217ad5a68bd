// Structs that begin with their size: what an older or a later header's program gives, and what it gets.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <type_traits>

#include "bindings/c/call.h"

namespace fovea::c {

/// Larger than any version of any struct will be: beyond it no memory is looked at.
inline constexpr std::size_t kMostStruct = 4096;

/// What is to be known of a struct: its name, and `starts`, where each field behind the first begins. A size that ends
/// between two of them is that of an older version.
struct StructShape {
  const char* name;
  std::size_t size;
  const std::size_t* starts;
  std::size_t fields;
};

/// Throws Refusal unless `size` is one that a version of the struct has, or may have some day.
void check_struct_size(const StructShape& shape, std::size_t size);
/// Throws Refusal if a byte between the struct that is known and `size` is set.
void check_rest(const StructShape& shape, const void* data, std::size_t size);

template <typename Struct>
struct Fields;  // static constexpr const char* kName; static constexpr std::array kStarts;

/// FOVEA_FIELDS(fovea_thing, offsetof(fovea_thing, second), ...): all fields but struct_size, in order.
#define FOVEA_FIELDS(Struct, ...)                                                                                 \
  template <>                                                                                                     \
  struct Fields<Struct> {                                                                                         \
    static constexpr const char* kName = #Struct;                                                                 \
    static constexpr std::array<std::size_t, std::size(std::initializer_list<std::size_t>{__VA_ARGS__})> kStarts{ \
        __VA_ARGS__};                                                                                             \
  }

template <typename Struct>
StructShape shape_of() {
  static_assert(std::is_trivially_copyable_v<Struct> && offsetof(Struct, struct_size) == 0);
  return {Fields<Struct>::kName, sizeof(Struct), Fields<Struct>::kStarts.data(), Fields<Struct>::kStarts.size()};
}

/// A copy of the struct that was given, whose fields that its version lacks are zero: their default. Throws Refusal for
/// NULL, and where a later version's field is set.
template <typename Struct>
Struct read_struct(const Struct* given) {
  const StructShape shape = shape_of<Struct>();
  need(given, shape.name);
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof(size));
  check_struct_size(shape, size);
  check_rest(shape, given, size);
  Struct known{};
  std::memcpy(&known, given, std::min(size, sizeof(Struct)));
  known.struct_size = sizeof(Struct);
  return known;
}

/// The same for options, which may be NULL: all defaults.
template <typename Struct>
Struct read_options(const Struct* given) {
  return given == nullptr ? Struct{} : read_struct(given);
}

/// Throws Refusal unless `out` is a struct that can be written.
template <typename Struct>
void check_out(const Struct* out) {
  const StructShape shape = shape_of<Struct>();
  need(out, shape.name);
  std::size_t size = 0;
  std::memcpy(&size, out, sizeof(size));
  check_struct_size(shape, size);
}

/// Writes as much of `value` as the caller's version has; what a later version has behind it becomes zero.
template <typename Struct>
void write_struct(Struct* out, const Struct& value) {
  check_out(out);
  const std::size_t size = out->struct_size;
  auto* const bytes = reinterpret_cast<unsigned char*>(out);
  const std::size_t known = std::min(size, sizeof(Struct));
  std::memcpy(bytes + sizeof(size), reinterpret_cast<const unsigned char*>(&value) + sizeof(size),
              known - sizeof(size));
  std::memset(bytes + known, 0, size - known);
}

/// The number in an enum's place: a caller may have put any there.
template <typename Enum>
int number_in(const Enum& place) {
  static_assert(sizeof(Enum) == sizeof(int));
  int number = 0;
  std::memcpy(&number, &place, sizeof(number));
  return number;
}

}  // namespace fovea::c
