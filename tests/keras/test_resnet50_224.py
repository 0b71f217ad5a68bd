"""ResNet50 at 224 with the ImageNet head, saved by today's Keras, from photographs to the CSV."""

import json
import pathlib
import tempfile
import unittest

import keras
import numpy as np

import accuracy
import networks
import photos
import support

PRESET = "imagenet-caffe"


class ResNet50At224(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        support.need_shared_data()
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.model_path = cls.folder / "resnet50.h5"
        cls.images = photos.photographs(raw=5, quality=2, eyepacs_256=5)
        cls.inputs = photos.prepare(cls.images, PRESET)
        cls.model = keras.applications.ResNet50(weights=None)
        networks.make_lively(cls.model, cls.inputs[:4], seed=1)
        backbone = keras.Model(cls.model.input, cls.model.get_layer("avg_pool").output)
        inputs32 = [x.astype(np.float32) for x in cls.inputs]
        head = [cls.model.get_layer("predictions")]
        networks.spread_grades(support.answers(backbone, inputs32), head, seed=2, spread=3)
        cls.model.save(cls.model_path)
        cls.truth = support.truth(cls.model, cls.inputs)
        cls.keras32 = support.answers(cls.model, inputs32)

    def grade(self, images, name, *options):
        """The CSV's bytes, and its rows."""
        output = self.folder / f"{name}.csv"
        rows = support.batch_predict(self.model_path, images, output, "--preprocess", PRESET, *options)
        return output.read_bytes(), rows

    def test_as_keras(self):
        def grade(*options):
            return self.grade(self.images, "all", *options)[1]

        accuracy.check_rows(self, "ResNet50, 224, ImageNet head", self.images, grade, self.truth, self.keras32)

    def compare(self, isa, best, arithmetic):
        """Compares the CSVs of one instruction set with each other and with those of the best; names what it ran."""
        images = self.images[-4:]
        first = None
        if isa != "portable":
            first, _ = self.grade(images, "first", "--batch", 1, "--threads", 1, "--isa", best,
                                  "--arithmetic", arithmetic)
        compared = []
        for batch, threads in ((1, 1), (1, 2), (3, 1), (3, 2)):
            if isa == "portable" and (batch, threads) not in ((1, 1), (3, 2)):
                continue  # slow, and no other code path
            name = f"{isa}-{batch}-{threads}"
            content, own = self.grade(images, name, "--batch", batch, "--threads", threads, "--isa", isa,
                                      "--arithmetic", arithmetic)
            record = json.loads((self.folder / f"{name}.run.json").read_text(encoding="utf-8"))
            self.assertEqual((record["run"]["isa"], record["run"]["arithmetic"]), (isa, arithmetic))
            if first is None:
                first = content
                got = np.stack([own[path.stem][1] for path in images])
                accuracy.check_answers(self, "the same, portable", self.truth[-4:], self.keras32[-4:], got, arithmetic)
            self.assertEqual(content, first, name)
            compared.append(name)
        return compared

    def test_same_bytes(self):
        """Batch, threads, and the two instruction sets with FMA change nothing; the portable one only rounding."""
        isas = support.available_isas()
        for arithmetic in accuracy.FACTORS:
            compared = [name for isa in isas for name in self.compare(isa, isas[0], arithmetic)]
            print(f"\nsame bytes, {arithmetic} (instruction set, batch, threads): {' '.join(compared)}", flush=True)
        if isas[:2] != ["avx512", "avx2"]:
            print(f"  NOT COVERED on this machine: avx512 against avx2 (usable here: {', '.join(isas)})", flush=True)


if __name__ == "__main__":
    support.main()
