// Dense: sizes with remainders, activations, and what is refused.
#include "base/aligned.h"
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Dense : public LayerTest {};
FOVEA_EVERY_TABLE(Dense);

TEST_P(Dense, Sizes) {
  int i = 0;
  for (const int inputs : {1, 2, 15, 16, 17, 40, 255, 256, 257, 600}) {
    for (const int units : {1, 5, 16, 17, 33, 64, 65, 130}) {
      SCOPED_TRACE(testing::Message() << inputs << " to " << units);
      ModelBuilder net({inputs}, ++i % 2 == 0);
      net.dense(units, i % 3 == 0 ? "relu" : "linear", i % 5 != 0);
      expect_matches(net);
    }
  }
}

TEST_P(Dense, HeadOfAClassifier) {
  ModelBuilder net({3, 5, 40});
  net.add("GlobalAveragePooling2D");
  net.add("Dropout", {{"rate", value(0.5)}});
  net.dense(37, "relu");
  net.add("Dropout", {{"rate", value(0.5)}});
  net.dense(5, "softmax");
  expect_matches(net);
}

TEST_P(Dense, Activations) {
  for (const char* activation : {"softmax", "sigmoid", "relu"}) {
    SCOPED_TRACE(activation);
    ModelBuilder net({33});
    net.dense(19, activation);
    expect_matches(net);
    net.dense(1, activation);
    expect_matches(net);
  }
}

// A clamp after a clamp, and a batch normalisation, are layers of their own.
TEST_P(Dense, Tails) {
  ModelBuilder net({33}, true);
  net.dense(19);
  net.add("ReLU", {{"max_value", value(3)}});
  net.relu();
  net.dense(18, "relu");
  net.add("ReLU", {{"max_value", value(6)}});
  net.batch_norm();
  net.relu();
  expect_matches(net);
}

// 600 inputs are two whole blocks of the summation and a part of one.
TEST(DenseWeights, ArePackedInMemoryThatNobodyElseReads) {
  constexpr std::int64_t kInputs = 600;
  const auto answer = [&](std::int64_t units, bool reusable, bool keep, bool& kept_alive) {
    const std::int64_t count = kInputs * units;
    std::shared_ptr<float[]> values = AlignedFloats(count).share();
    Random(7).fill({values.get(), static_cast<std::size_t>(count)}, false);
    const std::vector<float> before(values.get(), values.get() + count);
    const std::weak_ptr<float[]> watched = values;
    std::vector<Weight> weights{{"kernel", {kInputs, units}, std::move(values), reusable}};
    const std::vector<Weight> copy = keep ? weights : std::vector<Weight>();
    ModelBuilder net({kInputs}, false, 3);
    net.add("Dense", {{"units", value(units)}, {"use_bias", value(false)}}, std::move(weights));
    ModelDesc desc = net.desc();
    net = ModelBuilder({1});
    const auto model = Model::create(std::move(desc));
    kept_alive = !watched.expired();
    if (keep) {
      EXPECT_EQ(std::vector<float>(copy[0].data.get(), copy[0].data.get() + count), before);
    }
    const std::vector<float> image = ModelBuilder({kInputs}, false, 3).image(5);
    Session session(model);
    std::copy(image.begin(), image.end(), session.input(0).begin());
    session.run();
    return std::vector<float>(session.output(0).begin(), session.output(0).end());
  };
  for (const std::int64_t units : {32, 48, 50}) {
    bool alive = true;
    const std::vector<float> want = answer(units, false, false, alive);
    EXPECT_FALSE(alive) << "never reused unasked";
    EXPECT_EQ(answer(units, true, true, alive), want) << "a copy is kept";
    EXPECT_EQ(answer(units, true, false, alive), want);
    EXPECT_EQ(alive, units % 16 == 0) << "packed where it was";
  }
}

TEST(DenseConfig, Refuses) {
  const auto weights = [](std::int64_t in, std::int64_t out, std::int64_t bias) {
    return std::vector<Weight>{weight("kernel", {in, out}, std::vector<float>(static_cast<std::size_t>(in * out))),
                               weight("bias", {bias}, std::vector<float>(static_cast<std::size_t>(bias)))};
  };
  const AttributeMap two = {{"units", value(2)}};
  EXPECT_NO_THROW([&] {
    ModelBuilder net({3});
    net.add("Dense", two, weights(3, 2, 2));
    Model::create(net.desc());
  }());
  expect_layer_error<Error>({3}, "Dense", {{"units", value(0)}}, weights(3, 2, 2), {"layer 'layer1' (Dense)", "units"});
  expect_layer_error<Error>({3}, "Dense", {}, weights(3, 2, 2), {"layer 'layer1' (Dense)", "units"});
  expect_layer_error<Error>({3}, "Dense", two, {}, {"layer 'layer1' (Dense)", "'kernel' is missing"});
  expect_layer_error<Error>({3}, "Dense", two, weights(3, 4, 2), {"kernel is 3x4", "?x2"});
  expect_layer_error<Error>({3}, "Dense", two, weights(3, 2, 1), {"bias is 1"});
  expect_layer_error<Error>({3}, "Dense", two, weights(4, 2, 2), {"kernel is 4x2", "3 values"});
  expect_layer_error<Error>({2, 2, 4}, "Dense", two, weights(3, 2, 2), {"layer 'layer1' (Conv2D)", "2x2x4"});
  expect_layer_error<UnsupportedError>({3}, "Dense", {{"units", value(2)}, {"activation", value("sparsemax")}},
                                       weights(3, 2, 2), {"layer 'layer1' (Dense)", "activation", "sparsemax"});
  expect_layer_error<UnsupportedError>({3}, "Dense", {{"units", value(2)}, {"quantization_mode", value("int8")}},
                                       weights(3, 2, 2), {"layer 'layer1' (Dense)", "quantization_mode"});
  expect_layer_error<UnsupportedError>({3}, "Dense", {{"units", value(2)}, {"dtype_of_sums", value("f64")}},
                                       weights(3, 2, 2), {"layer 'layer1' (Dense)", "dtype_of_sums"});
}

}  // namespace
}  // namespace fovea::test
