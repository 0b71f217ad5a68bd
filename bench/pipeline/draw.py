"""Draws images a second, and where the time goes where it is known: draw.py RESULTS.json PICTURE.png|.svg"""
import json
import pathlib
import sys

import matplotlib

matplotlib.use("agg")
from matplotlib import pyplot  # noqa: E402  (after the choice of the backend)

COLOURS = {"decode": "#7b8794", "blur": "#c9505d", "contrast": "#e39a9f", "resize": "#e7c26b", "scale": "#b9c7d3",
           "network": "#5b8bb2", "whole job": "#0b6e4f"}


def main():
    results = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    figure, axes = pyplot.subplots(figsize=(9, 1.2 + 0.7 * len(results["jobs"])))
    seen = set()
    for place, job in enumerate(results["jobs"]):
        left = 0.0
        for step, value in (job["steps"] or {"whole job": job["ms_min"]}).items():
            axes.barh(place, value, 0.62, left, color=COLOURS[step], label=None if step in seen else step)
            seen.add(step)
            left += value
        text = f" {job['images_per_second']:.2f} images/s"
        if place > 0:
            text += f" (fovea: {job['ratio']:.1f} times as many)"
        axes.text(left, place, text, va="center", fontsize=9)
    axes.set_yticks(range(len(results["jobs"])), [job["title"] for job in results["jobs"]])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.6 * max(job["ms_min"] for job in results["jobs"]))
    axes.set_xlabel("milliseconds an image, from the file to the grade")
    axes.set_title(f"{results['cpu']}, {results['threads']} threads, {results['images']} photographs", fontsize=10,
                   loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(loc="upper right", fontsize=8, frameon=False, ncols=3)
    figure.tight_layout()
    figure.savefig(sys.argv[2], dpi=150)


main()
