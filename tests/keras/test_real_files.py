"""Models that others trained to grade retinopathy, as they were published, on real photographs."""

import pathlib
import tempfile
import unittest

import keras
import numpy as np

import accuracy
import photos
import support

# What the authors fed them is not stated anywhere; under these settings the grades differ from picture to picture.
# The file, options of batch-predict, and the same by OpenCV.
MODELS = (
    ("dr_afifa375_dr_model.h5", ("--preprocess", "imagenet-tf", "--scale", "1/255", "--mean", "0,0,0"),
     lambda image: photos.rgb(photos.resize(image, 64)) * (1 / 255)),
    ("dr_mugunthan07_Model_diabetic.h5", ("--preprocess", "imagenet-tf"),
     lambda image: photos.rgb(photos.resize(image, 200)) * (1 / 127.5) - 1),
)


class RealFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        support.need_shared_data()
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.images = photos.photographs(raw=4, quality=4, eyepacs_256=25, seed_preprocessed_700=9)

    def test_as_keras(self):
        for name, options, prepare in MODELS:
            with self.subTest(name):
                path = support.SHARED_DATA / "models" / name
                model = keras.models.load_model(path, compile=False)
                inputs = photos.prepare(self.images, prepare)
                inputs32 = [x.astype(np.float32) for x in inputs]
                truth = support.truth(model, inputs)
                keras32 = support.answers(model, inputs32)

                def grade(*arithmetic):
                    return support.batch_predict(path, self.images, self.folder / "labels.csv", *options, *arithmetic)

                rows = accuracy.check_rows(self, name, self.images, grade, truth, keras32)
                # What OpenCV prepared and what the program prepared give the same bits, and the CSV keeps them all.
                from_csv = np.stack([rows[path.stem][1] for path in self.images])
                engine = support.fovea_run([path], [np.stack(inputs32)], self.folder)[0]
                self.assertEqual(engine.tobytes(), from_csv.tobytes())


if __name__ == "__main__":
    support.main()
