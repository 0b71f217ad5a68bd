"""docs/pack-file.md in other hands: a reader that knows nothing but the document finds in what model-pack writes the layers and
weights that h5py finds in the Keras file, everything where the document says, and every checksum right."""

import hashlib
import json
import os
import pathlib
import struct
import subprocess
import tempfile
import unittest

import h5py
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("FOVEA_BIN_DIR", ROOT / "build" / "bin"))
GOLDEN = ROOT / "tests" / "keras" / "golden"
WORD = (1 << 64) - 1
NETWORK, CARD, SETS, WEIGHTS, PACKED = range(1, 6)


def mixed(x):
    x = x * 0x9e3779b97f4a7c15 & WORD
    return (x ^ (x >> 32)) * 0xd1b54a32d192ed03 & WORD


def checksum(data):
    sums = [0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1]
    words = np.frombuffer(data + b"\0" * (-len(data) % 32), "<u8").tolist()
    for i, word in enumerate(words):
        sums[i % 4] = mixed(sums[i % 4] ^ word)
    total = mixed(len(data))
    for one in sums:
        total = mixed(total ^ one)
    return total ^ (total >> 32)


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, code):
        (value,) = struct.unpack_from("<" + code, self.data, self.at)
        self.at += struct.calcsize("<" + code)
        return value

    def text(self):
        size = self.number("I")
        self.at += size
        return self.data[self.at - size:self.at].decode()

    def texts(self):
        return [self.text() for _ in range(self.number("I"))]

    def map(self):
        found = [(self.text(), self.value()) for _ in range(self.number("I"))]
        assert [key for key, _ in found] == sorted(key for key, _ in found)
        return dict(found)

    def value(self):
        readers = [lambda: None, lambda: bool(self.number("B")), lambda: self.number("q"), lambda: self.number("d"), self.text,
                   lambda: [self.value() for _ in range(self.number("I"))], self.map]
        return readers[self.number("B")]()


