"""ResNet50 with the layer names of keras-applications before 2019: full models, and files with weights only."""

import pathlib
import tempfile
import unittest

import keras
import numpy as np

import accuracy
import networks
import old_files
import photos
import support

PRESET = "imagenet-torch"


class OldNames(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        support.need_shared_data()
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.images = photos.photographs(raw=4, quality=2, eyepacs_256=4)
        cls.inputs = photos.prepare(cls.images, PRESET)
        cls.inputs32 = [x.astype(np.float32) for x in cls.inputs]
        cls.model = networks.old_resnet50(224, top=True)
        networks.make_lively(cls.model, cls.inputs[:4], seed=5)
        backbone = keras.Model(cls.model.input, cls.model.get_layer("avg_pool").output)
        head = [cls.model.get_layer("fc1000")]
        networks.spread_grades(support.answers(backbone, cls.inputs32), head, seed=6, spread=3)
        cls.truth = support.truth(cls.model, cls.inputs)
        cls.keras32 = support.answers(cls.model, cls.inputs32)

    def check(self, what, path, *options):
        output = path.with_suffix(".csv")

        def grade(*arithmetic):
            return support.batch_predict(path, self.images, output, "--preprocess", PRESET, *options, *arithmetic)

        accuracy.check_rows(self, what, self.images, grade, self.truth, self.keras32)
        return output.read_bytes()

    def test_full_model_and_weights_only(self):
        full = self.folder / "full.h5"
        self.model.save(full)
        expected = self.check("old names, full model", full)

        weights = self.folder / "weights.h5"
        old_files.write_weights_file(self.model, weights)
        by_name = self.check("old names, weights only, --architecture", weights, "--architecture", "resnet50")
        self.assertEqual(by_name, expected)

        config = self.folder / "architecture.json"
        config.write_text(self.model.to_json(), encoding="utf-8")
        self.assertEqual(self.check("old names, weights only, --config", weights, "--config", config), expected)

        released = self.folder / "released.h5"
        old_files.write_released_weights(self.model, released)
        as_released = self.check("old names, as the released files", released, "--architecture", "resnet50")
        self.assertEqual(as_released, expected)

        keras2 = self.folder / "keras2.h5"
        old_files.rewrite_as_keras_2(full, keras2)
        self.assertEqual(self.check("old names, full model of Keras 2", keras2), expected)

    def test_epsilon_matters(self):
        """Were epsilon taken for today's 1.001e-5, the checks above would fail."""
        config = self.model.to_json().replace('"epsilon": 0.001', '"epsilon": 1.001e-05')
        other = keras.models.model_from_json(config)
        other.set_weights(self.model.get_weights())
        _, largest_limit = accuracy.limits(self.keras32, self.truth, "fast")
        error = support.answers(other, self.inputs32[:2]) - self.truth[:2]
        self.assertGreater(accuracy.largest(error), 4 * largest_limit)

    def test_new_names_weights_only(self):
        """A backbone without top and with today's names, its architecture by name or by the JSON beside the file."""
        backbone = keras.applications.ResNet50(include_top=False, weights=None, input_shape=(224, 224, 3))
        networks.make_lively(backbone, self.inputs[:4], seed=7)
        weights = self.folder / "notop.h5"
        old_files.write_weights_file(backbone, weights)
        images = np.stack(self.inputs32[:2])
        with self.assertRaisesRegex(AssertionError, "holds weights only"):
            support.fovea_run([weights], [images], self.folder)
        named = support.fovea_run([weights], [images], self.folder, "--architecture", "resnet50-notop")[0]
        weights.with_suffix(".json").write_text(backbone.to_json(), encoding="utf-8")
        beside = support.fovea_run([weights], [images], self.folder)[0]
        self.assertEqual(named.tobytes(), beside.tobytes())
        truth = support.truth(backbone, images)
        keras32 = support.answers(backbone, images)
        scale = np.abs(truth).max()
        flat = [array.reshape(len(images), -1) / scale for array in (truth, keras32, named)]
        accuracy.check_answers(self, "new names, without top, relative to the largest output", *flat, "fast")


if __name__ == "__main__":
    support.main()
