"""Draws the cases as bars, one panel each: plot.py RESULTS.json PICTURE.png|.svg"""
import json
import pathlib
import sys

import matplotlib

matplotlib.use("agg")
from matplotlib import pyplot  # noqa: E402  (after the choice of the backend)

from report import by_engine  # noqa: E402

OURS, OURS_DIRECT, PEER, NOT_HELD, INK, FAINT = "#0b6e4f", "#6fb59a", "#9aa5b1", "#d5dae0", "#1f2933", "#7b8794"
PANEL_WIDTH, BAR_HEIGHT, COLUMNS = 5.4, 0.34, 2


def colour(name, row):
    if row["not_held"]:
        return NOT_HELD
    return {"fovea": OURS, "fovea_direct": OURS_DIRECT}.get(name, PEER)


def panel(axes, result):
    """The fastest engine on top; the bar is the minimum, the tick the median."""
    entries = sorted(by_engine(result).items(), key=lambda item: item[1][1]["ms_min"])
    longest = max(found["ms_median"] for _, (_, found) in entries)
    ours = dict(entries).get("fovea", (None, None))[1]
    for place, (name, (row, found)) in enumerate(entries):
        axes.barh(place, found["ms_min"], 0.68, color=colour(name, row), zorder=2)
        axes.plot([found["ms_min"], found["ms_median"]], [place] * 2, color=INK, linewidth=0.8, zorder=3)
        axes.plot([found["ms_median"]] * 2, [place - 0.2, place + 0.2], color=INK, linewidth=1.4, zorder=3)
        text = f"{found['ms_min']:.1f}" if found["ms_min"] < 100 else f"{found['ms_min']:.0f}"
        if ours and not name.startswith("fovea"):
            text += f"   × {found['ms_min'] / ours['ms_min']:.2f}"
        axes.text(max(found["ms_min"], found["ms_median"]) + 0.015 * longest, place, text, va="center", fontsize=8.5,
                  color=OURS if name == "fovea" else INK, fontweight="bold" if name == "fovea" else "normal")
    labels = [row["title"] + (" (not held)" if row["not_held"] else "") for _, (row, _) in entries]
    axes.set_yticks(range(len(entries)), labels, fontsize=9, color=INK)
    for label, (name, _) in zip(axes.get_yticklabels(), entries):
        label.set_fontweight("bold" if name == "fovea" else "normal")
    axes.invert_yaxis()
    axes.set_xlim(0, longest * 1.24)
    model, _, conditions = result["title"].partition(", ")
    axes.set_title(model, fontsize=10, loc="left", color=INK, fontweight="bold", pad=18)
    axes.text(0, 1.015, conditions, transform=axes.transAxes, fontsize=9, color=FAINT, va="bottom")
    axes.tick_params(axis="both", length=0, labelcolor=INK)
    axes.tick_params(axis="x", labelsize=8, labelcolor=FAINT)
    axes.grid(axis="x", color="#e4e7eb", linewidth=0.8, zorder=0)
    axes.set_axisbelow(True)
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)


def main():
    results, picture = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2]
    shown = [result for result in results["cases"] if by_engine(result)]
    columns = min(COLUMNS, len(shown))
    lines = -(-len(shown) // columns)
    height = 0.9 + BAR_HEIGHT * max(len(by_engine(result)) for result in shown)
    matplotlib.rcParams.update({"font.family": "DejaVu Sans", "svg.fonttype": "none"})
    figure, grid = pyplot.subplots(lines, columns, figsize=(PANEL_WIDTH * columns + 0.6, height * lines + 0.9),
                                   squeeze=False, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.12, h_pad=0.12)
    for place, axes in enumerate(grid.flat):
        if place < len(shown):
            panel(axes, shown[place])
        else:
            axes.set_axis_off()
    legend = "bar: minimum, tick: median, ×: its minimum over fovea's"
    title = f"Milliseconds an image, fp32, {results['machine']['cpu']}, {results['date']}\n{legend}"
    figure.suptitle(title, fontsize=9, color=FAINT, x=0.02, ha="left")
    figure.savefig(picture, dpi=160, facecolor="white")


if __name__ == "__main__":
    main()
