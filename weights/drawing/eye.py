"""The healthy eye without its vessels: background, choroid, macula, optic disc."""

from dataclasses import dataclass

import numpy as np

from . import canvas as c

# Background colours met in real photographs (blue, green, red): orange, red, brown, yellowish, pale.
PIGMENTS = ((48, 104, 205), (40, 78, 190), (46, 84, 158), (58, 122, 190), (70, 122, 214))


@dataclass(frozen=True)
class Anatomy:
    """Where things lie, in retina units."""

    disc: np.ndarray  # centre of the optic disc
    disc_radius: float
    fovea: np.ndarray


def draw_anatomy(rng):
    """A 45 degree photograph, centred somewhere between the macula and the point halfway to the disc."""
    shift = rng.uniform(0.0, 0.34)
    fovea = np.array([-shift, rng.uniform(-0.06, 0.06)])
    disc = fovea + np.array([rng.uniform(0.66, 0.76), rng.uniform(-0.12, 0.0)])
    return Anatomy(disc, rng.uniform(0.12, 0.15), fovea)


def paint_background(rng, canvas, anatomy):
    """The retina's colour, uneven light, texture and macula: float picture, blue green red, 0 to 255."""
    x, y = canvas.grid()
    radius = np.hypot(x, y)
    pigment = np.array(PIGMENTS[rng.integers(len(PIGMENTS))], np.float32) * rng.uniform(0.88, 1.1, 3).astype(np.float32)
    image = np.ones((canvas.height, canvas.width, 3), np.float32) * pigment

    direction = rng.uniform(0, 2 * np.pi)
    light = 1 - rng.uniform(0.12, 0.38) * radius**2
    light += rng.uniform(0.0, 0.18) * (x * np.cos(direction) + y * np.sin(direction))
    light += 0.035 * c.smooth_noise(rng, canvas, 5) + 0.018 * c.smooth_noise(rng, canvas, 14)
    grain = 0.010 * c.smooth_noise(rng, canvas, 60) + 0.008 * c.smooth_noise(rng, canvas, 130)
    image *= np.clip(light + grain, 0.15, 1.5)[..., None]

    if rng.random() < 0.4:
        _paint_choroid(rng, canvas, image, anatomy)
    if rng.random() < 0.25:  # a pale, bluish rim, as light from the edge of the pupil gives
        c.cover(image, np.clip((radius - 0.7) / 0.9, 0, 0.3), (170, 180, 180))

    _paint_macula(rng, image, x, y, anatomy)
    return image


def _paint_choroid(rng, canvas, image, anatomy):
    """Broad, blurred vessels behind the retina, seen in lightly pigmented eyes."""
    mask = canvas.empty_mask()
    for _ in range(26):
        start = rng.uniform(-1, 1, 2)
        heading = np.arctan2(*(start - anatomy.disc)[::-1]) + rng.normal(0, 0.4)
        turns = heading + np.cumsum(rng.normal(0, 0.22, 14))
        points = start + np.cumsum(0.05 * np.stack([np.cos(turns), np.sin(turns)], 1), axis=0)
        c.draw_path(mask, canvas, points, np.full(14, rng.uniform(0.012, 0.03)), 0.9)
    c.absorb(image, canvas.finish(mask, 0.008) * rng.uniform(0.3, 0.8), (0.84, 0.84, 0.97))


def _paint_macula(rng, image, x, y, anatomy):
    distance = np.hypot(x - anatomy.fovea[0], y - anatomy.fovea[1])
    wide, narrow = rng.uniform(0.16, 0.24), rng.uniform(0.05, 0.075)
    c.absorb(image, rng.uniform(0.5, 0.9) * np.exp(-((distance / wide) ** 2)), (0.72, 0.68, 0.80))
    c.absorb(image, rng.uniform(0.5, 0.9) * np.exp(-((distance / narrow) ** 2)), (0.70, 0.66, 0.76))
    if rng.random() < 0.4:
        image += (rng.uniform(10, 26) * np.exp(-((distance / 0.012) ** 2)))[..., None]


def paint_disc(rng, canvas, image, anatomy):
    """The optic disc with its paler cup; the vessels are painted over it afterwards."""
    x, y = canvas.grid()
    dx, dy = x - anatomy.disc[0], y - anatomy.disc[1]
    stretch = rng.uniform(0.82, 0.95)
    distance = np.hypot(dx / stretch, dy) / anatomy.disc_radius
    wobble = 0.03 * c.smooth_noise(rng, canvas, 9)

    ring = np.exp(-(((distance - 1.12) / 0.14) ** 2))
    c.absorb(image, rng.uniform(0.1, 0.5) * ring * (dx < 0.05), (0.75, 0.78, 0.85))
    edge = rng.uniform(14, 26)
    rim = 1 / (1 + np.exp(np.clip(edge * (distance + wobble - 1), -40, 40)))
    tint = np.array([rng.uniform(88, 125), rng.uniform(158, 190), rng.uniform(228, 246)])
    c.cover(image, rim * 0.9, tint)
    cup_size = rng.uniform(0.35, 0.6)
    cup_distance = np.hypot(dx / stretch + 0.02, dy) / (anatomy.disc_radius * cup_size)
    cup = 1 / (1 + np.exp(np.clip(6 * (cup_distance + wobble - 1), -40, 40)))
    c.cover(image, cup * 0.75, (190, 226, 250))
