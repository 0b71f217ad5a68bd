// The names of operations, and that some layer does each of them.
#include "layers/operation/operation_kind.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include <fovea/error.h>
#include "layers/registry.h"

namespace fovea::test {
namespace {

constexpr const char* kKindNames[] = {
#define FOVEA_OPERATION(name) #name,
#include "layers/operation/operation_kinds.def"
#undef FOVEA_OPERATION
};

TEST(OperationKind, HasOneNameEach) {
  std::set<OperationKind> seen;
  for (const char* name : kKindNames) {
    const OperationKind kind = operation_kind(name);
    EXPECT_NE(kind, OperationKind::unknown) << name;
    EXPECT_EQ(operation_name(kind), name);
    EXPECT_TRUE(seen.insert(kind).second) << name;
  }
  EXPECT_EQ(operation_kind("add"), OperationKind::add);
  EXPECT_EQ(operation_kind("dot"), OperationKind::dot);
}

TEST(OperationKind, IsUnknownByAnyOtherName) {
  for (const char* name : {"", "unknown", "Add", "add ", "no_such_operation"}) {
    EXPECT_EQ(operation_kind(name), OperationKind::unknown) << name;
  }
}

// What is only missing settings says so in other words.
TEST(OperationKind, IsDoneByALayer) {
  const std::set<std::string> of_loaders{"moments", "split", "shape", "einsum", "matmul", "tensordot", "dot"};
  for (const char* name : kKindNames) {
    AttributeMap attributes{{operation_key::kKind, Attribute::Value(std::string(name))},
                            {"axis", Attribute::Value(std::int64_t{1})}};
    if (operation_kind(name) == OperationKind::bias_add)
      attributes[operation_key::kConstant] =
          Attribute::Value(AttributeList{Attribute::Value(0.5), Attribute::Value(2.0)});
    bool done = true;
    try {
      done = make_layer(LayerConfig(kOperationClass, "x", attributes, {})) != nullptr;
    } catch (const Error& error) {
      done = std::string(error.what()).find("the operation '") == std::string::npos;
    }
    EXPECT_EQ(done, of_loaders.count(name) == 0) << name;
  }
}

}  // namespace
}  // namespace fovea::test
