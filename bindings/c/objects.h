// What stands behind each kind of handle.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <fovea/cancel.h>
#include <fovea/card.h>
#include <fovea/executor.h>
#include <fovea/fovea_c.h>
#include <fovea/grad_cam.h>
#include <fovea/model_info.h>
#include <fovea/session.h>
#include "bindings/c/call.h"
#include "bindings/c/handles.h"

namespace fovea::c {

struct CardObject {
  ModelCard card;
  std::vector<std::string> grades;  ///< their names, if the card states any
};

struct InfoObject {
  ModelInfo info;
  std::string json;
};

template <typename Handle>
struct Behind;
template <>
struct Behind<fovea_model> {
  using Object = std::shared_ptr<const Model>;
  static constexpr Kind kKind = Kind::model;
  static constexpr const char* kName = "model";
};
template <>
struct Behind<fovea_session> {
  using Object = Session;
  static constexpr Kind kKind = Kind::session;
  static constexpr const char* kName = "session";
};
template <>
struct Behind<fovea_card> {
  using Object = CardObject;
  static constexpr Kind kKind = Kind::card;
  static constexpr const char* kName = "card";
};
template <>
struct Behind<fovea_heat_map> {
  using Object = GradCam;
  static constexpr Kind kKind = Kind::heat_map;
  static constexpr const char* kName = "heat map";
};
template <>
struct Behind<fovea_info> {
  using Object = InfoObject;
  static constexpr Kind kKind = Kind::info;
  static constexpr const char* kName = "info";
};

template <>
struct Behind<fovea_executor> {
  using Object = std::shared_ptr<Executor>;
  static constexpr Kind kKind = Kind::executor;
  static constexpr const char* kName = "executor";
};
template <>
struct Behind<fovea_cancel> {
  using Object = CancelSource;
  static constexpr Kind kKind = Kind::cancel;
  static constexpr const char* kName = "cancel";
};

/// Throws Refusal: this is no handle of that kind that lives.
[[noreturn]] void refuse_handle(const char* kind, const void* handle);

/// The object behind a handle. Throws Refusal.
template <typename Handle>
typename Behind<Handle>::Object& behind(const Handle* handle) {
  void* const object = find_handle(Behind<Handle>::kKind, handle);
  if (object == nullptr) refuse_handle(Behind<Handle>::kName, handle);
  return *static_cast<typename Behind<Handle>::Object*>(object);
}

/// Gives an object a handle. Throws Refusal if there are too many.
template <typename Handle>
Handle* handle_for(std::unique_ptr<typename Behind<Handle>::Object> object) {
  void* const handle = add_handle(Behind<Handle>::kKind, object.get());
  if (handle == nullptr) throw Refusal{FOVEA_OUT_OF_MEMORY, "there are too many handles: free some"};
  object.release();  // NOLINT(bugprone-unused-return-value): the table has it
  return static_cast<Handle*>(handle);
}

/// A function that makes a handle: `make` returns the object.
template <typename Handle, typename Make>
fovea_status make_handle(Handle** handle, const char* name, const Make& make,
                         fovea_status plain = FOVEA_REFUSED) noexcept {
  if (handle != nullptr) *handle = nullptr;
  return guarded(
      [&] {
        need(handle, name);
        *handle = handle_for<Handle>(make());
      },
      plain);
}

/// A function that frees one.
template <typename Handle>
fovea_status free_handle(Handle* handle) noexcept {
  if (handle == nullptr) return FOVEA_OK;
  return guarded([&] {
    void* const object = take_handle(Behind<Handle>::kKind, handle);
    if (object == nullptr) refuse_handle(Behind<Handle>::kName, handle);
    delete static_cast<typename Behind<Handle>::Object*>(object);
  });
}

}  // namespace fovea::c
