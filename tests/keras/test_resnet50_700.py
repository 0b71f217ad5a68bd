"""ResNet50 at 700 with the head for five grades (27,794,309 parameters), as weights/train.py saves it with its card."""

import pathlib
import tempfile
import unittest

import keras
import numpy as np

import accuracy
import networks
import photos
import support
from recipe import card, network

SIDE = 700
HEAD = [name for name in network.HEAD_LAYERS if "dropout" not in name and name != "avg_pool"]


class ResNet50At700(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        support.need_shared_data()
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.photographs = photos.photographs(raw=4, quality=2)
        cls.preprocessed = photos.photographs(seed_preprocessed_700=3)
        cls.inputs = photos.prepare(cls.photographs, "gaussian-700") + photos.prepare(cls.preprocessed, "rescale-700")
        cls.inputs32 = [x.astype(np.float32) for x in cls.inputs]
        cls.model = network.build_network(SIDE)
        networks.make_lively(cls.model, cls.inputs[:1], seed=3)
        cls.backbone, head = cls.parts(cls.model)
        cls.features32 = support.answers(cls.backbone, cls.inputs32)
        dense = [cls.model.get_layer(name) for name in HEAD]
        networks.spread_grades(cls.features32, dense, seed=4, spread=0.7)
        # With the optimizer's state, as a training leaves it; nothing of it may be read.
        cls.model.compile(keras.optimizers.SGD(momentum=0.9), "sparse_categorical_crossentropy")
        cls.model.optimizer.build(cls.model.trainable_variables)
        cls.model_path = cls.folder / "dr.h5"
        cls.model.save(cls.model_path)
        card.write_card(cls.model_path, card.make_card(SIDE, "random weights", "1", demo=False))
        cls.keras32 = support.answers(head, cls.features32)
        backbone64, head64 = cls.parts(support.in_float64(cls.model))
        cls.features = support.answers(backbone64, cls.inputs)
        cls.truth = support.answers(head64, cls.features)

    @staticmethod
    def parts(model):
        """The model up to its 2048 features, and the rest of it."""
        features = model.get_layer("avg_pool").output
        return keras.Model(model.input, features), keras.Model(features, model.output)

    def test_features(self):
        """So many outputs that chance hardly matters: five grades of a few images are a small sample of errors."""
        path = self.folder / "backbone.h5"
        self.backbone.save(path)
        scale = np.abs(self.features).max()
        for arithmetic in accuracy.FACTORS:
            got = support.fovea_run([path], [np.stack(self.inputs32)], self.folder, "--arithmetic", arithmetic)[0]
            accuracy.check_answers(self, "ResNet50, 700, features relative to the largest", self.features / scale,
                                   self.features32 / scale, got / scale, arithmetic)

    def test_as_keras(self):
        self.assertEqual(self.model.count_params(), 27_794_309)

        def grade(*options):
            rows = support.batch_predict(self.model_path, self.photographs, self.folder / "raw.csv", *options)  # by card
            return rows | support.batch_predict(self.model_path, self.preprocessed, self.folder / "preprocessed.csv",
                                                "--preprocess", "rescale-700", *options)

        accuracy.check_rows(self, "ResNet50, 700, head for five grades", self.photographs + self.preprocessed, grade,
                            self.truth, self.keras32)


if __name__ == "__main__":
    support.main()
