// Every allocation of a thread that calls the C interface fails once: the call says FOVEA_OUT_OF_MEMORY, nothing is
// lost, and the next call works.
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <new>
#include <vector>

#include <fovea/fovea_c.h>
#include "tests/c/c_files.h"

namespace {

// Allocations of this thread until one fails; 0 = none does.
thread_local long t_until_failure = 0;
thread_local long t_allocations = 0;

void* allocate(std::size_t size, std::size_t alignment) {
  ++t_allocations;
  if (t_until_failure > 0 && --t_until_failure == 0) return nullptr;
  if (alignment <= alignof(std::max_align_t)) return std::malloc(size == 0 ? 1 : size);
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  if (void* const at = allocate(size, alignment)) return at;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return allocate_or_throw(size, 1); }
void* operator new[](std::size_t size) { return allocate_or_throw(size, 1); }
void* operator new(std::size_t size, std::align_val_t a) {
  return allocate_or_throw(size, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t size, std::align_val_t a) {
  return allocate_or_throw(size, static_cast<std::size_t>(a));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size, 1); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size, 1); }
void* operator new(std::size_t size, std::align_val_t a, const std::nothrow_t&) noexcept {
  return allocate(size, static_cast<std::size_t>(a));
}
void operator delete(void* at) noexcept { std::free(at); }
void operator delete[](void* at) noexcept { std::free(at); }
void operator delete(void* at, std::size_t) noexcept { std::free(at); }
void operator delete[](void* at, std::size_t) noexcept { std::free(at); }
void operator delete(void* at, std::align_val_t) noexcept { std::free(at); }
void operator delete[](void* at, std::align_val_t) noexcept { std::free(at); }
void operator delete(void* at, std::size_t, std::align_val_t) noexcept { std::free(at); }
void operator delete[](void* at, std::size_t, std::align_val_t) noexcept { std::free(at); }

namespace fovea::test {
namespace {

/// Makes each allocation of `call` fail in turn, or some 200 of them. Returns how many calls said so.
int fail_each(const std::function<fovea_status()>& call) {
  t_allocations = 0;
  if (call() != FOVEA_OK) {
    ADD_FAILURE() << fovea_last_error();
    return 0;
  }
  const long all = t_allocations, step = std::getenv("FOVEA_FULL") == nullptr ? all / 200 + 1 : 1;
  int failed = 0;
  for (long at = 1; at <= all; at += step) {
    const std::size_t before = fovea_live_handles();
    t_until_failure = at;
    const fovea_status status = call();
    t_until_failure = 0;
    EXPECT_TRUE(status == FOVEA_OK || status == FOVEA_OUT_OF_MEMORY)
        << fovea_status_name(status) << " at allocation " << at << ": " << fovea_last_error();
    EXPECT_EQ(fovea_live_handles(), before) << "at allocation " << at;
    if (status != FOVEA_OK) ++failed;
  }
  EXPECT_EQ(call(), FOVEA_OK) << fovea_last_error();
  return failed;
}

TEST(CMemory, EveryCall) {
  const std::string model_path = CFiles::get().model(), card_path = CFiles::get().card();
  HeldModel model;
  HeldCard card;
  HeldSession session;
  HeldHeatMap map;
  HeldInfo info;
  fovea_session_options options = FOVEA_SESSION_OPTIONS_INIT;
  options.keep_last_convolution = 1;
  options.threads = 2;
  ASSERT_EQ(fovea_model_load(model_path.c_str(), nullptr, model.out()), FOVEA_OK);
  ASSERT_EQ(fovea_card_read(card_path.c_str(), card.out()), FOVEA_OK);
  ASSERT_EQ(fovea_session_create(model, &options, session.out()), FOVEA_OK);
  ASSERT_EQ(fovea_heat_map_create(model, map.out()), FOVEA_OK);
  ASSERT_EQ(fovea_info_of(model, info.out()), FOVEA_OK);
  ASSERT_EQ(fovea_session_run(session, 1), FOVEA_OK);

  const std::vector<std::uint8_t> pixels(std::size_t{32} * 32 * 3);
  std::vector<float> input(kTinyFloats), output(kTinyOutputs), heat(std::size_t{kTinySide - 2} * (kTinySide - 2));
  fovea_picture picture = FOVEA_PICTURE_INIT;
  picture.pixels = pixels.data();
  picture.width = picture.height = 32;
  fovea_grade grade = FOVEA_GRADE_INIT;

  const auto load = [&] {
    HeldModel made;
    return fovea_model_load(model_path.c_str(), nullptr, made.out());
  };
  const auto make_session = [&] {
    HeldSession made;
    return fovea_session_create(model, &options, made.out());
  };
  const auto make_map = [&] {
    HeldHeatMap made;
    return fovea_heat_map_create(model, made.out());
  };
  const auto prepare = [&] { return fovea_card_prepare(card, model, &picture, input.data(), input.size()); };
  const auto decide = [&] { return fovea_card_grade(card, output.data(), 5, &grade, nullptr, 0); };
  const auto explain = [&] { return fovea_heat_map_compute(map, session, 0, 0, heat.data(), heat.size()); };
  const auto predict = [&] {
    return fovea_session_predict(session, 1, input.data(), input.size(), output.data(), output.size());
  };
  EXPECT_GT(fail_each(load), 40);
  EXPECT_GT(fail_each(make_session), 5);
  EXPECT_GT(fail_each(make_map), 0);
  EXPECT_GT(fail_each(prepare), 0);
  EXPECT_GT(fail_each(decide), 0);
  EXPECT_GT(fail_each(explain), 0);
  EXPECT_EQ(fail_each(predict), 0);  // allocates nothing
}

TEST(CMemory, AnErrorWithoutMemoryForItsText) {
  HeldModel model;
  for (int at = 1; at < 20; ++at) {
    t_until_failure = at;
    const fovea_status status = fovea_model_load("/a/path/that/is/not/there", nullptr, model.out());
    t_until_failure = 0;
    EXPECT_TRUE(status == FOVEA_REFUSED || status == FOVEA_OUT_OF_MEMORY) << fovea_status_name(status);
  }
}

}  // namespace
}  // namespace fovea::test
