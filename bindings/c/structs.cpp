#include "bindings/c/structs.h"

namespace fovea::c {

void check_struct_size(const StructShape& shape, std::size_t size) {
  const std::string name = std::string(shape.name) + ".struct_size is " + std::to_string(size);
  if (size < sizeof(std::size_t)) refuse(name + ": set it to sizeof(" + shape.name + ")");
  if (size > kMostStruct) refuse(name + ", which no version of it has");
  const std::size_t* const end = shape.starts + shape.fields;
  if (size < shape.size && std::find(shape.starts, end, size) == end) {
    refuse(name + ", which no version of it has: it has " + std::to_string(shape.size));
  }
}

void check_rest(const StructShape& shape, const void* data, std::size_t size) {
  const auto* const bytes = static_cast<const unsigned char*>(data);
  for (std::size_t at = shape.size; at < size; ++at) {
    if (bytes[at] == 0) continue;
    refuse(std::string(shape.name) + " has " + std::to_string(size) + " bytes, this libfovea knows " +
           std::to_string(shape.size) + " of them, and byte " + std::to_string(at) +
           " is set: a field of a later version");
  }
}

}  // namespace fovea::c
