"""Retinal vessels: four pairs of main vessels from the optic disc, their branches, and how they are painted."""

from dataclasses import dataclass

import numpy as np

from . import canvas as c

STEP = 0.02  # length of one piece of a vessel, in retina units
VEIN, ARTERY = "vein", "artery"
ABSORPTION = {VEIN: (0.54, 0.50, 0.70), ARTERY: (0.62, 0.60, 0.84)}  # blue, green, red fractions let through


@dataclass
class Vessel:
    """One unbranched piece: its middle line and its width at every point."""

    points: np.ndarray
    widths: np.ndarray
    kind: str


def grow_vessels(rng, anatomy):
    """All vessels of one eye, thick ones first."""
    vessels = []
    for side in (-1, 1):  # above and below the macula
        for kind in (VEIN, ARTERY):
            _grow_arcade(rng, anatomy, side, kind, vessels)
            heading = side * rng.uniform(0.35, 1.15)
            width = rng.uniform(0.013, 0.019) * (1.15 if kind == VEIN else 0.85)
            _grow_branch(rng, anatomy, anatomy.disc, heading, width, rng.uniform(0.5, 0.9), kind, 2, vessels)
    for _ in range(rng.integers(3, 6)):  # thin vessels from the disc towards the macula
        heading = np.pi + rng.uniform(-0.9, 0.9)
        kind = VEIN if rng.random() < 0.5 else ARTERY
        _grow_branch(rng, anatomy, anatomy.disc, heading, 0.007, rng.uniform(0.25, 0.45), kind, 1, vessels)
    return vessels


def _grow_arcade(rng, anatomy, side, kind, vessels):
    """A main vessel that leaves the disc upwards or downwards and bends around the macula."""
    spread = rng.uniform(-0.05, 0.05) + (0.06 if kind == VEIN else -0.04)
    start = anatomy.disc + rng.normal(0, 0.012, 2)
    knee = np.array([anatomy.disc[0] - rng.uniform(0.0, 0.2), side * (rng.uniform(0.62, 0.8) + spread)])
    end = np.array([anatomy.fovea[0] - rng.uniform(0.75, 0.95), side * (rng.uniform(0.45, 0.75) + spread)])
    t = np.linspace(0, 1, 90)[:, None]
    points = (1 - t) ** 2 * start + 2 * t * (1 - t) * knee + t**2 * end
    sway = np.cumsum(rng.normal(0, 1, 90))
    sway = np.convolve(sway - np.linspace(sway[0], sway[-1], 90), np.ones(9) / 9, "same")
    normal = np.gradient(points, axis=0)[:, ::-1] * (1, -1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    points = points + 0.0045 * sway[:, None] * normal
    width = rng.uniform(0.024, 0.030) * (1.0 if kind == VEIN else 0.74)
    widths = width * np.linspace(1, 0.4, 90)
    vessels.append(Vessel(points, widths, kind))

    for position in np.sort(rng.uniform(0.1, 0.92, rng.integers(6, 10))):
        i = int(position * 89)
        ahead = points[min(i + 2, 89)] - points[max(i - 2, 0)]
        turn = rng.uniform(0.45, 1.0) * (1 if rng.random() < 0.5 else -1)
        heading = np.arctan2(ahead[1], ahead[0]) + turn
        length = rng.uniform(0.3, 0.65)
        _grow_branch(rng, anatomy, points[i], heading, widths[i] * rng.uniform(0.35, 0.6), length, kind, 2, vessels)


def _grow_branch(rng, anatomy, start, heading, width, length, kind, depth, vessels):
    """A winding vessel with branches of its own. It ends at the rim and before the centre of the macula."""
    bend = rng.normal(0, 0.5)
    point, points = np.array(start, np.float64), [np.array(start, np.float64)]
    children = []
    for _ in range(max(3, int(length / STEP))):
        heading += bend * STEP + rng.normal(0, 0.09)
        point = point + STEP * np.array([np.cos(heading), np.sin(heading)])
        if np.hypot(*point) > 1.03 or np.hypot(*(point - anatomy.fovea)) < 0.13:
            break
        points.append(point)
        if depth > 0 and len(points) > 4 and rng.random() < 0.055:
            children.append((point, heading + rng.choice((-1, 1)) * rng.uniform(0.4, 0.9)))
    if len(points) < 3:
        return
    widths = width * np.linspace(1, 0.4, len(points))
    vessels.append(Vessel(np.array(points), widths, kind))
    for child_start, child_heading in children:
        child_width = width * rng.uniform(0.45, 0.7)
        _grow_branch(rng, anatomy, child_start, child_heading, child_width, length * 0.55, kind, depth - 1, vessels)


def bead(rng, vessels):
    """Venous beading: the larger veins swell and narrow like a string of sausages."""
    for vessel in vessels:
        if vessel.kind == VEIN and vessel.widths[0] > 0.012:
            travelled = np.cumsum(np.linalg.norm(np.diff(vessel.points, axis=0, prepend=vessel.points[:1]), axis=1))
            wave = np.sin(2 * np.pi * travelled / rng.uniform(0.055, 0.08) + rng.uniform(0, 6.3))
            vessel.widths = vessel.widths * (1.12 + 0.5 * wave)


def paint_vessels(rng, canvas, image, vessels):
    """Paints the vessels; returns where they are (0 to 1), so that small lesions can keep clear of them."""
    everywhere = np.zeros(image.shape[:2], np.float32)
    for kind in (ARTERY, VEIN):
        mask, core = canvas.empty_mask(), canvas.empty_mask()
        for vessel in vessels:
            if vessel.kind == kind:
                c.draw_path(mask, canvas, vessel.points, vessel.widths)
                if vessel.widths[0] > 0.014:
                    c.draw_path(core, canvas, vessel.points, vessel.widths * 0.28)
        mask = canvas.finish(mask, 0.0018)
        c.absorb(image, mask * rng.uniform(0.8, 1.0), ABSORPTION[kind])
        reflex = canvas.finish(core, 0.002) * (0.16 if kind == ARTERY else 0.07)  # light from the vessel's round wall
        image *= 1 + reflex[..., None]
        everywhere = np.maximum(everywhere, mask)
    return everywhere
