"""fovea's HDF5 reader against h5py: the same names, texts and numbers, to the bit, out of every kind of file that h5py
writes and out of the real ones. With FOVEA_FULL=1 also out of 2,000 files with settings by chance."""

import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest
import zipfile
import zlib

import h5py
import numpy as np

import zoo

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("FOVEA_BIN_DIR", ROOT / "build" / "bin"))
SHARED_DATA = pathlib.Path(os.environ.get("FOVEA_SHARED_DATA", ROOT.parent / "shared" / "data"))
FULL = os.environ.get("FOVEA_FULL") == "1"


# How a data set is stored that may be refused, and what is then said.
REFUSED = {"szip": "szip", "lzf": "lzf", "external": "external file", "virtual": "virtual dataset"}


class Refused:
    """An answer that must be a refusal for this reason, of this data set."""

    def __init__(self, why):
        self.why = why

    @staticmethod
    def of(data):
        kind = "external" if data.external else "virtual" if data.is_virtual else data.compression
        return Refused(REFUSED[kind]) if kind in REFUSED else None

    def __repr__(self):
        return f"refused: {self.why}"


def in_hex(names):
    return " ".join(["ok", *("x" + name.hex() for name in names)])


def as_text(value):
    """What an attribute's value is as a list of texts, None if it is none."""
    if isinstance(value, h5py.Empty):
        return []
    array = np.asarray(value)
    if array.size == 0:
        return []
    if array.dtype.kind not in "SOU":
        return None
    return [text.split(b"\0")[0] for text in (t.encode("utf-8", "surrogateescape") if isinstance(t, str) else bytes(t)
                                                  for t in array.ravel())]


def as_floats(data):
    """A data set's elements as float32, None if it holds none."""
    if data.dtype.kind == "V" and data.dtype.itemsize == 2:
        return (data[()].view("<u2").astype("<u4") << 16).view("<f4")
    if data.dtype.kind != "f":
        return None
    with np.errstate(over="ignore"):
        return np.asarray(data[()]).astype("<f4")


def questions(path):
    """[(question, right answer)], answers as hdf5-ask gives them; None where it must refuse."""
    asked = []

    def ask_of(name, thing):
        place = name.strip("/")
        if isinstance(thing, h5py.Group):
            asked.append((f"links\t{place}", in_hex(sorted(link.encode() for link in thing))))
            asked.append((f"attributes\t{place}", in_hex(sorted(key.encode() for key in thing.attrs))))
            for key, value in thing.attrs.items():
                text = as_text(value)
                asked.append((f"texts\t{place}\t{key}", None if text is None else in_hex(text)))
        else:
            floats = as_floats(thing) if thing.size else None
            refused = Refused.of(thing)
            right = refused if refused else None if floats is None else " ".join(["ok", str(zlib.crc32(floats.tobytes())), *map(str, thing.shape)])
            asked.append((f"data\t{place}", right))

    with h5py.File(path) as file:
        asked.append((f"open\t{path}", in_hex(sorted(link.encode() for link in file))))
        ask_of("", file)
        file.visititems(ask_of)
    return asked


