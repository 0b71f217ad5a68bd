// Reading a stream whose length nobody knows.
#include "loaders/model_file.h"

#include <algorithm>
#include <cstring>
#include <istream>
#include <list>
#include <new>

#include <fovea/error.h>
#include <fovea/pack.h>

namespace fovea {

namespace {

constexpr std::size_t kFirstBlock = std::size_t{1} << 16, kLargestBlock = std::size_t{1} << 24;

// A host may have made the stream throw, and its own buffer may throw what it likes.
std::size_t read_block(std::istream& file, unsigned char* out, std::size_t size, const std::string& name) {
  try {
    file.read(reinterpret_cast<char*>(out), static_cast<std::streamsize>(size));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    if (!file.eof() || file.bad()) throw Error(name + ": cannot be read: " + error.what());
  }
  if (file.bad() || (file.fail() && !file.eof())) throw Error(name + ": cannot be read");
  return static_cast<std::size_t>(file.gcount());
}

}  // namespace

ModelFile read_stream(std::istream& file, const std::string& name, const LoadOptions& load) try {
  struct Block {
    std::shared_ptr<unsigned char[]> data;
    std::size_t size = 0;
  };
  std::list<Block> blocks;
  std::uint64_t all = 0;
  if (!file) throw Error(name + ": cannot be read");
  for (std::size_t room = kFirstBlock; !file.eof(); room = std::min(2 * room, kLargestBlock)) {
    if (load.cancel.cancelled()) throw Cancelled("cancelled");
    Block block{std::shared_ptr<unsigned char[]>(new unsigned char[room]), 0};
    block.size = read_block(file, block.data.get(), room, name);
    all += block.size;
    if (all > load.most_stream_bytes) {
      throw Error(name + ": the stream holds more than " + std::to_string(load.most_stream_bytes) + " bytes");
    }
    blocks.push_back(std::move(block));
  }
  const std::shared_ptr<unsigned char[]> data(new unsigned char[all]);
  unsigned char* out = data.get();
  while (!blocks.empty()) {
    out = std::copy_n(blocks.front().data.get(), blocks.front().size, out);
    blocks.pop_front();
  }
  return {name, Bytes{data, all}};
} catch (const std::bad_alloc&) {
  throw OutOfMemoryError(name + ": not enough memory");
}

ModelFile in_memory(std::span<const std::byte> bytes, const std::string& name) {
  return {name, Bytes{{std::shared_ptr<void>(), reinterpret_cast<const unsigned char*>(bytes.data())}, bytes.size()}};
}

bool is_pack(const ModelFile& file) {
  if (!file.image) return is_pack_file(file.name);
  return is_pack_file(std::span(reinterpret_cast<const std::byte*>(file.image->data.get()), file.image->size));
}

}  // namespace fovea
