// Heat maps.
#include <fovea/grad_cam.h>

#include <limits>

#include "bindings/c/objects.h"
#include "bindings/c/structs.h"

namespace fovea::c {

FOVEA_FIELDS(fovea_heat_map_size, offsetof(fovea_heat_map_size, height), offsetof(fovea_heat_map_size, width),
             offsetof(fovea_heat_map_size, classes), offsetof(fovea_heat_map_size, layer));

}  // namespace fovea::c

using namespace fovea::c;
using fovea::GradCam;

fovea_status fovea_heat_map_create(const fovea_model* model, fovea_heat_map** heat_map) noexcept {
  return make_handle(heat_map, "heat_map", [&] { return std::make_unique<GradCam>(behind(model)); });
}

fovea_status fovea_heat_map_free(fovea_heat_map* heat_map) noexcept { return free_handle(heat_map); }

fovea_status fovea_heat_map_get_size(const fovea_heat_map* heat_map, fovea_heat_map_size* size) noexcept {
  return guarded([&] {
    const GradCam& given = behind(heat_map);
    fovea_heat_map_size result{};
    result.height = given.height();
    result.width = given.width();
    result.classes = given.classes();
    result.layer = given.layer().c_str();
    write_struct(size, result);
  });
}

fovea_status fovea_heat_map_compute(const fovea_heat_map* heat_map, const fovea_session* session, int32_t image,
                                    int64_t class_index, float* heat, size_t floats) noexcept {
  return guarded([&] {
    const GradCam& given = behind(heat_map);
    const fovea::Session& ran = behind(session);
    need(heat, "heat");
    const auto places = static_cast<size_t>(given.height()) * static_cast<size_t>(given.width());
    if (floats != places) {
      refuse("heat holds " + std::to_string(floats) + " floats, the heat map has " + std::to_string(places));
    }
    if (class_index < 0 || class_index >= given.classes()) {
      refuse("class_index is " + std::to_string(class_index) + ", the model has " + std::to_string(given.classes()));
    }
    given.map(ran, static_cast<int>(class_index), {heat, floats}, image);
  });
}
