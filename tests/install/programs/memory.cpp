// memory MODEL: a model from memory and from a stream; weights and activations in the host's own memory, all of which
// comes back; a host that has no more is an error.
#include <atomic>
#include <fstream>
#include <memory_resource>
#include <sstream>
#include <vector>

#include "bits.h"

namespace {

class Counting final : public std::pmr::memory_resource {
 public:
  explicit Counting(std::size_t most) : most_(most) {}
  std::size_t in_use() const { return in_use_; }
  std::size_t largest() const { return largest_; }

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (in_use_ + bytes > most_) throw std::bad_alloc();
    in_use_ += bytes;
    largest_ = std::max(largest_, in_use_);
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }
  void do_deallocate(void* at, std::size_t bytes, std::size_t alignment) override {
    in_use_ -= bytes;
    std::pmr::new_delete_resource()->deallocate(at, bytes, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  std::size_t most_, in_use_ = 0, largest_ = 0;
};

std::string answer_of(const std::shared_ptr<const fovea::Model>& model, std::pmr::memory_resource* memory) {
  fovea::Session session(model, {.threads = 2, .memory = memory});
  fill(session);
  session.run();
  return bits_of(session);
}

bool is_refused(std::span<const std::byte> file, std::size_t most) {
  Counting memory(most);
  try {
    answer_of(fovea::load_model(file, "model", {.load = {.memory = &memory}}), &memory);
  } catch (const fovea::Error& error) {
    return std::string(error.what()).find("not enough memory") != std::string::npos && memory.in_use() == 0;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string expected = answer(argv[1]);
  std::ostringstream content;
  content << std::ifstream(argv[1], std::ios::binary).rdbuf();
  std::string text = content.str();
  std::vector<std::byte> bytes(text.size());
  std::memcpy(bytes.data(), text.data(), text.size());

  Counting memory(std::size_t{1} << 30);
  auto from_memory = fovea::load_model(bytes, "a model in memory", {.load = {.memory = &memory}});
  bytes.assign(bytes.size(), std::byte{0xff});  // needed no longer
  if (memory.in_use() == 0 || answer_of(from_memory, &memory) != expected) return 3;
  from_memory.reset();
  if (memory.in_use() != 0) return 4;

  std::memcpy(bytes.data(), text.data(), text.size());
  for (const std::size_t share : {0, 1, 4, 9}) {
    if (!is_refused(bytes, memory.largest() / 10 * share)) return 5;
  }
  std::istringstream stream(std::move(text));
  const auto from_stream = fovea::load_model(stream, "a stream");
  if (from_stream->provenance().file != "a stream") return 6;
  const std::string got = answer_of(from_stream, nullptr);
  std::puts(got.c_str());
  return got == expected ? 0 : 1;
}
