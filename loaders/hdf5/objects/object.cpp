// An object put together from its header's messages.
#include "loaders/hdf5/objects/object.h"

#include <algorithm>
#include <utility>

#include "loaders/hdf5/io/damage.h"
#include "loaders/hdf5/objects/dense_storage.h"
#include "loaders/hdf5/objects/object_header.h"
#include "loaders/hdf5/objects/symbol_table.h"
#include "loaders/io/refusal.h"

namespace fovea::hdf5 {
namespace {

template <class Named>
void sort_by_name(std::vector<Named>& all, const char* damage) {
  std::sort(all.begin(), all.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
  const auto twice =
      std::adjacent_find(all.begin(), all.end(), [](const Named& a, const Named& b) { return a.name == b.name; });
  if (twice != all.end()) throw Refusal(damage);
}

template <class Named>
const Named* find(const std::vector<Named>& all, const std::string& name) {
  const auto found = std::lower_bound(all.begin(), all.end(), name,
                                      [](const Named& one, const std::string& n) { return one.name < n; });
  return found != all.end() && found->name == name ? &*found : nullptr;
}

/// A path is cut at every '/', so that no other name leads to the link.
void check_names(const std::vector<Link>& links) {
  for (const Link& link : links) {
    if (link.name.empty() || link.name.find('/') != std::string::npos) throw Refusal(kDamagedLinks);
  }
}

/// The second of what an object has only one of is damage.
template <class Part>
void set_once(std::optional<Part>& part, Part value) {
  if (part) throw Refusal(kDamagedHeader);
  part = std::move(value);
}

class ObjectReader {
 public:
  ObjectReader(const Blocks& blocks, const TreeSizes& sizes) : blocks_(blocks), sizes_(sizes) {}

  Object read(std::uint64_t address) {
    read_header(blocks_, address, [this](unsigned type, MessageBytes bytes) { take(type, bytes); });
    if (!new_fill_) object_.fill = std::move(old_fill_);
    if (table_) object_.links = read_symbol_table(blocks_, sizes_, *table_);
    for (Link& link : links_) object_.links.push_back(std::move(link));
    if (dense_links_) read_dense_links(blocks_, *dense_links_, object_.links);
    if (dense_attributes_) read_dense_attributes(blocks_, *dense_attributes_, object_.attributes);
    check_names(object_.links);
    sort_by_name(object_.links, kDamagedLinks);
    sort_by_name(object_.attributes, kDamagedAttributes);
    return std::move(object_);
  }

 private:
  void take(unsigned type, MessageBytes bytes) {
    switch (type) {
      case kSpace:
        return set_once(object_.space, read_space(bytes));
      case kType:
        return set_once(object_.type, read_type(bytes));
      case kLayout:
        return set_once(object_.layout, read_layout(bytes));
      case kSymbolTable:
        object_.is_group = true;
        return set_once(table_, read_symbol_table_message(bytes));
      case kLinkInfo:
        if (std::exchange(has_link_info_, true)) throw Refusal(kDamagedHeader);
        object_.is_group = true;
        dense_links_ = read_link_info(bytes);
        return;
      case kAttributeInfo:
        if (std::exchange(has_attribute_info_, true)) throw Refusal(kDamagedHeader);
        dense_attributes_ = read_attribute_info(bytes);
        return;
      case kLink:
        blocks_.budget.count_item();
        links_.push_back(read_link(bytes));
        return;
      case kAttribute:
        blocks_.budget.count_item();
        object_.attributes.push_back(read_attribute(bytes));
        return;
      case kFill:
        new_fill_ = true;
        object_.fill = read_fill(type, bytes);
        return;
      case kOldFill:
        old_fill_ = read_fill(type, bytes);
        return;
      case kFilters:
        object_.pipeline = read_pipeline(bytes);
        return;
      case kExternalFiles:
        object_.in_other_files = true;
        return;
      default:
        return;
    }
  }

  const Blocks& blocks_;
  const TreeSizes& sizes_;
  Object object_;
  std::vector<Link> links_;
  std::optional<SymbolTable> table_;
  bool has_link_info_ = false, has_attribute_info_ = false, new_fill_ = false;
  std::optional<DenseStorage> dense_links_, dense_attributes_;
  FillValue old_fill_;
};

}  // namespace

const Link* Object::link(const std::string& name) const { return find(links, name); }

const Attribute* Object::attribute(const std::string& name) const { return find(attributes, name); }

Object read_object(const Blocks& blocks, const TreeSizes& sizes, std::uint64_t address) {
  return ObjectReader(blocks, sizes).read(address);
}

void check_extension(const Blocks& blocks, std::uint64_t address) {
  read_header(blocks, address, [](unsigned type, MessageBytes) {
    if (type == kTreeSizes) throw Refusal("its indices have nodes of unusual sizes, which is not supported");
    if (type == kDriver) throw Refusal("has driver information, which no file of Keras has");
    if (type == kCacheImage) throw Refusal("parts of the file are in a cache image, which is not supported");
  });
}

}  // namespace fovea::hdf5
