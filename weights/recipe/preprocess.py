"""The preprocessing named gaussian-700: local contrast at full resolution, then a square. Results are kept on disk.

OpenCV's optimised paths differ from its portable one by a grey level here and there; fovea reproduces the portable one,
so a network trained here sees exactly what it will see in use.
"""

import functools
import hashlib
import multiprocessing
import os
import pathlib

import cv2

from .labels import RecipeError

SIGMA, WEIGHT, BLUR_WEIGHT, OFFSET = 40, 4, -4, 128
BACKGROUND = OFFSET  # what black becomes


def preprocess(image, size):
    """8-bit blue green red photograph of any size -> size x size x 3, the same order."""
    cv2.setUseOptimized(False)
    blurred = cv2.GaussianBlur(image, (0, 0), SIGMA)
    contrast = cv2.addWeighted(image, WEIGHT, blurred, BLUR_WEIGHT, OFFSET)
    return cv2.resize(contrast, (size, size), interpolation=cv2.INTER_CUBIC)


def load(path):
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise RecipeError(f"{path}: not an image that can be read")
    return image


def fill_cache(images, cache, size, workers=None):
    """Preprocesses what is not in the cache yet; returns the cached file of every image, in order."""
    folders = {str(image.parent.resolve()) for image in images}
    key = hashlib.sha256("\n".join(sorted(folders)).encode()).hexdigest()[:8]
    folder = pathlib.Path(cache) / f"gaussian-{size}-{key}"
    folder.mkdir(parents=True, exist_ok=True)
    cached = [folder / f"{image.name}.png" for image in images]
    todo = [pair for pair in zip(images, cached) if not _fresh(*pair)]
    if todo:
        print(f"preprocessing {len(todo)} images into {folder}", flush=True)
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            for done, _ in enumerate(pool.imap_unordered(functools.partial(_cache_one, size=size), todo), 1):
                if done % 200 == 0:
                    print(f"  {done} of {len(todo)}", flush=True)
    return cached


def _fresh(image, cached):
    return cached.exists() and cached.stat().st_mtime >= image.stat().st_mtime


def _cache_one(pair, size):
    cv2.setNumThreads(1)
    image, cached = pair
    part = cached.with_name(f"{cached.name}.{os.getpid()}.part.png")  # renamed when whole: a stopped run leaves no half file
    if not cv2.imwrite(str(part), preprocess(load(image), size)):
        raise RecipeError(f"{part}: cannot be written")
    os.replace(part, cached)
