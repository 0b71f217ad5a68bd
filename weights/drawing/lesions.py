"""The lesions of diabetic retinopathy and which of them each grade shows, after the international clinical scale.

0 none; 1 microaneurysms only; 2 more than those, less than grade 3: a few haemorrhages, hard exudates, cotton wool
spots; 3 many haemorrhages in all four quadrants, beaded veins, intraretinal microvascular abnormalities (IRMA);
4 new vessels on the disc or elsewhere, preretinal haemorrhage, sometimes laser scars.
"""

import numpy as np

from . import canvas as c
from .vessels import bead

BLOOD, FRESH_BLOOD = (0.46, 0.34, 0.58), (0.40, 0.22, 0.46)  # blue, green, red fractions let through


class Painter:
    """Paints lesions into one picture; knows where the disc, the macula and the vessels are."""

    def __init__(self, rng, canvas, image, anatomy, vessels, vessel_mask):
        self.rng, self.canvas, self.image = rng, canvas, image
        self.anatomy, self.vessels, self.vessel_mask = anatomy, vessels, vessel_mask

    def spot(self, quadrant=None, reach=0.86, near=None, within=0.3, off_vessels=True):
        """A random place on the retina: off the disc, inside the picture, by choice in a quadrant (0 to 3) about the
        macula or near a place."""
        rng, anatomy = self.rng, self.anatomy
        point = np.zeros(2)
        for _ in range(60):
            if near is not None:
                point = near + rng.normal(0, within / 2, 2)
            else:
                angle = rng.uniform(0, 2 * np.pi) if quadrant is None else (quadrant + rng.random()) * np.pi / 2
                point = reach * np.sqrt(rng.random()) * np.array([np.cos(angle), np.sin(angle)])
            y = point[1] * self.canvas.radius + self.canvas.centre[1]
            inside = np.hypot(*point) < reach and 8 < y < self.canvas.height - 8
            on_disc = np.hypot(*(point - anatomy.disc)) < 1.35 * anatomy.disc_radius
            on_vessel = off_vessels and self.vessel_mask[self.canvas.pixel_of(point)] > 0.15
            if inside and not on_disc and not on_vessel:
                break
        return point

    def microaneurysms(self, count, small=0.008, large=0.012):
        mask = self.canvas.empty_mask()
        for _ in range(count):
            c.draw_blob(mask, self.canvas, self.rng, self.spot(reach=0.8), self.rng.uniform(small, large), 0.05)
        c.absorb(self.image, self.canvas.finish(mask, 0.0015), BLOOD)

    def haemorrhages(self, count, small, large):
        """Dots and blots, spread evenly over the four quadrants; every third a flame along the nerve fibres."""
        mask = self.canvas.empty_mask()
        for i in range(count):
            where = self.spot(quadrant=i % 4, off_vessels=False)
            radius = self.rng.uniform(small, large)
            if i % 3 == 2:
                away = where - self.anatomy.disc
                angle = np.arctan2(away[1], away[0]) + self.rng.normal(0, 0.3)
                stretch = self.rng.uniform(1.8, 3.0)
                c.draw_blob(mask, self.canvas, self.rng, where, radius * 0.75, 0.25, stretch, angle)
            else:
                c.draw_blob(mask, self.canvas, self.rng, where, radius, 0.22)
        c.absorb(self.image, self.canvas.finish(mask, 0.003), BLOOD)

    def hard_exudates(self, clusters):
        """Small, sharp, yellow-white deposits in groups, often in part of a ring."""
        mask = self.canvas.empty_mask()
        for _ in range(clusters):
            middle = self.spot(near=self.anatomy.fovea, within=0.5)
            ring, first = self.rng.uniform(0.05, 0.13), self.rng.uniform(0, 6.3)
            for _ in range(self.rng.integers(10, 24)):
                angle = first + self.rng.uniform(0, 3.6)
                where = middle + ring * np.array([np.cos(angle), np.sin(angle)]) + self.rng.normal(0, 0.016, 2)
                c.draw_blob(mask, self.canvas, self.rng, where, self.rng.uniform(0.004, 0.013), 0.3)
        c.cover(self.image, self.canvas.finish(mask, 0.0012) * 0.85, (128, 222, 250))

    def cotton_wool_spots(self, count):
        """Soft, greyish-white patches with feathered edges."""
        mask = self.canvas.empty_mask()
        for _ in range(count):
            where = self.spot(reach=0.75, off_vessels=False)
            for _ in range(3):
                shift = self.rng.normal(0, 0.012, 2)
                radius = self.rng.uniform(0.022, 0.038)
                c.draw_blob(mask, self.canvas, self.rng, where + shift, radius, 0.3, self.rng.uniform(1, 1.5))
        c.cover(self.image, self.canvas.finish(mask, 0.010) * 0.8, (178, 216, 238))

    def irma(self, count):
        """Short, fine, kinked vessels between arteries and veins."""
        mask = self.canvas.empty_mask()
        for _ in range(count):
            where = self.spot(reach=0.75)
            for _ in range(4):
                self._curl(mask, where + self.rng.normal(0, 0.02, 2), 9, 0.013, 0.9, 0.0055)
        c.absorb(self.image, self.canvas.finish(mask, 0.001), (0.62, 0.48, 0.70))

    def new_vessels(self, where, spread):
        """A fan of fine, looping vessels."""
        mask = self.canvas.empty_mask()
        for angle in np.linspace(0, 2 * np.pi, 15, endpoint=False):
            start = where + spread * 0.15 * np.array([np.cos(angle), np.sin(angle)])
            steps = self.rng.integers(9, 16)
            self._curl(mask, start, steps, spread * 0.13, 0.55, 0.0062, angle + self.rng.normal(0, 0.3))
        c.absorb(self.image, self.canvas.finish(mask, 0.001), (0.52, 0.36, 0.62))

    def _curl(self, mask, start, steps, step, wildness, width, heading=None):
        heading = self.rng.uniform(0, 2 * np.pi) if heading is None else heading
        turns = heading + np.cumsum(self.rng.normal(self.rng.normal(0, 0.25), wildness, steps))
        points = np.vstack([start, start + np.cumsum(step * np.stack([np.cos(turns), np.sin(turns)], 1), axis=0)])
        c.draw_path(mask, self.canvas, points, np.full(steps + 1, width))

    def preretinal_haemorrhage(self):
        """Blood in front of the retina: a boat with a level top, hiding what lies behind it."""
        where = self.spot(reach=0.62, off_vessels=False)
        half, depth = self.rng.uniform(0.14, 0.26), self.rng.uniform(0.10, 0.19)
        x = np.linspace(-1, 1, 30)
        top = 0.06 * depth * np.sin(3 * x + self.rng.uniform(0, 6.3))
        hull = depth * np.sqrt(1 - x**2) * (1 + 0.08 * np.sin(5 * x + self.rng.uniform(0, 6.3)))
        outline = np.vstack([np.stack([half * x, top], 1), np.stack([half * x, hull], 1)[::-1]])
        mask = self.canvas.empty_mask()
        c.cv2.fillPoly(mask, [self.canvas.to_mask(outline + where)], 255, c.cv2.LINE_AA)
        mask = self.canvas.finish(mask, 0.004)
        c.absorb(self.image, mask, FRESH_BLOOD)
        c.cover(self.image, mask * 0.55, (20, 24, 96))

    def fibrous_band(self):
        """Pale scar tissue along a main vessel."""
        vessel = self.vessels[int(self.rng.integers(0, 2))]
        start = int(self.rng.integers(5, 30))
        points = vessel.points[start : start + 28]
        mask = self.canvas.empty_mask()
        c.draw_path(mask, self.canvas, points, 0.035 * np.sin(np.linspace(0.2, 2.9, len(points))))
        c.cover(self.image, self.canvas.finish(mask, 0.006) * 0.5, (186, 206, 216))

    def laser_scars(self, count):
        """Round, pale burns in the periphery, some with a dark middle."""
        pale, dark = self.canvas.empty_mask(), self.canvas.empty_mask()
        for _ in range(count):
            angle, distance = self.rng.uniform(0, 2 * np.pi), self.rng.uniform(0.68, 0.95)
            where = distance * np.array([np.cos(angle), np.sin(angle)])
            radius = self.rng.uniform(0.016, 0.026)
            c.draw_blob(pale, self.canvas, self.rng, where, radius, 0.15)
            if self.rng.random() < 0.5:
                c.draw_blob(dark, self.canvas, self.rng, where, radius * 0.5, 0.2)
        c.cover(self.image, self.canvas.finish(pale, 0.004) * 0.5, (130, 186, 224))
        c.absorb(self.image, self.canvas.finish(dark, 0.004) * 0.8, (0.5, 0.5, 0.5))


