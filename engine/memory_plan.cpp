// Greedy placement by size over lifetimes (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net
// Inference", 2020), with results that take over the buffer of a dying input joined to it first.
#include "engine/memory_plan.h"

#include <algorithm>
#include <numeric>

namespace fovea {

namespace {

// A place in the arena, used by one node or by a chain of nodes that work in place.
struct Buffer {
  std::int64_t size;
  int first, last;  // nodes between which it is in use
  std::int64_t offset = -1;
};

std::vector<int> last_uses(const Graph& graph, std::span<const int> kept) {
  const int count = static_cast<int>(graph.nodes().size());
  std::vector<int> last(graph.nodes().size());
  std::iota(last.begin(), last.end(), 0);
  for (int i = 0; i < count; ++i) {
    for (const int input : graph.nodes()[static_cast<std::size_t>(i)].inputs) last[static_cast<std::size_t>(input)] = i;
  }
  for (const std::span<const int> nodes : {std::span(graph.inputs()), std::span(graph.outputs()), kept}) {
    for (const int node : nodes) last[static_cast<std::size_t>(node)] = count;
  }
  return last;
}

// The input whose buffer `node` may overwrite, or -1.
int taken_over(const Graph& graph, int index, const std::vector<int>& last, const std::vector<TensorDesc>& tensors) {
  const Node& node = graph.nodes()[static_cast<std::size_t>(index)];
  const int which = node.op->needs().in_place_input;
  if (which < 0 || which >= static_cast<int>(node.inputs.size())) return -1;
  const int input = node.inputs[static_cast<std::size_t>(which)];
  const bool read_twice = std::count(node.inputs.begin(), node.inputs.end(), input) > 1;
  const bool fits =
      tensors[static_cast<std::size_t>(input)].bytes() == tensors[static_cast<std::size_t>(index)].bytes();
  return !read_twice && fits && last[static_cast<std::size_t>(input)] == index ? input : -1;
}

void place(std::vector<Buffer>& buffers) {
  std::vector<Buffer*> order;
  for (Buffer& buffer : buffers) order.push_back(&buffer);
  std::stable_sort(order.begin(), order.end(), [](const Buffer* a, const Buffer* b) { return a->size > b->size; });
  std::vector<Buffer*> placed;
  for (Buffer* buffer : order) {
    std::int64_t offset = 0;
    for (const Buffer* other : placed) {  // sorted by offset: the first gap that fits
      if (other->last < buffer->first || other->first > buffer->last) continue;
      if (offset + buffer->size <= other->offset) break;
      offset = std::max(offset, other->offset + other->size);
    }
    buffer->offset = offset;
    placed.insert(std::upper_bound(placed.begin(), placed.end(), buffer,
                                   [](const Buffer* a, const Buffer* b) { return a->offset < b->offset; }),
                  buffer);
  }
}

}  // namespace

MemoryPlan plan_memory(const Graph& graph, const std::vector<TensorDesc>& tensors, std::span<const int> kept) {
  const int count = static_cast<int>(graph.nodes().size());
  const std::vector<int> last = last_uses(graph, kept);
  std::vector<int> buffer_of(graph.nodes().size());
  std::vector<Buffer> buffers;
  for (int i = 0; i < count; ++i) {
    const std::size_t n = static_cast<std::size_t>(i);
    const int input = taken_over(graph, i, last, tensors);
    if (input >= 0) {
      buffer_of[n] = buffer_of[static_cast<std::size_t>(input)];
      Buffer& buffer = buffers[static_cast<std::size_t>(buffer_of[n])];
      buffer.last = std::max(buffer.last, last[n]);
    } else {
      buffer_of[n] = static_cast<int>(buffers.size());
      const bool whole_run = std::find(graph.inputs().begin(), graph.inputs().end(), i) != graph.inputs().end();
      buffers.push_back({tensors[n].bytes(), whole_run ? 0 : i, last[n]});
    }
  }
  place(buffers);
  MemoryPlan plan;
  for (int i = 0; i < count; ++i) {
    const Buffer& buffer = buffers[static_cast<std::size_t>(buffer_of[static_cast<std::size_t>(i)])];
    plan.offsets.push_back(buffer.offset);
    plan.sizes.push_back(tensors[static_cast<std::size_t>(i)].bytes());
    plan.arena = std::max(plan.arena, buffer.offset + buffer.size);
  }
  return plan;
}

}  // namespace fovea
