// Session: its bounds, its buffers, moving it, and several of them at once.
#include <algorithm>
#include <thread>

#include <fovea/version.h>
#include "tests/engine/networks.h"
#include "tests/support/layer_test.h"
#include "tests/support/refused.h"

namespace fovea::test {
namespace {

std::shared_ptr<const Model> model() {
  static const std::shared_ptr<const Model> shared = Model::create(every_layer().desc());
  return shared;
}

void put(Session& session, int slot, std::uint32_t image) {
  std::ranges::copy(every_layer().image(image), session.input(slot).begin());
}

std::vector<float> result(const Session& session, int slot = 0) {
  return {session.output(slot).begin(), session.output(slot).end()};
}

// What the model says of an image, alone in a session.
std::vector<float> alone(std::uint32_t image) {
  Session session(model(), {.threads = 1});
  put(session, 0, image);
  session.run();
  return result(session);
}

TEST(Session, RefusesOptionsOutOfRange) {
  for (const int batch : {0, -1, 65537})
    refused([&] { Session(model(), {.max_batch = batch}); }, "batch must be 1 to 65536");
  for (const int threads : {-1, 1025})
    refused([&] { Session(model(), {.threads = threads}); }, "threads must be 0 to 1024");
}

TEST(Session, SaysWhenMemoryIsShort) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizers end the program where an allocation this large fails";
#endif
  ModelBuilder net({1 << 14, 1 << 12, 16});  // 4 GiB an image, 256 TiB a batch: more than an address space
  refused([&] { Session(Model::create(net.desc()), {.max_batch = 65536, .threads = 1}); },
          "not enough memory for a batch of 65536 and 1 threads");
}

TEST(Session, RefusesImagesOutOfRange) {
  Session session(model(), {.max_batch = 2, .threads = 1});
  for (const int batch : {0, -1, 3}) refused([&] { session.run(batch); }, "1 to 2");
  for (const int image : {-1, 2}) {
    refused([&] { session.input(image); }, "outside");
    refused([&] { session.output(image); }, "outside");
  }
}

TEST(Session, TellsWhatItIs) {
  const Session session(model(), {.max_batch = 3, .threads = 2});
  EXPECT_EQ(session.max_batch(), 3);
  EXPECT_EQ(session.threads(), 2);
  EXPECT_EQ(&session.model(), model().get());
  EXPECT_EQ(session.output(2).size(), 5u);
  EXPECT_EQ(Session(model()).threads(), allowed_threads());
  EXPECT_EQ(Session(model()).max_batch(), 1);
  EXPECT_EQ(Session(model()).input().size(), static_cast<std::size_t>(model()->input_shape().elements()));
}

// Two pictures in, three answers out: a map, a vector, and the second picture as it is.
ModelBuilder several_ends() {
  ModelBuilder net({5, 6, 3}, true);
  const std::string other = net.input({4});
  const std::string map = net.conv({.filters = 7, .kh = 3, .kw = 3}, "input");
  net.output(map);
  net.output(other);
  const std::string mean = net.dense(4, "linear", true, net.add("GlobalMaxPooling2D", {}, {}, {net.relu(map)}));
  net.add("Add", {}, {}, {mean, other});
  return net;
}

TEST(Session, OfSeveralInputsAndOutputs) {
  const ModelBuilder net = several_ends();
  const auto model = Model::create(net.desc());
  EXPECT_EQ(model->input_names(), (std::vector<std::string>{"input", "input2"}));
  EXPECT_EQ(model->output_names(), (std::vector<std::string>{net.desc().outputs[0], "input2", net.last()}));
  EXPECT_EQ(model->input_shape(), (Shape{5, 6, 3}));
  EXPECT_EQ(model->input_shape(1), Shape{4});
  EXPECT_EQ(model->output_shape(), (Shape{3, 4, 7}));
  EXPECT_EQ(model->output_shape(2), Shape{4});
  Session session(model, {.max_batch = 2, .threads = 1});
  for (int i = 0; i < 2; ++i) set_inputs(session, i, net.image(static_cast<std::uint32_t>(i)));
  session.run(2);
  for (int i = 0; i < 2; ++i) {
    const std::vector<float> image = net.image(static_cast<std::uint32_t>(i));
    EXPECT_TRUE(all_exact(outputs_of(session, i), oracle(net.desc(), image)));
    EXPECT_TRUE(all_equal(session.output(i, 1), std::vector<float>(image.end() - 4, image.end())));
    EXPECT_EQ(session.input("input2", i).data(), session.input(i, 1).data());
    EXPECT_EQ(session.output(net.last(), i).data(), session.output(i, 2).data());
  }
  for (const int index : {-1, 2}) refused([&] { session.input(0, index); }, "the model has no input of number");
  for (const int index : {-1, 3}) refused([&] { session.output(0, index); }, "the model has no output of number");
  refused([&] { session.input("input3"); }, "the model has no input of name 'input3' (it has input, input2)");
  refused([&] { session.output(""); }, "the model has no output of name ''");
  refused([&] { model->input_shape(2); }, "no input of number 2");
  refused([&] { session.output(2, 1); }, "outside");
}

// Keras allows it.
TEST(Session, OneResultAsTwoOutputs) {
  ModelBuilder net({5, 6, 3}, true);
  net.output(net.conv({.filters = 7}));
  const auto model = Model::create(net.desc());
  EXPECT_EQ(model->layers().size(), 3u);  // one change of layout for both
  Session session(model);
  set_inputs(session, 0, net.image(0));
  session.run();
  EXPECT_TRUE(all_exact(outputs_of(session, 0), oracle(net.desc(), net.image(0))));
}

// A run layer by layer is a run, also where results work in place.
TEST(Session, RunsItsLayersOneByOne) {
  for (const ModelBuilder& net : {every_layer(), every_convolution()}) {
    Session whole(Model::create(net.desc()), {.max_batch = 2, .threads = 2});
    Session layers(Model::create(net.desc()), {.max_batch = 2, .threads = 2});
    for (const int batch : {1, 2}) {
      for (int i = 0; i < 2; ++i) {
        std::ranges::copy(net.image(static_cast<std::uint32_t>(i)), whole.input(i).begin());
        std::ranges::copy(net.image(static_cast<std::uint32_t>(i)), layers.input(i).begin());
      }
      whole.run(batch);
      for (std::size_t layer = 0; layer < layers.model().layers().size(); ++layer) layers.run_layer(layer, batch);
      for (int i = 0; i < batch; ++i) EXPECT_TRUE(same_bits(result(layers, i), result(whole, i))) << i;
    }
  }
}

TEST(Session, RefusesLayersThatAreNotThere) {
  Session session(model(), {.max_batch = 2, .threads = 1});
  const std::size_t count = session.model().layers().size();
  EXPECT_NO_THROW(session.run_layer(count - 1));
  refused([&] { session.run_layer(count); }, "no layer");
  refused([&] { session.run_layer(static_cast<std::size_t>(-1)); }, "no layer");
  for (const int batch : {0, -1, 3}) refused([&] { session.run_layer(0, batch); }, "1 to 2");
}

// The input stays where it was written, so an image may be run again, and a smaller batch leaves the others alone.
TEST(Session, KeepsItsInput) {
  Session session(model(), {.max_batch = 3, .threads = 2});
  for (int i = 0; i < 3; ++i) put(session, i, static_cast<std::uint32_t>(i));
  session.run(3);
  const std::vector<float> first = result(session), last = result(session, 2);
  EXPECT_FALSE(same_bits(first, last));
  session.run(1);
  EXPECT_TRUE(same_bits(result(session), first));
  session.run(3);
  EXPECT_TRUE(same_bits(result(session), first));
  EXPECT_TRUE(same_bits(result(session, 2), last));
}

TEST(Session, MovesWithItsBuffers) {
  Session first(model(), {.max_batch = 2, .threads = 1});
  put(first, 1, 7);
  Session second(std::move(first));
  put(second, 0, 8);
  second.run(2);
  EXPECT_TRUE(same_bits(result(second, 0), alone(8)));
  EXPECT_TRUE(same_bits(result(second, 1), alone(7)));
  Session third(model());
  third = std::move(second);
  EXPECT_EQ(third.max_batch(), 2);
  third.run(2);
  EXPECT_TRUE(same_bits(result(third, 1), alone(7)));
}

TEST(Session, KeepsItsModelAlive) {
  auto mine = Model::create(every_layer().desc());
  const std::weak_ptr<const Model> watched = mine;
  {
    Session session(std::move(mine), {.threads = 1});
    ASSERT_FALSE(watched.expired());
    put(session, 0, 3);
    session.run();
    EXPECT_TRUE(same_bits(result(session), alone(3)));
  }
  EXPECT_TRUE(watched.expired());
}

// Sessions of a model that divides its output channels among threads share nothing that is written.
TEST(Session, SeveralAtOnceOverWinograd) {
  const ModelBuilder net = every_convolution();
  const auto shared = Model::create(net.desc());
  std::vector<std::vector<float>> got(4);
  std::vector<std::thread> callers;
  for (std::size_t caller = 0; caller < got.size(); ++caller) {
    callers.emplace_back([&, caller] {
      Session session(shared, {.threads = 1 + static_cast<int>(caller) % 3});
      std::ranges::copy(net.image(7), session.input().begin());
      for (int run = 0; run < 3; ++run) session.run();
      got[caller] = result(session);
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const std::vector<float>& other : got) EXPECT_TRUE(same_bits(other, got[0]));
}

// Several threads, each with a session of its own over one model, some of them parallel themselves.
TEST(Session, SeveralAtOnceGiveTheSameBitsAsAlone) {
  constexpr int kCallers = 4, kRuns = 5;
  std::vector<std::vector<float>> got(kCallers * kRuns);
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&got, caller] {
      Session session(model(), {.max_batch = 2, .threads = 1 + caller % 2});
      for (int run = 0; run < kRuns; ++run) {
        const int slot = run % 2, at = caller * kRuns + run;
        put(session, slot, static_cast<std::uint32_t>(at));
        session.run(2);
        got[static_cast<std::size_t>(at)] = result(session, slot);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_TRUE(same_bits(got[i], alone(static_cast<std::uint32_t>(i)))) << i;
}

}  // namespace
}  // namespace fovea::test
