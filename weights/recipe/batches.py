"""Batches of preprocessed images for Keras, with flips, turns and mild zoom for training."""

import math

import cv2
import keras
import numpy as np

from . import preprocess


class Batches(keras.utils.PyDataset):
    """Reads cached images as numbers from 0 to 1 in red green blue order. Depends on nothing but the seed."""

    def __init__(self, files, grades, batch_size, seed=0, augment=False, **options):
        super().__init__(**options)
        self.files, self.grades = files, np.asarray(grades)
        self.batch_size, self.seed, self.augment = batch_size, seed, augment
        self.epoch = 0
        self._order()

    def _order(self):
        self.order = np.arange(len(self.files))
        if self.augment:
            np.random.default_rng([self.seed, self.epoch]).shuffle(self.order)

    def __len__(self):
        return math.ceil(len(self.files) / self.batch_size)

    def on_epoch_end(self):
        self.epoch += 1
        self._order()

    def __getitem__(self, index):
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        rng = np.random.default_rng([self.seed, self.epoch, index])
        images = [cv2.cvtColor(preprocess.load(self.files[i]), cv2.COLOR_BGR2RGB) for i in chosen]
        if self.augment:
            images = [change(rng, image) for image in images]
        return np.stack(images).astype(np.float32) / 255, self.grades[chosen]


def change(rng, image):
    """One of the eight flips and quarter turns; every third image also a small rotation and zoom.

    Not every image, because interpolation softens: a network that only ever saw soft images takes the sharp ones of real
    use for full of fine vessels and microaneurysms, and grades them too high.
    """
    image = np.rot90(image, rng.integers(4))
    if rng.random() < 0.5:
        image = image[:, ::-1]
    image = np.ascontiguousarray(image)
    if rng.random() < 2 / 3:
        return image
    size = image.shape[0]
    matrix = cv2.getRotationMatrix2D((size / 2 - 0.5, size / 2 - 0.5), rng.uniform(-15, 15), rng.uniform(0.95, 1.1))
    border = (preprocess.BACKGROUND,) * 3
    return cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_CUBIC, borderValue=border)
