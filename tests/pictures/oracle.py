"""Preprocessed pixels as people who train in Python get them: OpenCV's own functions, called as the notebooks call them.

usage: oracle.py OUT_DIR PICTURE...
Writes OUT_DIR/<n>.<preset>.rgb for the n-th picture: "WIDTH HEIGHT" and a newline, then RGB bytes, rows top to bottom.
"""

import sys

import cv2
import numpy as np

NETWORK = (224, 200)  # the size that imagenet presets resize to in the test


def contrast(img, sigma):
    return cv2.addWeighted(img, 4, cv2.GaussianBlur(img, (0, 0), sigma), -4, 128)


def crop(rgb, tolerance):
    mask = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY) > tolerance
    rows, columns = mask.any(1), mask.any(0)
    return rgb[np.ix_(rows, columns)] if rows.any() else rgb


def gaussian_700(bgr):
    bgr = cv2.resize(contrast(bgr, 40), (700, 700), interpolation=cv2.INTER_CUBIC)
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


def ben_graham_320(bgr):
    rgb = crop(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), 7)
    return contrast(cv2.resize(rgb, (320, 320)), 10)


def imagenet(bgr):
    return cv2.resize(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), NETWORK)


def unchanged(bgr):
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


PRESETS = {
    "gaussian-700": gaussian_700,
    "ben-graham-320": ben_graham_320,
    "imagenet-caffe": imagenet,
    "none": unchanged,
}


def main(out_dir, paths):
    # The portable path: builds with Intel's IPP round cubic resizing otherwise.
    cv2.setUseOptimized(False)
    cv2.setNumThreads(1)
    for number, path in enumerate(paths):
        bgr = cv2.imread(path, cv2.IMREAD_COLOR)
        if bgr is None:
            sys.exit(f"{path}: OpenCV cannot read it")
        for name, prepare in PRESETS.items():
            rgb = np.ascontiguousarray(prepare(bgr))
            with open(f"{out_dir}/{number}.{name}.rgb", "wb") as file:
                file.write(b"%d %d\n" % (rgb.shape[1], rgb.shape[0]))
                file.write(rgb.tobytes())


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
