// Pack files: a model made ready beforehand, mapped into memory instead of read (docs/pack-file.md). A cache: the Keras
// file that it was made of stays the source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fovea/arithmetic.h>
#include <fovea/export.h>
#include <fovea/model.h>
#include <fovea/model_desc.h>

namespace fovea {

/// How a pack file is opened.
struct PackOptions {
  /// Map the file, so that all processes share one copy of the weights; it must not be shortened in place as long as
  /// they are in use. False: read it into memory of its own, which nothing that happens to the file can reach.
  bool map = true;
  bool verify = false;  ///< check everything, see PackFile::verify; takes as long as loading the Keras file
};

/// Weights packed for one instruction set and arithmetic.
struct PackedSet {
  std::string isa;
  Arithmetic arithmetic = Arithmetic::fast;
};

/// A pack file that is open. Opening it checks its head, the network and the card by their checksums, and every size
/// and offset; the weights are neither read nor touched.
class FOVEA_API PackFile {
 public:
  /// Throws Error "PATH: place: reason".
  explicit PackFile(const std::string& path, const PackOptions& options = {});
  /// The same of a file in memory, which is kept; `name` stands for it in messages. Its data should lie at a multiple
  /// of 64 bytes, or it is copied.
  PackFile(std::shared_ptr<const std::byte[]> data, std::size_t size, const std::string& name,
           const PackOptions& options = {});
  ~PackFile();
  PackFile(PackFile&&) noexcept;
  PackFile& operator=(PackFile&&) noexcept;

  /// The model card as JSON, "" if the file has none.
  const std::string& card() const;
  /// What weights are packed for; an instruction set may be none that this build knows.
  struct Packed {
    std::string isa, arithmetic;
    std::int64_t bytes;  ///< packed weights in all; sets may share them
  };
  const std::vector<Packed>& packed() const;
  /// The description, its weights in the file's memory. Throws Error.
  ModelDesc desc() const;
  /// As Model::create of `desc`, with the packed weights of the file where it has them for this instruction set,
  /// arithmetic and version of fovea; all else is packed anew, to the same bits. The model keeps the file open.
  /// Weights were checked to be finite when the file was written: ModelOptions::check_finite looks once more.
  std::shared_ptr<const Model> model(const ModelOptions& options = {}) const;
  /// Reads all of the file: every section by its checksum, weights for NaN and infinity, and packed weights, as far as
  /// this machine has the instruction set, against what packing gives anew. Throws Error.
  void verify() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// True for a regular file that begins as pack files do.
FOVEA_API bool is_pack_file(const std::string& path);
/// The same of a file in memory.
FOVEA_API bool is_pack_file(std::span<const std::byte> file) noexcept;

/// Writes a pack file of `desc`, with `card` (JSON, "" = none) and weights packed for each of `sets`, whose instruction
/// sets this machine must have. `out` can be positioned, is empty, and holds no pack file before all of it is written.
/// The same description gives the same bytes. `progress` is told how much is done of what there is to do, and may
/// throw. Throws Error if the network cannot run, a weight is not finite, or `out` cannot be written.
FOVEA_API void save_pack(std::ostream& out, const ModelDesc& desc, const std::string& card,
                         const std::vector<PackedSet>& sets,
                         const std::function<void(std::size_t done, std::size_t total)>& progress = {});

}  // namespace fovea
