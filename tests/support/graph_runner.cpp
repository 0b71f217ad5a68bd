// One buffer a node.
#include "tests/support/graph_runner.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/graph/prepare.h"

namespace fovea::test {

namespace {

// What lies behind the values of a vector: the layers promise to read nothing from it that is not finite.
constexpr float kFiniteGarbage = 1000;
constexpr std::int64_t kFloat = sizeof(float);

std::byte* bytes_of(Buffer& buffer) { return reinterpret_cast<std::byte*>(buffer.data()); }

}  // namespace

GraphRunner::GraphRunner(Graph graph, const KernelTable& kernels, Arithmetic arithmetic)
    : graph_(std::move(graph)), kernels_(kernels) {
  tensors_ = tensors_of(graph_);
  ThreadTeam team(2);
  Packer packer(team);
  prepare(graph_, tensors_, kernels_, packer, arithmetic);
  for (const Node& node : graph_.nodes()) {
    thread_scratch_ = std::max(thread_scratch_, node.op->needs().thread_scratch);
    shared_scratch_ = std::max(shared_scratch_, node.op->needs().shared_scratch);
  }
}

std::vector<std::vector<float>> GraphRunner::run(const std::vector<std::vector<float>>& images, int threads) {
  const int batch = static_cast<int>(images.size());
  std::vector<std::unique_ptr<Buffer>> results;
  for (const TensorDesc& tensor : tensors_) results.push_back(std::make_unique<Buffer>(tensor.values() * batch));
  Buffer scratch(thread_scratch_ / kFloat * threads);
  Buffer shared_scratch(shared_scratch_ / kFloat);
  ThreadTeam team(threads);
  std::int64_t first = 0;  // of the input's values in an image
  for (const int node : graph_.inputs()) {
    const std::size_t input = static_cast<std::size_t>(node);
    const std::int64_t floats = tensors_[input].values(), elements = tensors_[input].shape.elements();
    std::fill_n(results[input]->data(), floats * batch, kFiniteGarbage);
    for (int i = 0; i < batch; ++i) {
      std::copy_n(images[static_cast<std::size_t>(i)].begin() + first, elements, results[input]->data() + i * floats);
    }
    first += elements;
  }
  for (std::size_t n = 0; n < tensors_.size(); ++n) {
    const Node& node = graph_.nodes()[n];
    std::vector<Operand> in;
    for (const int i : node.inputs) {
      in.push_back({bytes_of(*results[static_cast<std::size_t>(i)]), tensors_[static_cast<std::size_t>(i)].bytes()});
    }
    node.op->run({.kernels = kernels_,
                  .team = team,
                  .batch = batch,
                  .in = in,
                  .out = {bytes_of(*results[n]), tensors_[n].bytes()},
                  .scratch = bytes_of(scratch),
                  .scratch_stride = thread_scratch_,
                  .shared = bytes_of(shared_scratch)});
  }
  EXPECT_TRUE(shared_scratch.guards_whole()) << "something was written beside the shared scratch";
  check(results, scratch, batch);
  std::vector<std::vector<float>> out(images.size());
  for (const int node : graph_.outputs()) {
    const std::size_t output = static_cast<std::size_t>(node);
    for (int i = 0; i < batch; ++i) {
      const float* from = results[output]->data() + i * tensors_[output].values();
      std::vector<float>& values = out[static_cast<std::size_t>(i)];
      values.insert(values.end(), from, from + tensors_[output].shape.elements());
    }
  }
  return out;
}

void GraphRunner::check(const std::vector<std::unique_ptr<Buffer>>& results, const Buffer& scratch, int batch) const {
  EXPECT_TRUE(scratch.guards_whole()) << "something was written beside the scratch";
  for (std::size_t n = 0; n < tensors_.size(); ++n) {
    const std::string& name = graph_.nodes()[n].name;
    EXPECT_TRUE(results[n]->guards_whole()) << name << " wrote beside its result";
    // Blocked results and vectors are whole blocks; the values behind another channel-last image belong to nobody.
    const TensorDesc& tensor = tensors_[n];
    const bool blocks = tensor.format.layout == Layout::c16 || tensor.shape.rank() == 1;
    const std::int64_t floats = tensor.values(), needed = blocks ? floats : tensor.shape.elements();
    std::int64_t unwritten = 0;
    for (int image = 0; image < batch; ++image) {
      for (std::int64_t i = 0; i < needed; ++i) unwritten += results[n]->untouched(image * floats + i);
    }
    EXPECT_EQ(unwritten, 0) << name << " left values unwritten";
  }
}

}  // namespace fovea::test
