"""A backbone nested in a Sequential, some of its layers frozen: Keras then stores its weights in another order."""

import pathlib
import tempfile
import unittest

import keras
import numpy as np
from keras import layers

import accuracy
import networks
import photos
import support

PRESET = "ben-graham-320"
SIDE = 320


class Nested(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        support.need_shared_data()
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.images = photos.photographs(raw=3, quality=4, eyepacs_256=5)
        cls.inputs = photos.prepare(cls.images, PRESET)
        cls.inputs32 = [x.astype(np.float32) for x in cls.inputs]

    def check(self, what, backbone, freeze):
        """GlobalAveragePooling and a Dense layer on the backbone, saved with what `freeze` chooses frozen."""
        model = keras.Sequential([layers.Input((SIDE, SIDE, 3)), backbone, layers.GlobalAveragePooling2D(),
                                  layers.Dense(5, activation="softmax")])
        networks.make_lively(backbone, self.inputs[:3], seed=8)
        features = support.answers(keras.Sequential(model.layers[:2]), self.inputs32)
        networks.spread_grades(features, [model.layers[-1]], seed=9, spread=0.7)
        freeze(backbone)
        path = self.folder / "nested.h5"
        model.save(path)
        truth = support.truth(model, self.inputs)
        keras32 = support.answers(model, self.inputs32)

        def grade(*options):
            return support.batch_predict(path, self.images, self.folder / "nested.csv", "--preprocess", PRESET, *options)

        accuracy.check_rows(self, what, self.images, grade, truth, keras32)

    def test_new_names_all_but_the_last_stage_frozen(self):
        def freeze(backbone):
            for layer in backbone.layers:
                layer.trainable = layer.name.startswith("conv5")

        backbone = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(SIDE, SIDE, 3))
        self.check("nested ResNet50, 320, four stages frozen", backbone, freeze)

    def test_old_names_normalisation_frozen(self):
        def freeze(backbone):
            for layer in backbone.layers:
                layer.trainable = not isinstance(layer, layers.BatchNormalization)

        self.check("nested old ResNet50, 320, normalisation frozen", networks.old_resnet50(SIDE, top=False), freeze)


if __name__ == "__main__":
    support.main()
