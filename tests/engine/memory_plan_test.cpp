// No two results that are needed at the same time share memory; what may work in place does.
#include "engine/memory_plan.h"

#include "engine/graph/prepare.h"

#include <algorithm>
#include <array>
#include <set>

#include <fovea/session.h>
#include "tests/engine/networks.h"
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

// The tensors of a graph, whose layers give way to operations.
std::vector<TensorDesc> prepared(Graph& graph) {
  std::vector<TensorDesc> tensors = tensors_of(graph);
  ThreadTeam team(1);
  Packer packer(team);
  prepare(graph, tensors, *usable_tables().front(), packer, Arithmetic::direct);
  return tensors;
}

bool contains(const std::vector<int>& list, int node) {
  return std::find(list.begin(), list.end(), node) != list.end();
}

// True if somebody reads node's result after step `step`, or the caller of the run does.
bool needed_after(const Graph& graph, int node, int step) {
  if (contains(graph.outputs(), node) || contains(graph.inputs(), node)) return true;
  for (std::size_t i = static_cast<std::size_t>(step) + 1; i < graph.nodes().size(); ++i) {
    if (contains(graph.nodes()[i].inputs, node)) return true;
  }
  return false;
}

// At each step: the step's own result must not touch any earlier result that is still needed afterwards, nor an input
// of the step itself, except the one that the layer says it may overwrite, and that one exactly.
void check(const Graph& graph, const std::vector<TensorDesc>& tensors) {
  const MemoryPlan plan = plan_memory(graph, tensors);
  const int count = static_cast<int>(graph.nodes().size());
  ASSERT_EQ(plan.offsets.size(), graph.nodes().size());
  const auto begin = [&](int n) { return plan.offsets[static_cast<std::size_t>(n)]; };
  const auto end = [&](int n) { return begin(n) + plan.sizes[static_cast<std::size_t>(n)]; };
  const auto overlap = [&](int a, int b) { return begin(a) < end(b) && begin(b) < end(a); };
  for (int step = 0; step < count; ++step) {
    const Node& node = graph.nodes()[static_cast<std::size_t>(step)];
    ASSERT_EQ(end(step) - begin(step), tensors[static_cast<std::size_t>(step)].bytes());
    ASSERT_EQ(begin(step) % (kBlock * std::int64_t{sizeof(float)}), 0);
    ASSERT_GE(begin(step), 0);
    ASSERT_LE(end(step), plan.arena);
    for (int other = 0; other < step; ++other) {
      if (needed_after(graph, other, step)) {
        ASSERT_FALSE(overlap(step, other))
            << node.name << " overwrites " << graph.nodes()[static_cast<std::size_t>(other)].name;
      }
    }
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (!overlap(step, node.inputs[i])) continue;
      ASSERT_EQ(static_cast<int>(i), node.op->needs().in_place_input) << node.name;
      ASSERT_EQ(begin(step), begin(node.inputs[i]));
      ASSERT_EQ(end(step), end(node.inputs[i]));
      ASSERT_EQ(std::count(node.inputs.begin(), node.inputs.end(), node.inputs[i]), 1);
    }
  }
  // The caller writes the inputs before the first step.
  for (const int input : graph.inputs()) {
    for (int other = 0; other < count; ++other) ASSERT_TRUE(other == input || !overlap(input, other));
  }
}

TEST(MemoryPlan, NothingNeededIsOverwritten) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const ModelBuilder net = random_network(seed);
    Graph plain(net.desc()), optimised(net.desc());
    assign_layouts(plain);
    run_passes(optimised);
    check(plain, prepared(plain));
    check(optimised, prepared(optimised));
  }
  Graph graph(every_layer().desc());
  run_passes(graph);
  check(graph, prepared(graph));
}

// The same by running: a session, whose results share memory, gives the bits of buffers that share nothing.
TEST(MemoryPlan, SessionsGiveTheBitsOfSeparateBuffers) {
  const KernelTable& table = *usable_tables().front();
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const Arithmetic arithmetic = seed % 3 == 0 ? Arithmetic::direct : Arithmetic::fast;
    SCOPED_TRACE(testing::Message() << seed << " " << arithmetic_name(arithmetic));
    const ModelBuilder net = random_network(seed);
    Graph graph(net.desc());
    run_passes(graph);
    const auto want = GraphRunner(std::move(graph), table, arithmetic).run({net.image(0), net.image(1)});
    Session session(Model::create(net.desc(), {.isa = isa_name(table.isa), .arithmetic = arithmetic}),
                    {.max_batch = 3, .threads = 1});
    for (int run = 0; run < 2; ++run) {  // the second time over the remains of the first
      for (int i = 0; i < 2; ++i) set_inputs(session, i, net.image(static_cast<std::uint32_t>(i)));
      session.run(2);
      for (int i = 0; i < 2; ++i) ASSERT_TRUE(same_bits(outputs_of(session, i), want[static_cast<std::size_t>(i)]));
    }
  }
}

TEST(MemoryPlan, ChainsWorkInPlace) {
  ModelBuilder net({8, 8, 16});
  net.relu();
  net.batch_norm();
  net.add("Activation", {{"activation", value("sigmoid")}});
  net.add("Softmax");
  net.add("GlobalMaxPooling2D");
  Graph graph(net.desc());
  assign_layouts(graph);
  const std::vector<TensorDesc> tensors = prepared(graph);
  check(graph, tensors);
  const MemoryPlan plan = plan_memory(graph, tensors);
  // input, its reordered copy, then four layers in that copy's place.
  const std::set<std::int64_t> places(plan.offsets.begin() + 1, plan.offsets.begin() + 6);
  EXPECT_EQ(places.size(), 1u);
  EXPECT_NE(plan.offsets[0], plan.offsets[1]);
  EXPECT_EQ(plan.arena, (2 * 8 * 8 * 16 + 16) * std::int64_t{sizeof(float)});
}

TEST(MemoryPlan, KeepsWhatItIsToldTo) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    Graph graph(random_network(seed).desc());
    run_passes(graph);
    const std::vector<TensorDesc> tensors = prepared(graph);
    const int count = static_cast<int>(graph.nodes().size());
    for (const int kept : {count / 4, count / 2}) {
      const MemoryPlan plan = plan_memory(graph, tensors, std::array{kept});
      const auto begin = [&](int n) { return plan.offsets[static_cast<std::size_t>(n)]; };
      const auto end = [&](int n) { return begin(n) + plan.sizes[static_cast<std::size_t>(n)]; };
      for (int later = kept + 1; later < count; ++later) {
        EXPECT_FALSE(begin(later) < end(kept) && begin(kept) < end(later)) << later << " overwrites " << kept;
      }
    }
  }
}

TEST(MemoryPlan, ADeepNetworkNeedsTwoBuffers) {
  ModelBuilder net({8, 8, 16});
  for (int i = 0; i < 10; ++i) net.conv({.filters = 16, .kh = 3, .kw = 3, .same = true});
  net.add("GlobalMaxPooling2D");
  Graph graph(net.desc());
  run_passes(graph);
  const std::vector<TensorDesc> tensors = prepared(graph);
  check(graph, tensors);
  EXPECT_LE(plan_memory(graph, tensors).arena, (3 * 8 * 8 * 16 + 16) * std::int64_t{sizeof(float)});
}

}  // namespace
}  // namespace fovea::test
