// The lock around HDF5 and its error stack.
#include "loaders/hdf5/library.h"

#include "loaders/hdf5/id.h"
#include "loaders/hdf5/printable.h"

namespace fovea::hdf5 {
namespace {

std::recursive_mutex& library_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

/// "Converts" a variable-length string into the bytes that stand for it in the file.
herr_t keep_reference(hid_t, hid_t, H5T_cdata_t* data, std::size_t, std::size_t, std::size_t, void*, void*, hid_t) {
  data->need_bkg = H5T_BKG_NO;
  return 0;
}

constexpr const char* kConversion = "fovea_text_reference";

/// Calls `act` (H5Tregister or H5Tunregister) with the pair of types that keep_reference is for.
template <typename Act>
void with_reference_types(Act act) {
  const TypeId text(H5Tcopy(H5T_C_S1));
  H5Tset_size(text.get(), H5T_VARIABLE);
  const TypeId reference(H5Tcreate(H5T_OPAQUE, 1));
  act(text.get(), reference.get());
}

}  // namespace

Library::Library() : lock_(library_mutex()) {
  H5Eget_auto2(H5E_DEFAULT, &print_, &print_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  with_reference_types(
      [](hid_t text, hid_t reference) { H5Tregister(H5T_PERS_SOFT, kConversion, text, reference, keep_reference); });
}

Library::~Library() {
  with_reference_types(
      [](hid_t text, hid_t reference) { H5Tunregister(H5T_PERS_SOFT, kConversion, text, reference, keep_reference); });
  H5Eclear2(H5E_DEFAULT);
  H5Eset_auto2(H5E_DEFAULT, print_, print_data_);
}

std::string last_error() {
  std::string text;
  const auto keep = [](unsigned, const H5E_error2_t* error, void* out) -> herr_t {
    if (error->desc != nullptr && *error->desc != '\0') *static_cast<std::string*>(out) = error->desc;
    return 0;
  };
  // Downwards goes from the call we made to the place where it failed: the last text is the reason.
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep, &text);
  return text.empty() ? "unknown error" : printable(text);
}

}  // namespace fovea::hdf5
