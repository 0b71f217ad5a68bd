"""What the camera does to the eye: focus, colour, noise, dust, and the round aperture on black."""

import numpy as np

from . import canvas as c


def choose_canvas(rng, size):
    """Square or 4:3, the retina whole or cut off above and below, as cameras differ."""
    wide = rng.random() < 0.5
    height = round(size * 0.75) if wide else size
    radius = size * rng.uniform(0.43, 0.485) if wide else size * rng.uniform(0.455, 0.49)
    centre = (size / 2 + rng.normal(0, 0.004 * size), height / 2 + rng.normal(0, 0.004 * size))
    return c.Canvas(size, height, centre, radius)


def photograph(rng, canvas, image):
    """The finished picture as the camera saves it: 8 bits, blue green red."""
    image = c.soften(image, rng.uniform(0.0, 0.0022) * canvas.radius)
    x, y = canvas.grid()
    if rng.random() < 0.12:  # dust on the lens: dark, but far softer than any lesion
        distance = np.hypot(x - rng.uniform(-0.8, 0.8), y - rng.uniform(-0.8, 0.8))
        image = image * (1 - rng.uniform(0.08, 0.16) * np.exp(-((distance / 0.05) ** 2)))[..., None]
    image = image * rng.uniform(0.94, 1.06, 3) * rng.uniform(0.75, 1.12)
    image = 255 * np.clip(image / 255, 0, 1) ** rng.uniform(0.88, 1.15)

    opening = np.clip((1 - np.hypot(x, y)) * canvas.radius / 1.5 + 0.5, 0, 1)
    if rng.random() < 0.3:  # the notch that tells which way up the slide was
        angle = -rng.uniform(0.5, 0.9)
        notch = np.hypot(x - np.cos(angle), y - np.sin(angle)) < 0.035
        opening = np.maximum(opening, notch)
    image = image * opening[..., None] + rng.uniform(0, 4)
    image += rng.normal(0, rng.uniform(0.6, 2.2), image.shape) * (0.35 + 0.65 * opening[..., None])
    image = np.clip(np.round(image), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(image[:, ::-1]) if rng.random() < 0.5 else image  # half of all eyes are left ones
