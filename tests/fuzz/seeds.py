"""Writes small models as h5py does in every form of HDF5, to start the fuzzers from: seeds.py FOLDER. For Python with Keras;
what is kept of them is in corpus/h5.tar.xz."""

import itertools
import pathlib
import sys
import tempfile

import h5py
import keras
import numpy as np
from keras import layers

CHUNKS = {"whole": lambda shape: {},
          "single": lambda shape: {"chunks": shape},
          "fixed": lambda shape: {"chunks": (1,) * len(shape), "maxshape": tuple(n + 1 for n in shape)},
          "extensible": lambda shape: {"chunks": (1,) * len(shape), "maxshape": (None, *shape[1:])},
          "tree": lambda shape: {"chunks": (1,) * len(shape), "maxshape": (None,) * len(shape)}}
FILTERS = {"plain": {}, "filtered": {"compression": 9, "shuffle": True, "fletcher32": True}}


def copy(source, target, options, ordered, more):
    for key, value in source.attrs.items():
        target.attrs[key] = value
    for i in range(more):
        target.attrs[f"more{i}"] = "x" * i
    if more:
        target.attrs["large"] = np.bytes_(b"y" * 4200)
    for name, thing in source.items():
        if isinstance(thing, h5py.Group):
            copy(thing, target.create_group(name, track_order=ordered), options, ordered, more)
        else:
            target.create_dataset(name, data=thing[()], **(options(thing.shape) if thing.shape else {}))
    for i in range(more):
        target.require_group(f"more{i}")


def main(folder):
    model = keras.Sequential([keras.Input((2, 2, 1)), layers.Conv2D(1, 1), layers.Flatten(), layers.Dense(2)])
    with tempfile.TemporaryDirectory() as scratch:
        source = pathlib.Path(scratch) / "model.h5"
        model.save(source)
        for libver, chunks, filters in itertools.product((("earliest", "v108"), ("v108", "v108"), ("latest", "latest")), CHUNKS, FILTERS):
            if chunks == "whole" and filters != "plain":
                continue
            name = f"{libver[0]}-{chunks}-{filters}"
            with h5py.File(source) as old, h5py.File(folder / name, "w", libver=libver) as new:
                copy(old, new, lambda shape: {**CHUNKS[chunks](shape), **FILTERS[filters]}, False, 0)
        for ordered, more in ((False, 9), (True, 9), (True, 0)):
            with h5py.File(source) as old, h5py.File(folder / f"dense{more}-{ordered}", "w", libver="latest") as new:
                copy(old["model_weights/dense"], new.create_group("model_weights/dense", track_order=ordered), lambda shape: {}, ordered, more)
                new.attrs.update(old.attrs)
                for key, value in old["model_weights"].attrs.items():
                    new["model_weights"].attrs[key] = value
                copy(old["model_weights/conv2d"], new.create_group("model_weights/conv2d"), lambda shape: {}, ordered, 0)
                new.create_group("model_weights/flatten").attrs["weight_names"] = np.zeros(0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
