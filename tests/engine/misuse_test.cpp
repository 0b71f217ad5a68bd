// What a host may do by mistake is an Error, and what fork leaves it with goes on working.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fovea/error.h>
#include <fovea/grad_cam.h>
#include <fovea/session.h>
#include "tests/engine/networks.h"
#include "tests/support/refused.h"
#include "tests/support/session_io.h"

namespace fovea::test {
namespace {

template <typename Call>
std::string misuse(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Misuse, NoModel) {
  EXPECT_EQ(misuse([] { Session(nullptr); }), "a session needs a model");
  EXPECT_EQ(misuse([] { GradCam(nullptr); }), "heat map: there is no model");
}

TEST(Misuse, ASessionThatWasMovedFrom) {
  const auto model = Model::create(every_convolution().desc());
  Session first(model);
  Session second(std::move(first));
  const std::string moved = "the session was moved from";
  EXPECT_EQ(misuse([&] { first.run(); }), moved);  // NOLINT(bugprone-use-after-move): that is the test
  EXPECT_EQ(misuse([&] { first.run_layer(0); }), moved);
  EXPECT_EQ(misuse([&] { first.input(); }), moved);
  EXPECT_EQ(misuse([&] { first.output(); }), moved);
  EXPECT_EQ(misuse([&] { first.model(); }), moved);
  EXPECT_EQ(misuse([&] { first.max_batch(); }), moved);
  EXPECT_EQ(misuse([&] { first.threads(); }), moved);
  EXPECT_EQ(misuse([&] { first.resize({model->input_shape()}); }), moved);
  first = std::move(second);
  first.run();
}

TEST(Misuse, WeightsWithoutValuesOrOfNoShape) {
  const auto with_weight = [](Weight weight) {
    ModelDesc desc;
    desc.name = "m";
    desc.inputs = {"in"};
    desc.outputs = {"d"};
    desc.nodes.push_back(
        {LayerConfig("InputLayer", "in", {{"shape", Attribute(AttributeList{Attribute(std::int64_t{3})})}}, {}), {}});
    desc.nodes.push_back(
        {LayerConfig("Dense", "d", {{"units", Attribute(std::int64_t{2})}, {"use_bias", Attribute(false)}},
                     {std::move(weight)}),
         {"in"}});
    return misuse([&] { Model::create(desc); });
  };
  EXPECT_NE(with_weight({"kernel", {3, 2}, nullptr}).find("kernel has no values"), std::string::npos);
  const std::shared_ptr<const float[]> values(new float[6]());
  EXPECT_NE(with_weight({"kernel", {-3, -2}, values}).find("kernel has no possible shape"), std::string::npos);
  EXPECT_NE(with_weight({"kernel", {std::int64_t{1} << 40, std::int64_t{1} << 40}, values}).find("no possible shape"),
            std::string::npos);
  EXPECT_EQ(with_weight({"kernel", {3, 2}, values}), "no error");
}

TEST(Misuse, ASessionGoesOnInAForkedProcess) {
  const ModelBuilder net = every_convolution();
  const auto model = Model::create(net.desc());
  Session session(model, {.threads = 4});
  std::ranges::copy(net.image(0), session.input().begin());
  session.run();
  const std::vector<float> expected(session.output().begin(), session.output().end());
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int failed = 0;
    {
      Session inherited(std::move(session));
      for (int i = 0; i < 3; ++i) inherited.run();
      failed += std::ranges::equal(inherited.output(), expected) ? 0 : 1;
      Session own(model, {.threads = 4});
      std::ranges::copy(net.image(0), own.input().begin());
      own.run();
      failed += std::ranges::equal(own.output(), expected) ? 0 : 2;
    }
    ::_exit(failed);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  session.run();
  EXPECT_TRUE(std::ranges::equal(session.output(), expected));
}

}  // namespace
}  // namespace fovea::test
