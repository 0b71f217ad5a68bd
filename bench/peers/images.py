"""The images every engine gets: seeded, smooth as photographs are, each of its own tint, a little grained, 0 to 1."""
import numpy as np

GRID, GRAIN = 12, 0.1


def stretch(values, axis, size):
    """Linear interpolation along an axis to `size` points."""
    where = np.linspace(0, values.shape[axis] - 1, size)
    low = np.minimum(where.astype(int), values.shape[axis] - 2)
    share = (where - low).reshape([-1 if i == axis else 1 for i in range(values.ndim)])
    return np.take(values, low, axis) * (1 - share) + np.take(values, low + 1, axis) * share


def make(count, shape, seed):
    """`count` images of `shape` (height, width, channels), float32."""
    rng = np.random.default_rng(seed)
    height, width, channels = shape
    coarse = rng.random((count, GRID, GRID, channels)) * rng.uniform(0.2, 1, (count, 1, 1, channels))
    smooth = stretch(stretch(coarse, 1, height), 2, width)
    return (smooth * (1 - GRAIN) + rng.random(smooth.shape) * GRAIN).astype(np.float32)