def change_vessels(rng, grade, vessels):
    """What a grade does to the vessels themselves, before they are painted."""
    if grade == 3 or (grade == 4 and rng.random() < 0.4):
        bead(rng, vessels)


def paint_lesions(painter, grade):
    """Paints everything that `grade` shows."""
    rng = painter.rng
    if grade == 1:
        # Larger than true to scale: they are all that tells this grade from none, also in a picture 256 pixels wide.
        painter.microaneurysms(int(rng.integers(8, 16)), 0.011, 0.015)
    elif grade == 2:
        painter.hard_exudates(int(rng.integers(1, 4)) if rng.random() < 0.75 else 0)
        painter.cotton_wool_spots(int(rng.integers(0, 3)))
        painter.microaneurysms(int(rng.integers(6, 15)))
        painter.haemorrhages(int(rng.integers(4, 10)), 0.014, 0.026)
    elif grade == 3:
        painter.hard_exudates(int(rng.integers(1, 4)) if rng.random() < 0.6 else 0)
        painter.cotton_wool_spots(int(rng.integers(3, 7)))
        painter.irma(int(rng.integers(3, 7)))
        painter.microaneurysms(int(rng.integers(8, 18)))
        painter.haemorrhages(int(rng.integers(24, 42)), 0.016, 0.036)
    elif grade == 4:
        _paint_proliferative(painter)


def _paint_proliferative(painter):
    rng, anatomy = painter.rng, painter.anatomy
    preretinal, on_disc = rng.random() < 0.65, rng.random() < 0.6
    if rng.random() < 0.35:
        painter.laser_scars(int(rng.integers(25, 60)))
    painter.hard_exudates(int(rng.integers(0, 3)))
    painter.cotton_wool_spots(int(rng.integers(0, 4)))
    painter.microaneurysms(int(rng.integers(5, 14)))
    painter.haemorrhages(int(rng.integers(4, 22)), 0.014, 0.032)
    if rng.random() < 0.3:
        painter.fibrous_band()
    if on_disc:
        painter.new_vessels(anatomy.disc, rng.uniform(0.15, 0.22))
    elsewhere = int(rng.integers(1, 4)) + (0 if preretinal or on_disc else 1)
    for _ in range(elsewhere):
        painter.new_vessels(painter.spot(reach=0.7, off_vessels=False), rng.uniform(0.09, 0.15))
    if preretinal:
        painter.preretinal_haemorrhage()
