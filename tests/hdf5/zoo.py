"""HDF5 files of every kind that h5py writes, small: each function fills one open file."""

import itertools

import h5py
import numpy as np

LIBVERS = [("earliest", "v108"), ("earliest", "latest"), ("v108", "v108"), ("v110", "v110"), ("latest", "latest")]
TYPES = ["<f4", ">f4", "<f8", ">f8", "<f2", ">f2"]


def values(shape, seed=0, dtype="<f4"):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def plain(file, _):
    for name in TYPES:
        file.create_dataset(f"group/{name}", data=values((3, 5), 1, name))
    file.create_dataset("scalar", data=np.float32(2.5))
    file.create_dataset("half", data=np.array([0, -0.0, 6e-8, -3e-5, 65504, np.inf, 1 / 3], "<f2"))
    file.create_dataset("double", data=np.array([1e-310, 1e-46, 3.4e38, 1 + 2**-24, 1 + 2**-53], "<f8"))
    file.create_dataset("brain", data=np.array([0x3f80, 0xc020, 1, 0x7f7f], "<u2").view("V2"))
    kind = h5py.h5t.IEEE_F32LE.copy()  # as PyTorch and HDF5 2 write bfloat16
    kind.set_fields(15, 7, 8, 0, 7)
    kind.set_size(2)
    kind.set_ebias(127)
    space = h5py.h5s.create_simple((3,))
    data = h5py.h5d.create(file.id, b"brain_float", kind, space)
    data.write(space, space, np.array([0x3f80, 0xc020, 1], "<u2"), mtype=kind)


def compact(file, version):
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.COMPACT)
    for name in TYPES:
        data = values((2, 3), 2, name)
        identifier = h5py.h5d.create(file.id, f"compact{name}".encode(), h5py.h5t.py_create(data.dtype),
                                     h5py.h5s.create_simple(data.shape), properties)
        identifier.write(h5py.h5s.ALL, h5py.h5s.ALL, data)


def texts(file, _):
    group = file.create_group("layers")
    group.attrs["one"] = "a text"
    group.attrs["utf8"] = "\N{GREEK SMALL LETTER ALPHA}" * 10
    group.attrs["bytes"] = np.bytes_(b"fixed")
    group.attrs["list"] = ["conv", "", "dense/kernel"]
    group.attrs["fixed"] = np.array([b"conv1", b"d"], "S12")
    group.attrs["none"] = np.array([], "f8")
    group.attrs["empty_texts"] = h5py.Empty("S1")
    group.attrs["long"] = "j" * 200_000
    group.attrs["long_list"] = [f"layer_{i}" for i in range(3000)]
    group.attrs["spaces"] = np.array([b"conv  ", b"x"], "S8")


def many_links(file, _):
    for count in (1, 8, 9, 40, 700):
        group = file.create_group(f"links{count}")
        for i in range(count):
            group.create_group(f"{'n' * (i % 50)}{i}")
        group.create_dataset("x", data=values((4,), count))
    ordered = file.create_group("ordered", track_order=True)
    for i in range(60):
        ordered.create_dataset(f"z{60 - i}", data=values((2,), i))


def many_attributes(file, version):
    for count in (8, 9, 300):
        group = file.create_group(f"attributes{count}", track_order=count == 9)
        for i in range(count):
            group.attrs[f"a{i}"] = f"text {i}" * (1 + i % 7)
    large = file.create_group("large")
    if version[0] in ("earliest",):  # nothing above 64 KiB there
        return
    large.attrs["fixed"] = np.array([b"k" * 3000] * 40, "S3000")  # by itself in the heap
    large.attrs["medium"] = np.array([b"m" * 90] * 50, "S90")
    for i in range(20):
        large.attrs[f"names{i}"] = np.array([b"n" * (100 * i + 1)] * 3)
    data = file.create_dataset("with_attributes", data=values((3,)))
    for i in range(20):
        data.attrs[f"d{i}"] = "t" * i


def chunked(file, _):
    shapes = [((20,), (7,)), ((7, 5), (3, 2)), ((4, 3, 6), (3, 2, 4)), ((3, 3, 2, 9), (1, 3, 2, 4)), ((33, 2), (1, 1)),
              ((5, 5), (5, 5)), ((2000,), (3,)), ((64, 64), (8, 8))]
    filters = [{}, {"compression": 1}, {"compression": 9, "shuffle": True}, {"fletcher32": True},
               {"compression": 4, "shuffle": True, "fletcher32": True}]
    grown = [lambda shape: None, lambda shape: tuple(2 * n for n in shape),
             lambda shape: (None, *shape[1:]), lambda shape: (*shape[:-1], None), lambda shape: (None,) * len(shape)]
    for number, ((shape, chunks), options, most) in enumerate(itertools.product(shapes, filters, grown)):
        dtype = TYPES[number % len(TYPES)]
        file.create_dataset(f"c{number}", data=values(shape, number, dtype), chunks=chunks, maxshape=most(shape), **options)


def sparse(file, _):
    """Chunks that were never written, with and without a value for them, in arrays with pages."""
    for number, most in enumerate([(9000, 3), (None, 3), (9000, None), (None, None)]):
        for options in ({}, {"compression": 1}):
            data = file.create_dataset(f"s{number}{len(options)}", (9000, 3), "<f4", chunks=(2, 3), maxshape=most,
                                       fillvalue=1.5 if number % 2 else None, **options)
            for at in (0, 1, 40, 41, 2100, 4095, 4097, 8999):
                data[at] = values((3,), at)
    data = file.create_dataset("paged", (400_000,), "<f4", chunks=(2,), maxshape=(None,))
    for at in [*range(0, 390_000, 777), 399_999]:  # from 131,088 chunks on, the array's blocks have pages
        data[at] = at
    early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)  # one chunk behind the other, without an index
    early.set_chunk((3, 2))
    early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    for name, most in ((b"early", (10, 5)), (b"early_growing", (20, 6))):
        identifier = h5py.h5d.create(file.id, name, h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((10, 5), most), early)
        identifier.write(h5py.h5s.ALL, h5py.h5s.ALL, values((10, 5), 5))
    shrunk = file.create_dataset("shrunk", data=values((50, 4)), chunks=(4, 4), maxshape=(None, 4))
    shrunk.resize((11, 4))


KINDS = [plain, compact, texts, many_links, many_attributes, chunked, sparse]


def write(path, kind, version, **options):
    with h5py.File(path, "w", libver=version, **options) as file:
        kind(file, version)
