// Fixture of tests of layers: small networks against the oracle, on every instruction set.
//
//   class ConvLayer : public LayerTest {};
//   FOVEA_EVERY_TABLE(ConvLayer);
//   TEST_P(ConvLayer, ...) { ModelBuilder net({5, 5, 3}); net.conv(...); expect_matches(net); }
#pragma once

#include <algorithm>
#include <string>
#include <typeinfo>
#include <vector>

#include <fovea/session.h>
#include "engine/passes/passes.h"
#include "tests/loaders/pack/pack_trip.h"
#include "tests/support/graph_runner.h"
#include "tests/support/kernel_test.h"
#include "tests/support/model_builder.h"
#include "tests/support/oracle.h"
#include "tests/support/session_io.h"

namespace fovea::test {

class LayerTest : public KernelTest {
 protected:
  /// The network's answers for three images, with and without the passes in guarded buffers and as a session gives
  /// them (the same bits if its model went through a pack file), are those of the oracle: exactly so for whole numbers,
  /// within its bounds for real ones, and for all where F(4x4,3x3) takes part, whose matrices have fractions. Where
  /// `fast` computes as `direct` does, once is enough.
  void expect_matches(const ModelBuilder& net) {
    for (const Arithmetic arithmetic : {Arithmetic::direct, Arithmetic::fast}) {
      const auto model = Model::create(net.desc(), {.isa = isa_name(table().isa), .arithmetic = arithmetic});
      ASSERT_EQ(model->isa(), isa_name(table().isa));
      if (arithmetic == Arithmetic::direct || uses(*model, "winograd")) expect_matches(net, model);
    }
  }

  /// True if the name of the kernel of some layer has this part.
  static bool uses(const Model& model, const std::string& part) {
    return std::ranges::any_of(model.layers(),
                               [&](const LayerReport& layer) { return layer.kernel.find(part) != std::string::npos; });
  }

 private:
  void expect_matches(const ModelBuilder& net, const std::shared_ptr<const Model>& model) {
    const Arithmetic arithmetic = model->arithmetic();
    const bool exact = net.integers() && !uses(*model, "winograd4");
    std::vector<std::vector<float>> images;
    std::vector<std::vector<Ref>> want;
    for (std::uint32_t i = 0; i < 3; ++i) {
      images.push_back(net.image(i));
      want.push_back(oracle(net.desc(), images.back(), arithmetic));
    }
    const auto compare = [&](const char* how, std::size_t i, std::span<const float> got) {
      EXPECT_TRUE(exact ? all_exact(got, want[i]) : all_close(got, want[i]))
          << how << ", image " << i << ", " << arithmetic_name(arithmetic);
    };

    Graph plain(net.desc()), optimised(net.desc());
    assign_layouts(plain);
    run_passes(optimised);
    const auto without = GraphRunner(std::move(plain), table(), arithmetic).run(images);
    const int threads = ++checks_ % 8 == 0 ? 3 : 1;  // teams of threads are slow to start on a busy machine
    const auto with = GraphRunner(std::move(optimised), table(), arithmetic).run(images, threads);
    Session session(model, {.max_batch = 3, .threads = 1});
    Session packed(through_pack_file(net.desc(), model->isa(), arithmetic), {.max_batch = 3, .threads = 1});
    for (Session* one : {&session, &packed}) {
      for (int i = 0; i < 3; ++i) set_inputs(*one, i, images[static_cast<std::size_t>(i)]);
      one->run(3);
    }
    for (std::size_t i = 0; i < 3; ++i) {
      compare("without passes", i, without[i]);
      compare("with passes", i, with[i]);
      compare("in a session", i, outputs_of(session, static_cast<int>(i)));
      EXPECT_TRUE(same_bits(outputs_of(packed, static_cast<int>(i)), outputs_of(session, static_cast<int>(i))))
          << "through a pack file, image " << i;
    }
  }

  int checks_ = 0;
};

/// Building the model throws exactly E, in one line that holds every one of `parts`.
template <class E>
void expect_error(const ModelDesc& desc, std::initializer_list<const char*> parts) {
  try {
    Model::create(desc);
    ADD_FAILURE() << "was accepted";
  } catch (const Error& e) {
    const std::string what = e.what();
    EXPECT_EQ(typeid(e).name(), typeid(E).name()) << what;
    EXPECT_EQ(what.find('\n'), std::string::npos) << what;
    for (const char* part : parts)
      EXPECT_NE(what.find(part), std::string::npos) << "\"" << part << "\" is not in: " << what;
  }
}

/// A network of one layer with these attributes and weights is refused.
template <class E>
void expect_layer_error(const Shape& input, const std::string& class_name, AttributeMap attributes,
                        std::vector<Weight> weights, std::initializer_list<const char*> parts) {
  SCOPED_TRACE(class_name);
  ModelBuilder net(input);
  net.add(class_name, std::move(attributes), std::move(weights));
  expect_error<E>(net.desc(), parts);
}

}  // namespace fovea::test
