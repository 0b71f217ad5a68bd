// Dense storage: the records of the B-tree by name are visited, and the heap's objects are messages.
#include "loaders/hdf5/objects/dense_storage.h"

#include "loaders/hdf5/io/damage.h"
#include "loaders/hdf5/objects/b_tree_2.h"
#include "loaders/hdf5/objects/fractal_heap.h"
#include "loaders/io/refusal.h"

namespace fovea::hdf5 {
namespace {

constexpr unsigned kLinksByName = 5, kAttributesByName = 8;  // types of records
constexpr std::size_t kLinkHash = 4;                         // of the name, before the identifier
constexpr std::size_t kAttributeRest = 9;                    // behind it: flags, order, hash
constexpr unsigned kSharedFlag = 2;                          // message flag

}  // namespace

void read_dense_links(const Blocks& blocks, const DenseStorage& storage, std::vector<Link>& out) {
  FractalHeap heap(blocks, storage.heap, kDamagedLinks);
  const BTree2 tree(blocks, storage.names, kLinksByName, kDamagedLinks);
  if (tree.record_bytes() != kLinkHash + heap.id_bytes()) throw Refusal(kDamagedLinks);
  tree.walk([&](std::span<const unsigned char> record) {
    blocks.budget.count_item();
    out.push_back(read_link(heap.object(record.subspan(kLinkHash))));
  });
}

void read_dense_attributes(const Blocks& blocks, const DenseStorage& storage, std::vector<Attribute>& out) {
  FractalHeap heap(blocks, storage.heap, kDamagedAttributes);
  const BTree2 tree(blocks, storage.names, kAttributesByName, kDamagedAttributes);
  if (tree.record_bytes() != heap.id_bytes() + kAttributeRest) throw Refusal(kDamagedAttributes);
  tree.walk([&](std::span<const unsigned char> record) {
    blocks.budget.count_item();
    if ((record[heap.id_bytes()] & kSharedFlag) != 0) {
      throw Refusal("shares attributes with other objects, which is not supported");
    }
    out.push_back(read_attribute(heap.object(record.first(heap.id_bytes()))));
  });
}

}  // namespace fovea::hdf5
