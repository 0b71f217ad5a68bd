// Handles: numbers that stand for objects in a table, so that a wrong one is found without looking at memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fovea::c {

enum class Kind : std::uint8_t { none, model, session, card, heat_map, info, executor, cancel };

/// Puts an object into the table: its handle, or nullptr if the table is full. These functions take no lock, so that a
/// process made by fork goes on.
void* add_handle(Kind kind, void* object) noexcept;
/// The object, or nullptr if the handle is not one of this kind that lives.
void* find_handle(Kind kind, const void* handle) noexcept;
/// Takes the object out of the table. Of several calls for one handle one gets it, the others nullptr.
void* take_handle(Kind kind, const void* handle) noexcept;
std::size_t live_handles() noexcept;

}  // namespace fovea::c
