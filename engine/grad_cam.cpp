// Goes backwards through the head, from the score of a class to the feature map.
#include <fovea/grad_cam.h>

#include <algorithm>
#include <cmath>

#include <fovea/error.h>
#include "base/float_mode.h"
#include "engine/graph/head.h"
#include "engine/session_impl.h"

namespace fovea {

struct GradCam::Impl {
  std::shared_ptr<const Model> model;
  Head head;
  int output;

  const Node& node(int index) const { return graph->nodes()[static_cast<std::size_t>(index)]; }
  const Graph* graph;
};

namespace {

// Values and gradients of one node's result, [H][W][C].
struct NodeResult {
  std::vector<float> values;
  std::vector<double> gradient;
};

// A run's result in the order [H][W][C].
std::vector<float> unblock(const KernelTable& kernels, const TensorDesc& tensor, const float* data) {
  const std::size_t elements = static_cast<std::size_t>(tensor.shape.elements());
  if (tensor.format.layout == Layout::nhwc) return {data, data + elements};
  std::vector<float> values(elements);
  kernels.pack.c16_to_nhwc_f32(data, values.data(), tensor.pixels(), static_cast<int>(tensor.shape.c()));
  return values;
}

// The heat in double: sum over channels of the mean gradient times the value, where that is positive.
std::vector<double> heat_of(const NodeResult& map, std::size_t channels) {
  const std::size_t pixels = map.values.size() / channels;
  std::vector<double> weights(channels), heat(pixels);
  for (std::size_t i = 0; i < map.gradient.size(); ++i) weights[i % channels] += map.gradient[i];
  for (std::size_t i = 0; i < map.values.size(); ++i) heat[i / channels] += weights[i % channels] * map.values[i];
  for (double& value : heat) {
    value /= static_cast<double>(pixels);
    if (!std::isfinite(value)) throw Error("the heat map is not finite");
    value = std::max(0.0, value);
  }
  return heat;
}

}  // namespace

GradCam::GradCam(std::shared_ptr<const Model> model) {
  if (!model) throw Error("heat map: there is no model");
  const Graph& graph = model->impl_->graph;
  if (const std::size_t outputs = graph.outputs().size(); outputs > 1) {
    throw UnsupportedError("heat map: the model has " + std::to_string(outputs) + " outputs, not one vector of scores");
  }
  auto impl = std::make_unique<Impl>();
  impl->graph = &graph;
  impl->head = model->impl_->head;
  impl->output = graph.outputs()[0];
  if (impl->head.map < 0) throw UnsupportedError("heat map: the model has no convolution over more than one pixel");
  if (const Shape& output = model->output_shape(); impl->output == impl->head.map || output.h() * output.w() != 1) {
    throw UnsupportedError("heat map: the model's output " + output.str() + " is no vector of scores");
  }
  std::string missing;
  for (const int index : impl->head.nodes) {
    if (impl->node(index).op->has_gradient()) continue;
    const LayerReport& layer = model->layers()[static_cast<std::size_t>(index)];
    missing += (missing.empty() ? "'" : ", '") + layer.name + "' (" + layer.class_name + ")";
  }
  if (!missing.empty()) throw UnsupportedError("heat map: cannot be differentiated: " + missing);
  impl->model = std::move(model);
  impl_ = std::move(impl);
}

GradCam::~GradCam() = default;
GradCam::GradCam(GradCam&&) noexcept = default;
GradCam& GradCam::operator=(GradCam&&) noexcept = default;

const GradCam::Impl& GradCam::impl() const {
  if (!impl_) throw Error("heat map: the GradCam was moved from");
  return *impl_;
}

int GradCam::height() const { return static_cast<int>(impl().node(impl().head.map).shape.h()); }
int GradCam::width() const { return static_cast<int>(impl().node(impl().head.map).shape.w()); }
int GradCam::classes() const { return static_cast<int>(impl().node(impl().output).shape.c()); }
const std::string& GradCam::layer() const { return impl().head.layer; }

void GradCam::map(const Session& session, int class_index, std::span<float> out, int image) const {
  const FloatMode mode(FloatMode::Tiny::kept);
  const Session::Impl& run = session.impl();
  if (run.model != impl().model) throw Error("heat map: the session is of another model");
  if (!run.keeps_head) throw Error("heat map: the session was made without keep_last_convolution");
  if (image < 0 || image >= run.last_batch) {
    throw Error("heat map: image " + std::to_string(image) + " was not part of the session's last run");
  }
  if (class_index < 0 || class_index >= classes()) {
    throw Error("heat map: class " + std::to_string(class_index) + " is outside the model's " +
                std::to_string(classes()));
  }
  const std::size_t pixels = static_cast<std::size_t>(height()) * static_cast<std::size_t>(width());
  if (out.size() != pixels) throw Error("heat map: the place for it has another size than the map");

  std::vector<NodeResult> results(impl_->graph->nodes().size());
  const auto result = [&](int node) -> NodeResult& { return results[static_cast<std::size_t>(node)]; };
  for (const int node : impl_->head.values) {
    const std::size_t n = static_cast<std::size_t>(node);
    if (!results[n].values.empty()) continue;
    const Model::Impl& model = *impl_->model->impl_;
    results[n].values = unblock(*model.kernels, model.tensors[n], run.steps[n].out.image(image));
    results[n].gradient.resize(results[n].values.size());
  }
  result(impl_->output).gradient[static_cast<std::size_t>(class_index)] = 1;
  const auto operand = [&](int node) {
    return GradientOperand{impl_->node(node).shape, result(node).values, result(node).gradient};
  };
  for (auto node = impl_->head.nodes.rbegin(); node != impl_->head.nodes.rend(); ++node) {
    std::vector<GradientOperand> in;
    for (const int input : impl_->node(*node).inputs) in.push_back(operand(input));
    impl_->node(*node).op->add_gradients({in, operand(*node)});
  }
  const std::size_t channels = static_cast<std::size_t>(impl_->node(impl_->head.map).shape.c());
  const std::vector<double> heat = heat_of(result(impl_->head.map), channels);
  const double largest = *std::ranges::max_element(heat);
  for (std::size_t i = 0; i < pixels; ++i) out[i] = largest > 0 ? static_cast<float>(heat[i] / largest) : 0;
}

}  // namespace fovea
