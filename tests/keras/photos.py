"""The real photographs, and what each preset makes of them, by OpenCV's own functions (its portable path)."""

import cv2
import numpy as np

from support import SHARED_DATA

cv2.setUseOptimized(False)
CAFFE_MEAN = (103.939, 116.779, 123.68)
TORCH_MEAN, TORCH_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def photographs(**folders):
    """The first so many of each folder, by name: photographs(raw=4, quality=2)."""
    paths = []
    for folder, count in folders.items():
        paths += sorted((SHARED_DATA / "images" / folder.replace("_", "-")).iterdir())[:count]
    return paths


def load(path):
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    assert image is not None, path
    return image


def gaussian(image, sigma):
    return cv2.addWeighted(image, 4, cv2.GaussianBlur(image, (0, 0), sigma), -4, 128)


def crop_grey(image, tolerance=7):
    mask = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) > tolerance
    if not mask.any():
        return image
    return image[np.ix_(mask.any(axis=1), mask.any(axis=0))]


def resize(image, side, interpolation=cv2.INTER_LINEAR):
    return cv2.resize(image, (side, side), interpolation=interpolation)


def rgb(image):
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB).astype(np.float64)


# In double and rounded once where float32 is wanted. The truth takes the double, everything else its float32.
PREPARE = {
    "gaussian-700": lambda image: rgb(resize(gaussian(image, 40), 700, cv2.INTER_CUBIC)) * (1 / 255),
    "ben-graham-320": lambda image: rgb(gaussian(resize(crop_grey(image), 320), 10)) * (1 / 255),
    "imagenet-caffe": lambda image: resize(image, 224).astype(np.float64) - CAFFE_MEAN,
    "imagenet-tf": lambda image: rgb(resize(image, 224)) * (1 / 127.5) - 1,
    "imagenet-torch": lambda image: (rgb(resize(image, 224)) * (1 / 255) - TORCH_MEAN) / TORCH_STD,
    "rescale-700": lambda image: rgb(image) * (1 / 255),
}


def prepare(paths, function):
    """What the network sees of each picture, in float64."""
    if isinstance(function, str):
        function = PREPARE[function]
    return [function(load(path)) for path in paths]
