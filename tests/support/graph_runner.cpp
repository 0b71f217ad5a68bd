// One buffer a node.
#include "tests/support/graph_runner.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace fovea::test {

namespace {

// What lies behind the values of a vector: the layers promise to read nothing from it that is not finite.
constexpr float kFiniteGarbage = 1000;

}  // namespace

GraphRunner::GraphRunner(Graph graph, const KernelTable& kernels, Arithmetic arithmetic)
    : graph_(std::move(graph)), kernels_(kernels) {
  for (const Node& node : graph_.nodes()) tensors_.push_back({node.shape, node.layer->output_layout()});
  ThreadTeam team(2);
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    PrepareContext context{kernels_, {}, tensors_[i], team, arithmetic};
    for (const int input : graph_.nodes()[i].inputs) context.in.push_back(tensors_[static_cast<std::size_t>(input)]);
    graph_.nodes()[i].layer->prepare(context);
    scratch_floats_ = std::max(scratch_floats_, graph_.nodes()[i].layer->scratch_floats());
    shared_scratch_floats_ = std::max(shared_scratch_floats_, graph_.nodes()[i].layer->shared_scratch_floats());
  }
}

std::vector<std::vector<float>> GraphRunner::run(const std::vector<std::vector<float>>& images, int threads) {
  const int batch = static_cast<int>(images.size());
  std::vector<std::unique_ptr<Buffer>> results;
  for (const TensorDesc& tensor : tensors_) results.push_back(std::make_unique<Buffer>(tensor.floats() * batch));
  Buffer scratch(scratch_floats_ * threads);
  Buffer shared_scratch(shared_scratch_floats_);
  ThreadTeam team(threads);
  std::int64_t first = 0;  // of the input's values in an image
  for (const int node : graph_.inputs()) {
    const std::size_t input = static_cast<std::size_t>(node);
    const std::int64_t floats = tensors_[input].floats(), elements = tensors_[input].shape.elements();
    std::fill_n(results[input]->data(), floats * batch, kFiniteGarbage);
    for (int i = 0; i < batch; ++i) {
      std::copy_n(images[static_cast<std::size_t>(i)].begin() + first, elements, results[input]->data() + i * floats);
    }
    first += elements;
  }
  for (std::size_t n = 0; n < tensors_.size(); ++n) {
    const Node& node = graph_.nodes()[n];
    std::vector<Images<const float>> in;
    for (const int i : node.inputs) {
      in.push_back({results[static_cast<std::size_t>(i)]->data(), tensors_[static_cast<std::size_t>(i)].floats()});
    }
    node.layer->run({.kernels = kernels_,
                     .team = team,
                     .batch = batch,
                     .in = in,
                     .out = {results[n]->data(), tensors_[n].floats()},
                     .scratch = scratch.data(),
                     .scratch_stride = scratch_floats_,
                     .shared_scratch = shared_scratch.data()});
  }
  EXPECT_TRUE(shared_scratch.guards_whole()) << "something was written beside the shared scratch";
  check(results, scratch, batch);
  std::vector<std::vector<float>> out(images.size());
  for (const int node : graph_.outputs()) {
    const std::size_t output = static_cast<std::size_t>(node);
    for (int i = 0; i < batch; ++i) {
      const float* from = results[output]->data() + i * tensors_[output].floats();
      std::vector<float>& values = out[static_cast<std::size_t>(i)];
      values.insert(values.end(), from, from + tensors_[output].shape.elements());
    }
  }
  return out;
}

void GraphRunner::check(const std::vector<std::unique_ptr<Buffer>>& results, const Buffer& scratch, int batch) const {
  EXPECT_TRUE(scratch.guards_whole()) << "something was written beside the scratch";
  for (std::size_t n = 0; n < tensors_.size(); ++n) {
    const std::string& name = graph_.nodes()[n].layer->name();
    EXPECT_TRUE(results[n]->guards_whole()) << name << " wrote beside its result";
    // Blocked results and vectors are whole blocks; the values behind another channel-last image belong to nobody.
    const TensorDesc& tensor = tensors_[n];
    const bool blocks = tensor.layout == Layout::c16 || tensor.shape.rank() == 1;
    const std::int64_t floats = tensor.floats(), needed = blocks ? floats : tensor.shape.elements();
    std::int64_t unwritten = 0;
    for (int image = 0; image < batch; ++image) {
      for (std::int64_t i = 0; i < needed; ++i) unwritten += results[n]->untouched(image * floats + i);
    }
    EXPECT_EQ(unwritten, 0) << name << " left values unwritten";
  }
}

}  // namespace fovea::test
