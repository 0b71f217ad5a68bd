// One stream of inferences: buffers of its own over a shared model.
#include <algorithm>
#include <new>

#include <fovea/error.h>
#include <fovea/version.h>
#include "base/float_mode.h"
#include "engine/graph/head.h"
#include "engine/session_impl.h"

namespace fovea {

namespace {

// Bounds that keep every product of sizes far from overflow.
constexpr int kMaxBatch = 65536;

ThreadChoice threads_of(const SessionOptions& options, const LoadOptions& of_model) {
  if (options.executor != nullptr || options.threading != Threading::automatic) {
    return {options.threads, options.threading, options.executor};
  }
  return {options.threads, of_model.threading, of_model.executor};
}

}  // namespace

Session::Session(std::shared_ptr<const Model> model, const SessionOptions& options) : impl_(std::make_unique<Impl>()) {
  if (options.max_batch < 1 || options.max_batch > kMaxBatch) throw Error("a session's batch must be 1 to 65536");
  if (!model) throw Error("a session needs a model");
  const Model::Impl& m = *model->impl_;
  Impl& s = *impl_;
  s.max_batch = options.max_batch;
  s.keeps_head = options.keep_last_convolution;
  const MemoryPlan kept = s.keeps_head ? plan_memory(m.graph, m.tensors, m.head.values) : MemoryPlan();
  const MemoryPlan& memory = s.keeps_head ? kept : m.memory;
  s.options = options;
  s.scratch_stride = m.thread_scratch;
  const ThreadChoice choice = settled(threads_of(options, m.options.load));
  const int threads = choice.threads;
  try {
    const MemoryScope host(options.memory);
    s.arena = AlignedBytes(memory.arena * s.max_batch);
    s.scratch = AlignedBytes(m.thread_scratch * threads);
    s.shared_scratch = AlignedBytes(m.shared_scratch);
    s.team = std::make_unique<ThreadTeam>(choice);
  } catch (const std::bad_alloc&) {
    throw OutOfMemoryError("not enough memory for a batch of " + std::to_string(s.max_batch) + " and " +
                           std::to_string(threads) + " threads");
  }
  const auto images = [&](int node) {
    const std::size_t n = static_cast<std::size_t>(node);
    return Result{s.arena.data() + memory.offsets[n] * s.max_batch, memory.sizes[n]};
  };
  for (std::size_t i = 0; i < m.graph.nodes().size(); ++i) {
    const Node& node = m.graph.nodes()[i];
    Step step{node.op.get(), {}, images(static_cast<int>(i))};
    for (const int input : node.inputs) step.in.push_back({images(input).data, images(input).stride});
    s.steps.push_back(std::move(step));
  }
  for (const int node : m.graph.inputs()) s.inputs.push_back(images(node));
  for (const int node : m.graph.outputs()) s.outputs.push_back(images(node));
  s.model = std::move(model);
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Session::Impl& Session::impl() const {
  if (!impl_) throw Error("the session was moved from");
  return *impl_;
}

const Model& Session::model() const { return *impl().model; }
int Session::max_batch() const { return impl().max_batch; }
int Session::threads() const { return impl().team->threads(); }

void Session::resize(const std::vector<Shape>& inputs) {
  bool same = inputs.size() == model().input_names().size();
  for (std::size_t i = 0; same && i < inputs.size(); ++i) same = inputs[i] == model().input_shape(static_cast<int>(i));
  if (same) return;
  *this = Session(model().resized(inputs), SessionOptions(impl().options));
}

std::span<float> Session::input(int i, int index) {
  return impl().image(impl().inputs, model().input_shape(index), i, index);
}
std::span<float> Session::input(std::string_view name, int i) { return input(i, model().input_index(name)); }

std::span<const float> Session::output(int i, int index) const {
  return impl().image(impl().outputs, model().output_shape(index), i, index);
}
std::span<const float> Session::output(std::string_view name, int i) const {
  return output(i, model().output_index(name));
}

void Session::run(int batch, const CancelToken& cancel) {
  Impl& s = impl();
  s.check(batch);
  const Impl::Running running(s);
  const FloatMode mode;
  const ThreadTeam::Run awake(*s.team, cancel);
  s.last_batch = 0;
  s.team->check();
  for (const Step& step : s.steps) {
    s.run(step, batch);
    s.team->check();
  }
  s.last_batch = batch;
}

void Session::run_layer(std::size_t index, int batch) {
  impl().check(batch);
  if (index >= impl().steps.size()) throw Error("the model has no layer " + std::to_string(index));
  const Impl::Running running(impl());
  const FloatMode mode;
  impl().run(impl().steps[index], batch);
  impl().team->check();
}

}  // namespace fovea
