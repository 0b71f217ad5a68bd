// The memory management that the core driver asks for, all of which gives back the same bytes: with HDF5's own the
// image would be copied twice.
#include "loaders/hdf5/memory_image.h"

namespace fovea::hdf5 {
namespace {

void* give_image(std::size_t, H5FD_file_image_op_t, void* image) { return image; }
void* keep_image(void* to, const void*, std::size_t, H5FD_file_image_op_t, void*) { return to; }
void* refuse_growth(void*, std::size_t, H5FD_file_image_op_t, void*) { return nullptr; }
herr_t free_nothing(void*, H5FD_file_image_op_t, void*) { return 0; }
void* same_image(void* image) { return image; }
herr_t release_nothing(void*) { return 0; }

}  // namespace

bool use_image(hid_t access, const Bytes& image) {
  constexpr std::size_t kGrowth = 4096;                        // of files written, which this is not
  auto* bytes = const_cast<unsigned char*>(image.data.get());  // opened read-only
  H5FD_file_image_callbacks_t callbacks{give_image, keep_image,      refuse_growth, free_nothing,
                                        same_image, release_nothing, bytes};
  return H5Pset_fapl_core(access, kGrowth, false) >= 0 && H5Pset_file_image_callbacks(access, &callbacks) >= 0 &&
         H5Pset_file_image(access, bytes, image.size) >= 0;
}

}  // namespace fovea::hdf5
