"""fovea's HDF5 reader against h5py: the same names, texts and numbers, to the bit, out of every kind of file that h5py
writes and out of the real ones. With FOVEA_FULL=1 also out of 2,000 files with settings by chance."""

import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest
import zlib

import h5py
import numpy as np

import zoo

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("FOVEA_BIN_DIR", ROOT / "build" / "bin"))
SHARED_DATA = pathlib.Path(os.environ.get("FOVEA_SHARED_DATA", ROOT.parent / "shared" / "data"))
FULL = os.environ.get("FOVEA_FULL") == "1"


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
    return [text.split(b"\0")[0] for text in (t.encode() if isinstance(t, str) else bytes(t) for t in array.ravel())]


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
            right = None if floats is None else " ".join(["ok", str(zlib.crc32(floats.tobytes())), *map(str, thing.shape)])
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
        asked = [pair for path in paths for pair in questions(path)]
        got = answers([question for question, _ in asked])
        self.assertEqual(len(got), len(asked))
        here, wrong = "", []
        for (question, right), answer in zip(asked, got):
            here = question if question.startswith("open") else here
            refused = answer.startswith("error ")
            if refused != (right is None) or (right is not None and answer != right):
                wrong.append(f"{here}: {question}: {answer[:200]}; h5py: {str(right)[:200]}")
        self.assertEqual(wrong, [], f"{len(wrong)} of {len(asked)}")
        return len(asked)

    def test_every_kind_with_every_version(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for kind in zoo.KINDS:
                for number, version in enumerate(zoo.LIBVERS):
                    path = pathlib.Path(folder) / f"{kind.__name__}-{version[0]}-{version[1]}.h5"
                    zoo.write(path, kind, version, userblock_size=512 if number % 2 else 0, track_order=number % 3 == 1)
                    paths.append(path)
            count = self.compare(paths)
        self.assertGreater(count, 3000)

    def test_real_files(self):
        if not (SHARED_DATA / "models").is_dir():
            self.skipTest(f"{SHARED_DATA}: no real models there (FOVEA_SHARED_DATA names their folder)")
        paths = [path for path in sorted((SHARED_DATA / "models").glob("*5")) if "truncated" not in path.name]
        self.assertGreater(len(paths), 10)
        self.compare(paths)

    def test_settings_by_chance(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for seed in range(2000 if FULL else 40):
                path = pathlib.Path(folder) / f"seed{seed}.h5"
                write_by_chance(path, random.Random(seed))
                paths.append(path)
            self.compare(paths)

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


def write_by_chance(path, chance):
    """Groups small and large, data sets and attributes, all settings drawn."""
    options = {"userblock_size": chance.choice([0, 0, 512, 1024]), "track_order": chance.random() < 0.3}
    with h5py.File(path, "w", libver=chance.choice(zoo.LIBVERS), **options) as file:
        groups = [file]
        for i in range(chance.choice([1, 3, 12])):
            groups.append(chance.choice(groups).create_group(f"g{i}" + "x" * chance.randrange(30)))
        for i in range(chance.choice([2, 10, 30])):
            shape = tuple(chance.randrange(1, 9) for _ in range(chance.randrange(0, 5)))
            settings = {}
            if shape and chance.random() < 0.6:
                settings["chunks"] = tuple(chance.randrange(1, n + 1) for n in shape)
                settings["maxshape"] = tuple(chance.choice([n, n, n + 3, None]) for n in shape)
                settings["compression"] = chance.choice([None, 1, 9])
                settings["shuffle"] = chance.random() < 0.5
                settings["fletcher32"] = chance.random() < 0.3
            chance.choice(groups).create_dataset(
                f"d{i}", data=zoo.values(shape, i, chance.choice(zoo.TYPES)), **settings)
        for i in range(chance.choice([0, 5, 40])):
            value = chance.choice(["text" * chance.randrange(50), [f"n{k}" for k in range(chance.randrange(1, 40))],
                                   np.array([b"fixed" * chance.randrange(1, 20)] * 3), np.bytes_(b"bytes")])
            chance.choice(groups).attrs[f"a{i}"] = value


if __name__ == "__main__":
    result = unittest.main(verbosity=2, exit=False).result
    sys.exit(0 if result.wasSuccessful() else 1)
