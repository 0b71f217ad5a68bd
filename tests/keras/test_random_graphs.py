"""Random small networks against Keras, on every instruction set of this machine. FOVEA_FULL=1: ten times as many."""

import os
import pathlib
import tempfile
import unittest

import keras
import numpy as np

import accuracy
import networks
import random_graphs
import support

COUNT = 600 if os.environ.get("FOVEA_FULL") else 60
SEED = 20_000
# Errors are relative to the largest output. An error of the arithmetic, not of rounding, is beyond all of these.
RELATIVE_FLOOR = 1e-5
FACTOR = 4


def allowed(truth, keras32):
    return max(FACTOR * np.abs(keras32 - truth).max(), RELATIVE_FLOOR * np.abs(truth).max())


def complaint(got, truths, keras32):
    """Why these are not the truths, or "". `truths` and `keras32` hold an [image, value] for each output; in `got` they
    stand in a row."""
    width = sum(truth.shape[1] for truth in truths)
    if got.shape != (len(truths[0]), width):
        return f"shape {got.shape} instead of {len(truths[0]), width}"
    for number, (truth, by_keras) in enumerate(zip(truths, keras32)):
        own, got = np.split(got, [truth.shape[1]], axis=1)
        error, most = np.abs(own - truth).max(), allowed(truth, by_keras)
        if not error <= most:  # NaN fails
            return f"output {number}: largest error {error:.2e}, allowed {most:.2e}"
    return ""


def says_something(truth):
    """Outputs that are mostly zero, or the same for all images, would test little."""
    return np.mean(truth != 0) > 0.3 and np.ptp(truth, axis=0).max() > 1e-3 * np.abs(truth).max()


def tells_images_apart(truths, keras32):
    """In float32, where sums cancel, one image's answers can be as good as another's."""
    return complaint(np.concatenate(truths, axis=1)[::-1], truths, keras32) != ""


def rows_of_each(outputs):
    """[image, value] of each output of a model."""
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    return [np.asarray(support.in_rows(output)) for output in outputs]


# Of Keras 2 alone; what Keras cannot save as .h5 or read again; operations, which are no layers to Keras; and layers that
# only train, of which random_graphs.py draws the older ones.
NOT_DRAWN = {
    "RandomHeight", "RandomWidth", "ThresholdedReLU", "RandomBrightness", "Operation", "AugMix", "CutMix", "MixUp",
    "RandAugment", "RandomColorDegeneration", "RandomColorJitter", "RandomElasticTransform", "RandomErasing",
    "RandomGaussianBlur", "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization",
    "RandomCrop", "RandomSaturation", "RandomSharpness", "RandomShear"}


class RandomGraphs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.seeds, cls.paths, cls.images, cls.truths, cls.keras32, cls.classes = [], [], [], [], [], []
        seed = SEED
        while len(cls.seeds) < COUNT:
            seed += 1
            model, images = random_graphs.random_graph(seed)
            truths = rows_of_each(support.truth(model, images))
            keras32 = rows_of_each(support.answers(model, images))
            if not all(map(says_something, truths)) or not tells_images_apart(truths, keras32):
                continue
            path = cls.folder / f"{seed}.h5"
            model.save(path)
            cls.seeds.append(seed)
            cls.paths.append(path)
            cls.images.append(images)
            cls.truths.append(truths)
            cls.keras32.append(keras32)
            cls.classes.append([type(layer).__name__ for layer in networks.all_layers(model)])
        cls.tried = seed - SEED

    def outputs(self, *options):
        return support.fovea_run(self.paths, self.images, self.folder, *options)

    def check(self, outputs):
        wrong = []
        for seed, got, truths, keras32, classes in zip(self.seeds, outputs, self.truths, self.keras32, self.classes):
            reason = complaint(got, truths, keras32)
            if reason:
                wrong.append(f"random_graph({seed}): {reason}; layers {' '.join(classes)}")
        self.assertFalse(wrong, "\n".join(wrong))

    def test_as_keras(self):
        isas = support.available_isas()
        for arithmetic in accuracy.FACTORS:
            first = self.outputs("--arithmetic", arithmetic, "--isa", isas[0])
            self.check(first)
            for isa in isas:
                for options in (("--batch", 1, "--threads", 1), ("--batch", 3, "--threads", 2)):
                    outputs = self.outputs("--arithmetic", arithmetic, "--isa", isa, *options)
                    if isa == "portable":
                        self.check(outputs)
                        continue
                    for seed, one, other in zip(self.seeds, first, outputs):
                        what = f"random_graph({seed}), {arithmetic}: {isas[0]} against {isa} {options}"
                        self.assertEqual(one.tobytes(), other.tobytes(), what)
        print(f"\n{COUNT} of {self.tried} random networks from seed {SEED} on, {', '.join(isas)}", flush=True)

    def test_every_layer_took_part(self):
        used = {name for classes in self.classes for name in classes}
        registry = (support.ROOT / "layers" / "registry.def").read_text(encoding="utf-8").splitlines()
        known = {line.split("(")[1].split(",")[0] for line in registry if line.startswith("FOVEA_LAYER")}
        self.assertFalse(known - used - NOT_DRAWN, "random_graphs.py draws none of these layers of registry.def")

    def test_wrong_answers_are_noticed(self):
        """Four tolerances on one output are too much, and so are another network's outputs and NaN."""
        for truths, keras32 in zip(self.truths, self.keras32):
            whole = np.concatenate(truths, axis=1)
            for wrong in (4 * allowed(truths[-1], keras32[-1]), np.nan):
                got = whole.copy()
                got[-1, -1] += wrong
                self.assertTrue(complaint(got, truths, keras32))
            self.assertTrue(complaint(whole[::-1], truths, keras32))
            self.assertFalse(complaint(np.concatenate(keras32, axis=1), truths, keras32))

    def test_several_inputs_and_outputs_took_part(self):
        self.assertGreater(sum(isinstance(images, tuple) for images in self.images), COUNT // 10)
        self.assertGreater(sum(len(truths) > 1 for truths in self.truths), COUNT // 10)


if __name__ == "__main__":
    support.main()
