// From a description to a network ready to run.
#include <algorithm>
#include <cmath>
#include <map>
#include <new>
#include <set>

#include <fovea/error.h>
#include <fovea/version.h>
#include "base/float_mode.h"
#include "base/load_scope.h"
#include "base/thread_team.h"
#include "engine/graph/network_print.h"
#include "engine/graph/prepare.h"
#include "engine/kernel_choice.h"
#include "engine/make_model.h"
#include "engine/model_impl.h"
#include "engine/passes/passes.h"
#include "kernels/dispatch.h"

namespace fovea {

namespace {

// Of one tensor: no address space holds more.
constexpr std::int64_t kMostElements = std::int64_t{1} << 44;

/// What the description alone tells; the shapes follow from the graph. Weights that several layers share count once.
std::vector<FileLayer> list_layers(const ModelDesc& desc) {
  std::vector<FileLayer> layers;
  std::set<const float*> seen;
  for (const NodeDesc& node : desc.nodes) {
    layers.push_back({node.config.name(), node.config.class_name(), node.inputs, {}, 0});
    for (const Weight& weight : node.config.weights()) {
      if (seen.insert(weight.data.get()).second) layers.back().parameters += weight.elements();
    }
  }
  return layers;
}

void note_shapes(const Graph& graph, std::vector<FileLayer>& layers) {
  std::map<std::string, const Shape*> shapes;
  for (const Node& node : graph.nodes()) shapes[node.layer->name()] = &node.shape;
  for (FileLayer& layer : layers) {
    const auto found = shapes.find(layer.name);
    if (found != shapes.end()) layer.output = *found->second;
  }
}

int index_of(std::string_view name, const std::vector<std::string>& names, const char* kind) {
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<int>(found - names.begin());
  std::string known;
  for (const std::string& other : names) known += (known.empty() ? "" : ", ") + other;
  throw Error("the model has no " + std::string(kind) + " of name '" + std::string(name) + "' (it has " + known + ")");
}

// What a program that builds a description by hand may have left out.
void check_weights(const ModelDesc& desc) {
  for (const NodeDesc& node : desc.nodes) {
    for (const Weight& weight : node.config.weights()) {
      std::int64_t elements = 1;
      for (const std::int64_t dim : weight.shape) {
        if (dim < 0 || (dim > 0 && elements > kMostElements / dim)) {
          throw Error(node.config.where(weight.name + " has no possible shape"));
        }
        elements *= dim;
      }
      if (weight.data == nullptr && elements > 0) throw Error(node.config.where(weight.name + " has no values"));
    }
  }
}

void check_finite(const ModelDesc& desc) {
  for (const NodeDesc& node : desc.nodes) {
    for (const Weight& weight : node.config.weights()) {
      const float* begin = weight.data.get();
      const float* end = begin + weight.elements();
      const float* bad = std::find_if(begin, end, [](float x) { return !std::isfinite(x); });
      if (bad != end) {
        throw Error(node.config.where(weight.name + " is not finite at index " + std::to_string(bad - begin)));
      }
    }
  }
}

LayerConfig input_of(const std::string& name, const Shape& shape) {
  AttributeList dims;
  for (const std::int64_t dim : shape.dims()) dims.emplace_back(dim);
  return {"InputLayer", name, {{"shape", Attribute(std::move(dims))}}, {}};
}

}  // namespace

const char* version() noexcept { return FOVEA_VERSION; }

std::vector<std::string> available_isas() {
  std::vector<std::string> names;
  for (const KernelTable* table : usable_tables()) names.emplace_back(isa_name(table->isa));
  return names;
}

Model::Model(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Model::~Model() = default;

std::shared_ptr<const Model> Model::create(ModelDesc desc, const ModelOptions& options) {
  return ModelMaker::make(std::move(desc), options, nullptr);
}

std::shared_ptr<const Model> ModelMaker::make(ModelDesc desc, const ModelOptions& options, PackedSource* source) {
  const FloatMode mode(FloatMode::Tiny::kept);
  const LoadScope load(options.load);
  try {
    return build(std::move(desc), options, source);
  } catch (const std::bad_alloc&) {
    throw OutOfMemoryError("not enough memory");
  }
}

std::shared_ptr<const Model> ModelMaker::build(ModelDesc desc, const ModelOptions& options, PackedSource* source) {
  check_weights(desc);
  const KernelTable& kernels = choose_kernels(options.isa);
  if (options.check_finite) check_finite(desc);
  std::vector<FileLayer> file_layers = list_layers(desc);
  const Provenance provenance = desc.provenance;
  const std::string name = desc.name;
  const std::vector<std::string> inputs = desc.inputs, outputs = desc.outputs;
  std::optional<ModelDesc> kept;
  if (options.resizable) kept = desc;
  auto impl = std::make_unique<Model::Impl>(Graph(std::move(desc)));
  impl->source = std::move(kept);
  impl->options = options;
  impl->options.load.cancel = {};  // of this load alone
  impl->options.load.progress = nullptr;
  impl->kernels = &kernels;
  impl->isa = isa_name(kernels.isa);
  for (const FileLayer& layer : file_layers) impl->parameters += layer.parameters;
  impl->provenance = provenance;
  impl->name = name;
  impl->input_names = inputs;
  impl->output_names = outputs;
  note_shapes(impl->graph, file_layers);
  impl->file_layers = std::move(file_layers);
  run_passes(impl->graph);

  ThreadTeam team(LoadScope::threads());
  const ThreadTeam::Run awake(team, LoadScope::cancel());
  impl->tensors = tensors_of(impl->graph);
  impl->head = find_head(impl->graph);
  PackedStore* store = nullptr;
  if (source != nullptr) {
    store = source->store({impl->isa, options.arithmetic, network_print(impl->graph, impl->tensors, kernels)});
  }
  Packer packer(team, store);
  prepare(impl->graph, impl->tensors, kernels, packer, options.arithmetic);
  for (const Node& node : impl->graph.nodes()) {
    const OpNeeds needs = node.op->needs();
    impl->thread_scratch = std::max(impl->thread_scratch, needs.thread_scratch);
    impl->shared_scratch = std::max(impl->shared_scratch, needs.shared_scratch);
    const OpReport report = node.op->report();
    impl->reports.push_back({node.name, node.class_name, node.absorbed,
                             report.kernel.empty() ? report.kernel : impl->isa + "/" + report.kernel, report.reason,
                             impl->graph.input_shapes(node), node.shape, report.macs, report.weight_bytes});
  }
  impl->memory = plan_memory(impl->graph, impl->tensors);
  LoadScope::advance(1);
  return std::shared_ptr<const Model>(new Model(std::move(impl)));
}

std::shared_ptr<const Model> Model::resized(const std::vector<Shape>& inputs) const {
  if (!impl_->source) throw Error("the model was not made to be resized");
  if (inputs.size() != impl_->input_names.size()) {
    throw Error("the model has " + std::to_string(impl_->input_names.size()) + " inputs, " +
                std::to_string(inputs.size()) + " sizes are given");
  }
  ModelDesc desc = *impl_->source;
  for (NodeDesc& node : desc.nodes) {
    const auto input = std::find(desc.inputs.begin(), desc.inputs.end(), node.config.name());
    if (input == desc.inputs.end()) continue;
    node.config = input_of(node.config.name(), inputs[static_cast<std::size_t>(input - desc.inputs.begin())]);
  }
  ModelOptions options = impl_->options;
  options.check_finite = false;  // they were checked
  options.isa = impl_->isa;
  return create(std::move(desc), options);
}

const std::vector<std::string>& Model::input_names() const { return impl_->input_names; }
const std::vector<std::string>& Model::output_names() const { return impl_->output_names; }
int Model::input_index(std::string_view name) const { return index_of(name, input_names(), "input"); }
int Model::output_index(std::string_view name) const { return index_of(name, output_names(), "output"); }
const Shape& Model::input_shape(int index) const { return impl_->shape_of(impl_->graph.inputs(), index, "input"); }
const Shape& Model::output_shape(int index) const { return impl_->shape_of(impl_->graph.outputs(), index, "output"); }
const Provenance& Model::provenance() const { return impl_->provenance; }
const std::string& Model::name() const { return impl_->name; }
const std::string& Model::isa() const { return impl_->isa; }
Arithmetic Model::arithmetic() const { return impl_->options.arithmetic; }
std::int64_t Model::parameters() const { return impl_->parameters; }
const std::vector<LayerReport>& Model::layers() const { return impl_->reports; }
const std::vector<FileLayer>& Model::file_layers() const { return impl_->file_layers; }
std::int64_t Model::activation_bytes() const { return impl_->memory.arena; }

}  // namespace fovea