class PackFile:
    def __init__(self, test, path):
        data = pathlib.Path(path).read_bytes()
        magic, order, version, count, zero, size, table_sum, zeros, header_sum = struct.unpack_from("<8s4s3IQQ16sQ", data)
        test.assertEqual((magic, order, version, zero, zeros), (b"\x89FOVEA\r\n", b"\r\x0c\x0b\n", 1, 0, bytes(16)))
        test.assertEqual(size, len(data))
        test.assertEqual(header_sum, checksum(data[:56]))
        test.assertEqual(table_sum, checksum(data[64:64 + 32 * count]))
        self.sections, end = {}, 64 + 32 * count
        for i in range(count):
            kind, zero, offset, size, summed = struct.unpack_from("<IIQQQ", data, 64 + 32 * i)
            test.assertEqual((zero, offset), (0, (end + 4095) // 4096 * 4096))
            test.assertFalse(any(data[end:offset]))
            self.sections[kind], end = data[offset:offset + size], offset + size
            test.assertEqual(summed, checksum(self.sections[kind]))
        test.assertEqual(end, len(data))
        test.assertEqual(list(self.sections), sorted(self.sections))
        self.read_network(test, Bytes(self.sections[NETWORK]))
        self.sets = self.read_sets(Bytes(self.sections[SETS])) if SETS in self.sections else {}

    def read_network(self, test, read):
        self.format, self.keras_version, self.sha256, self.layers = (read.text() for _ in range(4))
        self.name, self.inputs, self.outputs, self.nodes = read.text(), read.texts(), read.texts(), {}
        for _ in range(read.number("I")):
            class_name, name, inputs, attributes = read.text(), read.text(), read.texts(), read.map()
            weights = []
            for _ in range(read.number("I")):
                weight, shape = read.text(), [read.number("q") for _ in range(read.number("I"))]
                offset = read.number("Q")
                test.assertEqual(offset % 64, 0)
                values = np.frombuffer(self.sections[WEIGHTS], "<f4", int(np.prod(shape)), offset).reshape(shape)
                weights.append((weight, values))
            self.nodes[name] = (class_name, inputs, attributes, weights)
        test.assertEqual(read.at, len(read.data))

    def read_sets(self, read):
        sets = {}
        for _ in range(read.number("I")):
            isa, arithmetic, version, _ = read.text(), read.text(), read.number("I"), read.number("Q")
            assert version == 1
            pieces = [(read.number("I"), read.number("I"), read.text(), read.number("Q"), read.number("Q"))
                      for _ in range(read.number("I"))]
            assert pieces == sorted(pieces)
            sets[isa, arithmetic] = {piece[:3]: np.frombuffer(self.sections[PACKED], "<f4", piece[3], piece[4]) for piece in pieces}
        assert read.at == len(read.data)
        return sets


def stored_weights(path):
    """All tensors of the layers of a Keras file, by what they are."""
    found = []
    with h5py.File(path) as file:
        group = file["model_weights"] if "model_weights" in file else file
        group.visititems(lambda _, thing: found.append(thing[()]) if isinstance(thing, h5py.Dataset) else None)
    return sorted((tensor.shape, tensor.astype("<f4").tobytes()) for tensor in found)


class PackFileTest(unittest.TestCase):
    def pack(self, model, *options):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / "model.fovea"
        subprocess.run([BIN / "model-pack", model, "--output", path, "--quiet", *options], check=True, timeout=300)
        return PackFile(self, path)

    def test_layers_and_weights_are_those_of_the_keras_file(self):
        models = sorted(GOLDEN.glob("*.h5")) + [ROOT / "weights" / "demo.h5"]
        self.assertGreaterEqual(len(models), 8)
        for model in models:
            with self.subTest(model.name):
                pack = self.pack(model, "--isa", "none")
                weights = [values for *_, all_of_it in pack.nodes.values() for _, values in all_of_it]
                self.assertEqual(sorted((w.shape, w.tobytes()) for w in weights), stored_weights(model))
                self.assertEqual(pack.sha256, hashlib.sha256(model.read_bytes()).hexdigest())
                self.assertEqual(sorted(pack.sections), [NETWORK, CARD, WEIGHTS] if model.name == "demo.h5" else [NETWORK, WEIGHTS])

    def test_the_card_is_the_cards_text(self):
        card = (ROOT / "weights" / "demo.json").read_bytes()
        self.assertEqual(self.pack(ROOT / "weights" / "demo.h5").sections[CARD], card)

    def test_attributes_are_those_of_the_configuration(self):
        model = GOLDEN / "sequential.h5"
        nodes = self.pack(model).nodes
        with h5py.File(model) as file:
            layers = json.loads(file.attrs["model_config"])["config"]["layers"]
        checked = 0
        for layer in layers:
            for key in ("filters", "kernel_size", "strides", "padding", "units", "activation", "epsilon", "use_bias"):
                if layer["class_name"] != "InputLayer" and key in layer["config"]:
                    self.assertEqual(nodes[layer["config"]["name"]][2][key], layer["config"][key])
                    checked += 1
        self.assertGreater(checked, 10)

    def test_a_dense_layer_is_packed_in_blocks_of_sixteen(self):
        pack = self.pack(GOLDEN / "sequential.h5", "--isa", "all", "--arithmetic", "fast,direct")
        self.assertEqual({arithmetic for _, arithmetic in pack.sets}, {"fast", "direct"})
        kernels = [values for class_name, _, _, weights in pack.nodes.values() if class_name == "Dense"
                   for name, values in weights if name == "kernel" and values.shape[0] <= 256]
        self.assertTrue(kernels)
        for pieces in pack.sets.values():
            for kernel in kernels:
                k, units = kernel.shape
                padded = np.zeros((k, -(-units // 16) * 16), "<f4")
                padded[:, :units] = kernel
                want = padded.reshape(k, -1, 16).transpose(1, 0, 2).tobytes()
                packed = [values.tobytes() for (_, _, layout), values in pieces.items() if layout == "dense_f32"]
                self.assertIn(want, packed)


if __name__ == "__main__":
    unittest.main(verbosity=2)
