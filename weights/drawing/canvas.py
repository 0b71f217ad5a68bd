"""Drawing tools shared by the other modules: the mapping from retina to pixels, smooth noise, and antialiased masks.

Positions and sizes on the retina are in units of its radius, (0, 0) is its centre, x grows towards the nose and y
downwards. Every eye is drawn as a right eye (optic disc on the right); left eyes are mirrored at the very end.
"""

from dataclasses import dataclass

import cv2
import numpy as np

OVERSAMPLING = 2  # masks are drawn this much larger and averaged down, which smooths their edges


@dataclass(frozen=True)
class Canvas:
    """Where the retina lies in the picture, in pixels."""

    width: int
    height: int
    centre: tuple
    radius: float

    def grid(self):
        """Coordinates of every pixel's centre, in retina units: two arrays of height x width."""
        y, x = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        return (x - self.centre[0]) / self.radius, (y - self.centre[1]) / self.radius

    def empty_mask(self):
        return np.zeros((self.height * OVERSAMPLING, self.width * OVERSAMPLING), np.uint8)

    def to_mask(self, points):
        """Retina units to whole pixels of the oversampled mask."""
        points = np.asarray(points, np.float64).reshape(-1, 2)
        return np.round((points * self.radius + self.centre) * OVERSAMPLING).astype(np.int32)

    def finish(self, mask, blur=0.0):
        """The mask at the picture's size as floats from 0 to 1, softened by `blur` (retina units)."""
        mask = cv2.resize(mask, (self.width, self.height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        return soften(mask, blur * self.radius)

    def pixel_of(self, point):
        """Row and column of a retina position, clamped to the picture."""
        x = int(np.clip(round(point[0] * self.radius + self.centre[0]), 0, self.width - 1))
        y = int(np.clip(round(point[1] * self.radius + self.centre[1]), 0, self.height - 1))
        return y, x


def soften(array, sigma):
    """Gaussian blur by `sigma` pixels; nothing below a quarter of a pixel, where it would change nothing."""
    return cv2.GaussianBlur(array, (0, 0), sigma) if sigma > 0.25 else array


def smooth_noise(rng, canvas, cells):
    """Noise around 0 with about `cells` bumps across the picture and a standard deviation near 1."""
    rows = max(2, round(cells * canvas.height / canvas.width))
    coarse = rng.normal(size=(rows, max(2, cells))).astype(np.float32)
    return cv2.resize(coarse, (canvas.width, canvas.height), interpolation=cv2.INTER_CUBIC)


def draw_path(mask, canvas, points, widths, strength=1.0):
    """A line of changing width. Widths are in retina units; what is thinner than a pixel is drawn fainter."""
    pixels = canvas.to_mask(points)
    scale = canvas.radius * OVERSAMPLING
    for start, end, width in zip(pixels[:-1], pixels[1:], widths[1:]):
        thickness = width * scale
        value = int(255 * strength * min(1.0, thickness))
        cv2.line(mask, tuple(map(int, start)), tuple(map(int, end)), value, max(1, round(thickness)), cv2.LINE_AA)


def draw_blob(mask, canvas, rng, centre, radius, roughness=0.2, stretch=1.0, angle=0.0, strength=1.0):
    """A filled spot with an uneven outline, `stretch` times longer along `angle`."""
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    outline = np.ones_like(turn)
    for waves in (2, 3, 5):
        outline += roughness / waves**0.5 * rng.normal() * np.cos(waves * turn + rng.uniform(0, 2 * np.pi))
    outline = radius * np.clip(outline, 0.4, 1.8)
    x, y = outline * np.cos(turn) * stretch, outline * np.sin(turn)
    points = np.stack([x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)], axis=1)
    cv2.fillPoly(mask, [canvas.to_mask(points + centre)], int(255 * strength), cv2.LINE_AA)


def absorb(image, mask, bgr):
    """Darkens `image` in place where `mask` is 1 to the given fraction of each colour, as blood does."""
    image *= 1 - mask[..., None] * (1 - np.asarray(bgr, np.float32))


def cover(image, mask, bgr):
    """Paints `image` in place with a colour where `mask` is 1."""
    image += mask[..., None] * (np.asarray(bgr, np.float32) - image)
