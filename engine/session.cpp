// One stream of inferences: buffers of its own over a shared model.
#include <algorithm>
#include <new>

#include "engine/model_impl.h"
#include "layers/aligned.h"
#include "layers/error.h"
#include "layers/thread_team.h"

namespace fovea {

namespace {

// Bounds that keep every product of sizes far from overflow.
constexpr int kMaxBatch = 65536, kMaxThreads = 1024;

// One node's operands, fixed when the session is made.
struct Step {
  const Layer* layer;
  std::vector<Images<const float>> in;
  Images<float> out;
};

}  // namespace

struct Session::Impl {
  std::shared_ptr<const Model> model;
  int max_batch;
  std::unique_ptr<ThreadTeam> team;
  AlignedFloats arena, scratch, shared_scratch;
  std::int64_t scratch_stride = 0;
  std::vector<Step> steps;
  Images<float> input{}, output{};
  std::int64_t input_size = 0, output_size = 0;

  void check(int batch) const {
    if (batch >= 1 && batch <= max_batch) return;
    throw Error("a batch of " + std::to_string(batch) + " is outside the session's 1 to " + std::to_string(max_batch));
  }

  void run(const Step& step, int batch) {
    step.layer->run({.kernels = *model->impl_->kernels,
                     .team = *team,
                     .batch = batch,
                     .in = step.in,
                     .out = step.out,
                     .scratch = scratch.data(),
                     .scratch_stride = scratch_stride,
                     .shared_scratch = shared_scratch.data()});
  }
};

Session::Session(std::shared_ptr<const Model> model, const SessionOptions& options) : impl_(std::make_unique<Impl>()) {
  if (options.max_batch < 1 || options.max_batch > kMaxBatch) throw Error("a session's batch must be 1 to 65536");
  if (options.threads < 0 || options.threads > kMaxThreads) throw Error("a session's threads must be 0 to 1024");
  const Model::Impl& m = *model->impl_;
  Impl& s = *impl_;
  s.max_batch = options.max_batch;
  const int threads = options.threads == 0 ? allowed_threads() : options.threads;
  s.scratch_stride = m.scratch_floats;
  try {
    s.arena = AlignedFloats(m.memory.arena * s.max_batch);
    s.scratch = AlignedFloats(m.scratch_floats * threads);
    s.shared_scratch = AlignedFloats(m.shared_scratch_floats);
    s.team = std::make_unique<ThreadTeam>(threads);
  } catch (const std::bad_alloc&) {
    throw Error("not enough memory for a batch of " + std::to_string(s.max_batch) + " and " + std::to_string(threads) +
                " threads");
  }
  const auto images = [&](int node) {
    const std::size_t n = static_cast<std::size_t>(node);
    return Images<float>{s.arena.data() + m.memory.offsets[n] * s.max_batch, m.memory.sizes[n]};
  };
  for (std::size_t i = 0; i < m.graph.nodes().size(); ++i) {
    const Node& node = m.graph.nodes()[i];
    Step step{node.layer.get(), {}, images(static_cast<int>(i))};
    for (const int input : node.inputs) step.in.push_back({images(input).data, images(input).stride});
    s.steps.push_back(std::move(step));
  }
  s.input = images(m.graph.inputs()[0]);
  s.output = images(m.graph.outputs()[0]);
  s.input_size = model->input_shape().elements();
  s.output_size = model->output_shape().elements();
  s.model = std::move(model);
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const Model& Session::model() const { return *impl_->model; }
int Session::max_batch() const { return impl_->max_batch; }
int Session::threads() const { return impl_->team->threads(); }

std::span<float> Session::input(int i) {
  if (i < 0 || i >= impl_->max_batch) throw Error("image " + std::to_string(i) + " is outside the session's batch");
  return {impl_->input.image(i), static_cast<std::size_t>(impl_->input_size)};
}

std::span<const float> Session::output(int i) const {
  if (i < 0 || i >= impl_->max_batch) throw Error("image " + std::to_string(i) + " is outside the session's batch");
  return {impl_->output.image(i), static_cast<std::size_t>(impl_->output_size)};
}

void Session::run(int batch) {
  impl_->check(batch);
  const ThreadTeam::Run awake(*impl_->team);
  for (const Step& step : impl_->steps) impl_->run(step, batch);
}

void Session::run_layer(std::size_t index, int batch) {
  impl_->check(batch);
  if (index >= impl_->steps.size()) throw Error("the model has no layer " + std::to_string(index));
  impl_->run(impl_->steps[index], batch);
}

}  // namespace fovea