def answers(lines):
    done = subprocess.run([str(BIN / "hdf5-ask")], input="\n".join(lines) + "\n", capture_output=True, text=True,
                          check=False, timeout=600)
    if done.returncode != 0:
        raise AssertionError(f"hdf5-ask ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout.splitlines()


class Oracle(unittest.TestCase):
    def compare(self, paths):
        """The number of data sets, and of those refused for one of the reasons that are allowed."""
        asked = [pair for path in paths for pair in questions(path)]
        got = answers([question for question, _ in asked])
        self.assertEqual(len(got), len(asked))
        here, wrong, allowed = "", [], 0
        for (question, right), answer in zip(asked, got):
            here = question if question.startswith("open") else here
            refused = answer.startswith("error ")
            if isinstance(right, Refused):
                allowed += 1
                as_it_should = refused and right.why in answer and question.split("\t")[1] in answer
            else:
                as_it_should = refused == (right is None) and right in (None, answer)
            if not as_it_should:
                wrong.append(f"{here}: {question}: {answer[:200]}; h5py: {str(right)[:200]}")
        self.assertEqual(wrong, [], f"{len(wrong)} of {len(asked)}")
        return sum(question.startswith("data") for question, _ in asked), allowed

    def test_every_kind_with_every_version(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for kind in zoo.KINDS:
                for number, version in enumerate(zoo.LIBVERS):
                    path = pathlib.Path(folder) / f"{kind.__name__}-{version[0]}-{version[1]}.h5"
                    zoo.write(path, kind, version, userblock_size=512 if number % 2 else 0, track_order=number % 3 == 1)
                    paths.append(path)
            count, _ = self.compare(paths)
        self.assertGreater(count, 1000)

    def test_real_files(self):
        if not (SHARED_DATA / "models").is_dir():
            self.skipTest(f"{SHARED_DATA}: no real models there (FOVEA_SHARED_DATA names their folder)")
        paths = [path for path in sorted((SHARED_DATA / "models").glob("*5")) if "truncated" not in path.name]
        self.assertGreater(len(paths), 10)
        self.compare_all(paths, sorted((SHARED_DATA / "models").glob("*.keras")))

    def test_kept_files(self):
        """The models of this repository, as several versions of Keras wrote them."""
        files = [path for folder in ("weights", "tests/keras/golden") for path in sorted((ROOT / folder).rglob("*"))]
        paths = [path for path in files if path.suffix == ".h5"]
        self.assertGreater(len(paths), 5)
        self.compare_all(paths, [path for path in files if path.suffix == ".keras"])

    def compare_all(self, paths, archives):
        """The weights in archives as well."""
        with tempfile.TemporaryDirectory() as folder:
            inside = []
            for number, path in enumerate(archives):
                inside.append(pathlib.Path(folder) / f"{number}.h5")
                with zipfile.ZipFile(path) as archive:
                    inside[-1].write_bytes(archive.read("model.weights.h5"))
            count, allowed = self.compare(paths + inside)
        print(f"{len(paths)} files, {len(archives)} archives, {count} data sets")
        self.assertEqual(allowed, 0)

    def test_settings_by_chance(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for seed in range(2000 if FULL else 40):
                path = pathlib.Path(folder) / f"seed{seed}.h5"
                write_by_chance(path, random.Random(seed))
                paths.append(path)
            content = b"".join(path.read_bytes() for path in paths)
            for structure in (b"SNOD", b"TREE", b"GCOL", b"OCHK", b"FRHP", b"BTHD", b"FAHD", b"EAHD"):
                self.assertIn(structure, content)
            count, allowed = self.compare(paths)
        print(f"{len(paths)} files, {count} data sets, {allowed} refused by name")
        self.assertGreater(allowed, 0)
        self.assertLess(allowed, count / 20)

    def test_a_wrong_number_is_found(self):
        """The comparison itself: one changed bit in a file fails."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "x.h5"
            with h5py.File(path, "w") as file:
                file["x"] = np.array([1.5, 2.5], "<f4")
            asked = questions(path)
            content = path.read_bytes()
            path.write_bytes(content.replace(np.float32(2.5).tobytes(), np.float32(2.75).tobytes()))
            got = answers([question for question, _ in asked])
            self.assertNotEqual(got[-1], asked[-1][1])
            self.assertTrue(got[-1].startswith("ok "))


def layout_by_chance(chance, shape):
    """Settings of a data set: every way to store it, and every index of chunks."""
    settings = {}
    kind = chance.choice(["plain", "compact", "chunked", "chunked", "chunked", "single", "early"]) if shape else "plain"
    if kind == "compact":
        settings["dcpl"] = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        settings["dcpl"].set_layout(h5py.h5d.COMPACT)
    if kind == "early":  # one chunk behind the other, without an index where none can be added
        settings["dcpl"] = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        settings["dcpl"].set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        settings["chunks"] = tuple(chance.randrange(1, n + 1) for n in shape)
        settings["maxshape"] = chance.choice([None, tuple(n + chance.randrange(4) for n in shape)])
    if kind in ("chunked", "single"):
        settings["chunks"] = shape if kind == "single" else tuple(chance.randrange(1, n + 1) for n in shape)
        if kind == "chunked":
            settings["maxshape"] = tuple(chance.choice([n, n, n + 3, None]) for n in shape)
        settings["compression"] = chance.choice([None, 1, 9])
        settings["shuffle"] = chance.random() < 0.5
        settings["fletcher32"] = chance.random() < 0.3
    return settings


def write_refused(group, name, kind, data):
    """A data set that fovea refuses: its bytes are elsewhere, or packed in a way that Keras never uses."""
    if kind == "external" or (kind == "virtual" and group.file.libver[1] == "v108"):  # which has no virtual ones
        group.create_dataset(name, data=data, external=[(f"{group.file.filename}.{name}.raw", 0, data.nbytes)])
    elif kind == "virtual":
        group.create_dataset(f"{name}_source", data=data)
        virtual = h5py.VirtualLayout(data.shape, data.dtype)
        virtual[:] = h5py.VirtualSource(group[f"{name}_source"])
        group.create_virtual_dataset(name, virtual)
    else:
        data = np.resize(data, 64)  # szip wants some
        group.create_dataset(name, data=data, chunks=data.shape, compression=kind)


def write_text(group, name, chance):
    """An attribute of texts of every kind: fixed or variable, ASCII or UTF-8, padded in each of three ways."""
    words = ["text" * chance.randrange(9), "", "conv/kernel:0", "\N{GREEK SMALL LETTER ALPHA}" * chance.randrange(9)]
    count = chance.choice([None, 1, 3, 40])
    values = [chance.choice(words) for _ in range(count or 1)]
    kind = h5py.h5t.C_S1.copy()
    fixed = chance.random() < 0.6
    size = max(len(value.encode()) for value in values) + chance.choice([1, 2, 9]) if fixed else h5py.h5t.VARIABLE
    kind.set_size(size)
    kind.set_cset(chance.choice([h5py.h5t.CSET_ASCII, h5py.h5t.CSET_UTF8]))
    given = kind.copy()  # HDF5 pads
    if fixed:
        given.set_strpad(h5py.h5t.STR_NULLPAD)
        kind.set_strpad(chance.choice([h5py.h5t.STR_NULLTERM, h5py.h5t.STR_NULLPAD, h5py.h5t.STR_SPACEPAD]))
    space = h5py.h5s.create(h5py.h5s.SCALAR) if count is None else h5py.h5s.create_simple((count,))
    texts = np.array([value.encode() for value in values], f"S{size}" if fixed else h5py.string_dtype())
    h5py.h5a.create(group.id, name.encode(), kind, space).write(texts.reshape(count or ()), mtype=given)


def write_by_chance(path, chance):
    """Groups small and large, data sets and attributes, all settings drawn. About 1 data set in 50 is refused."""
    options = {"userblock_size": chance.choice([0, 0, 512, 1024]), "track_order": chance.random() < 0.3}
    with h5py.File(path, "w", libver=chance.choice(zoo.LIBVERS), **options) as file:
        groups = [file]
        for i in range(chance.choice([1, 3, 12])):
            ordered = chance.choice([None, True, False])
            groups.append(chance.choice(groups).create_group(f"g{i}" + "x" * chance.randrange(30), track_order=ordered))
        for i in range(chance.choice([2, 10, 30])):
            shape = tuple(chance.randrange(1, 9) for _ in range(chance.randrange(0, 5)))
            group, data = chance.choice(groups), zoo.values(shape, i, chance.choice(zoo.TYPES))
            if shape and chance.random() < 0.02:
                write_refused(group, f"d{i}", chance.choice(list(REFUSED)), data)
            else:
                group.create_dataset(f"d{i}", data=data, **layout_by_chance(chance, shape))
        for i in range(chance.choice([0, 5, 40])):
            group = chance.choice(groups)
            if chance.random() < 0.5:
                write_text(group, f"a{i}", chance)
                continue
            group.attrs[f"a{i}"] = chance.choice(
                ["text" * chance.randrange(50), [f"n{k}" for k in range(chance.randrange(1, 40))],
                 np.array([b"fixed" * chance.randrange(1, 20)] * 3), np.bytes_(b"bytes")])
        for i in range(chance.choice([0, 0, 9, 60])):  # many in one group, as links and as attributes
            groups[-1].create_group(f"many{i}")
            groups[-1].attrs[f"many{i}"] = "m" * i


if __name__ == "__main__":
    result = unittest.main(verbosity=2, exit=False).result
    sys.exit(0 if result.wasSuccessful() else 1)
