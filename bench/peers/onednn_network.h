// A network of oneDNN primitives, written by keras_to_flat.py: layouts are oneDNN's own choice, weights are reordered
// at load, ReLU and additions are post-operations, memory of values is taken over once nothing reads them, and the
// floating-point mode is strict.
#pragma once

#include <algorithm>
#include <climits>
#include <dnnl.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace onednn_peer {

using namespace dnnl;
using Dims = memory::dims;
using Tag = memory::format_tag;

inline memory::desc f32(const Dims& dims, Tag tag) { return {dims, memory::data_type::f32, tag}; }

inline std::vector<float> read_floats(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  std::vector<float> values(in ? static_cast<std::size_t>(in.tellg()) / sizeof(float) : 0);
  in.seekg(0);
  in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
  if (!in || values.empty()) throw std::runtime_error(path + ": cannot be read");
  return values;
}

/// A tensor between steps. The input and the answer keep their memory for good; the others hand it on.
struct Value {
  memory::desc desc;
  int first_step = 0, last_step = 0;
  memory data;
};

struct Step {
  primitive action;
  std::vector<std::pair<int, std::size_t>> values;  // oneDNN's argument, index of the value
  std::unordered_map<int, memory> arguments;        // weights, and after planning the values
};

class Network {
 public:
  Network(const std::string& path, memory::dim batch) : batch_(batch), weights_(read_floats(path + ".weights")) {
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      numbered_.push_back(add(words));
      if (!words) throw std::runtime_error(path + ": line is cut short: " + line);
    }
    if (steps_.empty()) throw std::runtime_error(path + ": no operations");
    values_.front().last_step = values_[numbered_.back()].last_step = INT_MAX;
    plan_memory();
    stream_.wait();
    weights_ = {};
  }

  void set_input(std::vector<float> images) {
    const Dims dims = values_.front().desc.dims();
    memory plain(f32(dims, Tag::nhwc), engine_, images.data());
    if (plain.get_desc().get_size() != images.size() * sizeof(float)) {
      throw std::runtime_error("the images are not of the network's size");
    }
    reorder(plain, values_.front().data).execute(stream_, plain, values_.front().data);
    stream_.wait();
  }

  void run() {
    for (const Step& step : steps_) step.action.execute(stream_, step.arguments);
    stream_.wait();
  }

  std::vector<float> output() {
    Value& last = values_[numbered_.back()];
    const Dims dims = last.desc.dims();
    std::vector<float> answer(static_cast<std::size_t>(dims.at(0) * dims.at(1)));
    memory plain(f32(dims, dims.size() == 2 ? Tag::nc : Tag::nchw), engine_, answer.data());
    reorder(last.data, plain).execute(stream_, last.data, plain);
    stream_.wait();
    return answer;
  }

  /// What its convolutions compute with: data type and implementation, with their number.
  std::string precision() const {
    std::string text;
    for (const auto& [kind, count] : kinds_) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + kind;
    return text;
  }

 private:
  std::size_t new_value(const memory::desc& desc) {
    values_.push_back({.desc = desc, .first_step = static_cast<int>(steps_.size()), .last_step = 0, .data = {}});
    return values_.size() - 1;
  }

  /// The value in the layout a primitive asks for: itself, or a reordered copy. The input takes the first one asked
  /// for.
  std::size_t in_layout(std::size_t value, const memory::desc& desc) {
    if (value == 0 && steps_.empty()) values_[0].desc = desc;
    if (values_[value].desc == desc) return value;
    const reorder::primitive_desc reordering(engine_, values_[value].desc, engine_, desc);
    const std::size_t copy = new_value(desc);
    add_step(reorder(reordering), {{DNNL_ARG_FROM, value}, {DNNL_ARG_TO, copy}});
    return copy;
  }

  Step& add_step(primitive action, std::vector<std::pair<int, std::size_t>> values) {
    for (const auto& [argument, value] : values) values_[value].last_step = static_cast<int>(steps_.size());
    steps_.push_back({.action = std::move(action), .values = std::move(values), .arguments = {}});
    return steps_.back();
  }

  /// Weights from the file, in the layout a primitive asks for.
  memory constant(std::size_t offset, const Dims& dims, Tag tag, const memory::desc& wanted) {
    const memory::desc plain = f32(dims, tag);
    if (offset + plain.get_size() / sizeof(float) > weights_.size()) throw std::runtime_error("weights are cut short");
    memory source(plain, engine_, weights_.data() + offset);
    memory packed(wanted, engine_);
    reorder(source, packed).execute(stream_, source, packed);
    stream_.wait();
    return packed;
  }

  static primitive_attr attributes(bool sum, bool relu) {
    post_ops after;
    if (sum) after.append_sum(1.0F);
    if (relu) after.append_eltwise(1.0F, algorithm::eltwise_relu, 0.0F, 0.0F);
    primitive_attr attributes;
    attributes.set_post_ops(after);
    attributes.set_fpmath_mode(fpmath_mode::strict);
    return attributes;
  }

  std::size_t add(std::istream& words) {
    std::string kind;
    words >> kind;
    if (kind == "input") {
      memory::dim h = 0, w = 0, c = 0;
      words >> h >> w >> c;
      return new_value(f32({batch_, c, h, w}, Tag::nhwc));
    }
    std::size_t number = 0;
    words >> number;
    const std::size_t source = numbered_.at(number);
    if (kind == "conv") return add_conv(words, source);
    if (kind == "maxpool") return add_max_pool(words, source);
    if (kind == "mean") return add_mean(source);
    if (kind == "dense") return add_dense(words, source);
    if (kind == "softmax") return add_softmax(source);
    throw std::runtime_error("unknown operation: " + kind);
  }

  std::size_t add_conv(std::istream& words, std::size_t source) {
    memory::dim oc = 0, kh = 0, kw = 0, sh = 0, sw = 0, top = 0, left = 0, bottom = 0, right = 0;
    int sum = -1;
    std::size_t offset = 0;
    bool relu = false;
    words >> oc >> kh >> kw >> sh >> sw >> top >> left >> bottom >> right >> relu >> sum >> offset;
    const Dims in = values_[source].desc.dims(), kernel = {oc, in.at(1), kh, kw};
    const Dims out = {in.at(0), oc, (in.at(2) + top + bottom - kh) / sh + 1, (in.at(3) + left + right - kw) / sw + 1};
    const convolution_forward::desc wish(prop_kind::forward_inference, algorithm::convolution_auto, f32(in, Tag::any),
                                         f32(kernel, Tag::any), f32({oc}, Tag::x), f32(out, Tag::any), {sh, sw},
                                         {top, left}, {bottom, right});
    const convolution_forward::primitive_desc chosen(wish, attributes(sum >= 0, relu), engine_);
    const bool all_f32 = chosen.src_desc().data_type() == memory::data_type::f32 &&
                         chosen.weights_desc().data_type() == memory::data_type::f32;
    ++kinds_[std::string(all_f32 ? "f32 " : "NOT f32 ") + chosen.impl_info_str()];
    const std::size_t from = in_layout(source, chosen.src_desc());
    const std::size_t to = sum >= 0 ? in_layout(numbered_.at(static_cast<std::size_t>(sum)), chosen.dst_desc())
                                    : new_value(chosen.dst_desc());
    Step& step = add_step(convolution_forward(chosen), {{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, to}});
    const std::size_t kernel_size = static_cast<std::size_t>(oc * in.at(1) * kh * kw);
    step.arguments[DNNL_ARG_WEIGHTS] = constant(offset, kernel, Tag::oihw, chosen.weights_desc());
    step.arguments[DNNL_ARG_BIAS] = constant(offset + kernel_size, {oc}, Tag::x, f32({oc}, Tag::x));
    return to;
  }

  std::size_t add_pool(std::size_t source, algorithm how, const Dims& kernel, const Dims& strides, const Dims& before,
                       const Dims& after) {
    const Dims in = values_[source].desc.dims();
    const Dims out = {in.at(0), in.at(1), (in.at(2) + before.at(0) + after.at(0) - kernel.at(0)) / strides.at(0) + 1,
                      (in.at(3) + before.at(1) + after.at(1) - kernel.at(1)) / strides.at(1) + 1};
    const pooling_forward::desc wish(prop_kind::forward_inference, how, values_[source].desc, f32(out, Tag::any),
                                     strides, kernel, before, after);
    const pooling_forward::primitive_desc chosen(wish, engine_);
    const std::size_t to = new_value(chosen.dst_desc());
    add_step(pooling_forward(chosen), {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, to}});
    return to;
  }

  std::size_t add_max_pool(std::istream& words, std::size_t source) {
    memory::dim kh = 0, kw = 0, sh = 0, sw = 0, top = 0, left = 0, bottom = 0, right = 0;
    words >> kh >> kw >> sh >> sw >> top >> left >> bottom >> right;
    return add_pool(source, algorithm::pooling_max, {kh, kw}, {sh, sw}, {top, left}, {bottom, right});
  }

  std::size_t add_mean(std::size_t source) {
    const Dims in = values_[source].desc.dims();
    return add_pool(source, algorithm::pooling_avg_exclude_padding, {in.at(2), in.at(3)}, {1, 1}, {0, 0}, {0, 0});
  }

  std::size_t add_dense(std::istream& words, std::size_t source) {
    memory::dim units = 0;
    std::size_t offset = 0;
    bool relu = false;
    words >> units >> relu >> offset;
    const Dims in = values_[source].desc.dims();
    Dims kernel = in;
    kernel[0] = units;
    const inner_product_forward::desc wish(prop_kind::forward_inference, f32(in, Tag::any), f32(kernel, Tag::any),
                                           f32({units}, Tag::x), f32({batch_, units}, Tag::any));
    const inner_product_forward::primitive_desc chosen(wish, attributes(false, relu), engine_);
    const std::size_t from = in_layout(source, chosen.src_desc());
    const std::size_t to = new_value(chosen.dst_desc());
    Step& step = add_step(inner_product_forward(chosen), {{DNNL_ARG_SRC, from}, {DNNL_ARG_DST, to}});
    const std::size_t kernel_size = f32(kernel, in.size() == 2 ? Tag::nc : Tag::nchw).get_size() / sizeof(float);
    step.arguments[DNNL_ARG_WEIGHTS] =
        constant(offset, kernel, in.size() == 2 ? Tag::nc : Tag::nchw, chosen.weights_desc());
    step.arguments[DNNL_ARG_BIAS] = constant(offset + kernel_size, {units}, Tag::x, f32({units}, Tag::x));
    return to;
  }

  std::size_t add_softmax(std::size_t source) {
    const softmax_forward::desc wish(prop_kind::forward_inference, values_[source].desc, 1);
    const softmax_forward::primitive_desc chosen(wish, engine_);
    const std::size_t to = new_value(chosen.dst_desc());
    add_step(softmax_forward(chosen), {{DNNL_ARG_SRC, source}, {DNNL_ARG_DST, to}});
    return to;
  }

  /// Gives every value a block of memory that no other value uses at the same time: the smallest free one that holds
  /// it, else the largest, made larger. Values are in the order in which they come to be.
  void plan_memory() {
    struct Block {
      std::size_t size;
      int busy_until;
    };
    std::vector<Block> blocks;
    std::vector<std::size_t> of(values_.size());
    for (std::size_t v = 0; v < values_.size(); ++v) {
      const std::size_t size = values_[v].desc.get_size();
      std::size_t best = blocks.size();
      for (std::size_t b = 0; b < blocks.size(); ++b) {
        if (blocks[b].busy_until >= values_[v].first_step) continue;
        if (best == blocks.size() ||
            (blocks[b].size >= size ? blocks[best].size < size || blocks[b].size < blocks[best].size
                                    : blocks[b].size > blocks[best].size)) {
          best = b;
        }
      }
      if (best == blocks.size()) blocks.push_back({.size = 0, .busy_until = 0});
      blocks[best] = {.size = std::max(blocks[best].size, size), .busy_until = values_[v].last_step};
      of[v] = best;
    }
    std::vector<memory> memories;
    for (const Block& block : blocks) {
      memories.emplace_back(memory::desc({static_cast<memory::dim>(block.size)}, memory::data_type::u8, Tag::x),
                            engine_);
    }
    for (std::size_t v = 0; v < values_.size(); ++v) {
      values_[v].data = memory(values_[v].desc, engine_, memories[of[v]].get_data_handle());
    }
    memories_ = std::move(memories);
    for (Step& step : steps_) {
      for (const auto& [argument, value] : step.values) step.arguments[argument] = values_[value].data;
    }
  }

  memory::dim batch_;
  engine engine_{engine::kind::cpu, 0};
  stream stream_{engine_};
  std::vector<float> weights_;
  std::vector<std::size_t> numbered_;  // the file's numbers -> values
  std::vector<Value> values_;
  std::vector<Step> steps_;
  std::vector<memory> memories_;
  std::map<std::string, int> kinds_;
};

}  // namespace onednn_peer
