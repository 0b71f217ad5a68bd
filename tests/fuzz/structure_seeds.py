"""Writes small HDF5 files, each with one structure that h5py makes, for h5-mutants and the fuzzers to damage:
structure_seeds.py FOLDER. For Python with h5py; what is kept of them is corpus/structures.tar.xz, packed as scripts/fuzz packs."""

import pathlib
import sys

import h5py
import numpy as np

OLD, NEW = ("earliest", "v108"), ("latest", "latest")


def links(file, count, **options):
    group = file.create_group("group", **options)
    for i in range(count):
        group.create_group(f"{'n' * (i % 20)}{i}")


def attributes(file, count, size, **options):
    group = file.create_group("group", **options)
    for i in range(count):
        group.attrs[f"a{i}"] = "t" * (i * size // count)


def chunks(file, shape, chunk, most, **options):
    data = np.arange(np.prod(shape), dtype="<f4").reshape(shape)
    file.create_dataset("x", data=data, chunks=chunk, maxshape=most, **options)


def early(file):
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    file.create_dataset("x", data=np.ones((5, 3), "<f4"), chunks=(2, 2), dcpl=properties)


def texts(file):
    file.attrs["names"] = [f"layer_{i}" * (1 + i % 9) for i in range(200)]
    file.attrs["long"] = "j" * 9000
    file.attrs["fixed"] = np.array([b"k" * 300] * 4)


def compact(file):
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.COMPACT)
    for kind in ("<f2", ">f4", "<f8"):
        file.create_dataset(kind, data=np.ones((3, 2), kind), dcpl=properties)


ALL = {
    "old_links": (OLD, lambda f: links(f, 40)),
    "links_compact": (NEW, lambda f: links(f, 7)),
    "links_dense": (NEW, lambda f: links(f, 20)),
    "links_table": (NEW, lambda f: links(f, 150)),
    "links_ordered": (NEW, lambda f: links(f, 30, track_order=True)),
    "old_attributes": (OLD, lambda f: attributes(f, 30, 900)),
    "attributes_dense": (NEW, lambda f: attributes(f, 9, 90)),
    "attributes_table": (NEW, lambda f: attributes(f, 60, 600)),
    "attributes_ordered": (NEW, lambda f: attributes(f, 12, 60, track_order=True)),
    "attributes_huge": (NEW, lambda f: [f.attrs.create(f"a{i}", np.array([b"h" * 700] * 6)) for i in range(9)]),
    "old_texts": (OLD, texts),
    "texts": (NEW, texts),
    "compact": (NEW, compact),
    "single": (NEW, lambda f: chunks(f, (6, 5), (6, 5), None, compression=9, shuffle=True, fletcher32=True)),
    "early": (NEW, early),
    "fixed": (NEW, lambda f: chunks(f, (7, 5), (2, 2), None)),
    "fixed_filtered": (NEW, lambda f: chunks(f, (7, 5), (2, 2), None, compression=1, fletcher32=True)),
    "fixed_pages": (NEW, lambda f: chunks(f, (1100,), (1,), None)),
    "extensible": (NEW, lambda f: chunks(f, (90, 2), (1, 2), (None, 2))),
    "extensible_filtered": (NEW, lambda f: chunks(f, (40, 2), (1, 2), (None, 2), compression=1, shuffle=True)),
    "tree": (NEW, lambda f: chunks(f, (20, 20), (1, 2), (None, None))),
    "tree_filtered": (NEW, lambda f: chunks(f, (12, 6), (2, 2), (None, None), compression=1)),
    "old_tree": (OLD, lambda f: chunks(f, (150,), (1,), None)),
    "old_tree_filtered": (OLD, lambda f: chunks(f, (9, 7), (2, 2), (None, None), compression=1, shuffle=True, fletcher32=True)),
}


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, (version, fill) in ALL.items():
        with h5py.File(folder / name, "w", libver=version, userblock_size=512 if name == "texts" else 0) as file:
            fill(file)
    with h5py.File(folder / "pages", "w", libver=NEW, fs_strategy="page", fs_page_size=512) as file:  # an extension
        links(file, 3)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
