"""What must hold, what is aimed at, and what was measured, for the cases of --matrix and of --networks."""
import dataclasses
import math
import typing

import cases
from report import best_peer, by_engine

HEADER = ("measure", "must", "aim", "measured", "verdict", "against")


@dataclasses.dataclass(frozen=True)
class Measure:
    title: str
    must: float
    aim: float
    value: typing.Callable  # all results -> (value, against what), None where it was not measured
    at_least: bool = True
    unit: str = ""


def result_of(results, case):
    return next((result for result in results["cases"] if result["title"] == case.title), None)


def found(results, case, engine, figure):
    """A figure of an engine in a case; None where it was not measured."""
    result = result_of(results, case)
    pair = by_engine(result).get(engine) if result else None
    return pair[1].get(figure, pair[0].get(figure)) if pair else None


def quotient(above, below):
    return None if above is None or below is None or below == 0 else above / below


def faster(case, engine="fovea"):
    """The best peer's time over ours."""
    def value(results):
        result = result_of(results, case)
        peer = best_peer(result) if result else None
        ratio = quotient(peer[1] if peer else None, found(results, case, engine, "ms_min"))
        return None if ratio is None else (ratio, f"{peer[0]}, {peer[1]:.2f} ms")
    return value


def of_peak(results):
    peak = (result_of(results, cases.EIGHT_BY_TWO) or {}).get("fma_peak_gflops")
    milliseconds = found(results, cases.EIGHT_BY_TWO, "fovea", "ms_min")
    gmacs = (found(results, cases.EIGHT_BY_TWO, "fovea", "machine") or {}).get("gmacs")
    if not peak or not milliseconds or not gmacs:
        return None
    return 2 * gmacs / milliseconds * 1e3 / peak, f"peak of {peak:.0f} GFLOP/s"


def scaling(results):
    one, two = (found(results, case, "fovea", "ms_min") for case in (cases.ONE_BY_ONE, cases.ONE_BY_TWO))
    ratio = quotient(one, two)
    return None if ratio is None else (ratio, f"{one:.2f} ms on one")


def plain(engine, figure, unit, scale=1.0):
    """A figure of batch 1 on two threads as it stands, beside the best peer's."""
    def value(results):
        got = found(results, cases.ONE_BY_TWO, engine, figure)
        peers = by_engine(result_of(results, cases.ONE_BY_TWO) or {"rows": []})
        others = [(pair[1][figure] * scale, pair[0]["title"]) for name, pair in peers.items()
                  if not name.startswith("fovea")]
        best = f"{min(others)[1]}, {min(others)[0]:.3g}{unit}" if others else ""
        return None if got is None else (got * scale, best)
    return value


def first_to_steady(results):
    first, steady = (found(results, cases.ONE_BY_TWO, "fovea", key) for key in ("first_run_ms", "ms_median"))
    ratio = quotient(first, steady)
    return None if ratio is None else (ratio, f"{steady:.2f} ms steady")


def error(engine, figure):
    """A multiple of Keras float32's own error, on the most images there are."""
    def value(results):
        keras = found(results, cases.EIGHT_BY_TWO, "keras_tensorflow", figure)
        ratio = quotient(found(results, cases.EIGHT_BY_TWO, engine, figure), keras)
        return None if ratio is None else (ratio, f"Keras float32, {keras:.1e}")
    return value


def faster_on_the_whole(results):
    """The geometric mean over the networks."""
    ratios = [faster(case)(results) for case in cases.NETWORKS]
    if not all(ratios):
        return None
    return math.prod(ratio for ratio, _ in ratios) ** (1 / len(ratios)), ""


OF_NETWORKS = (
    *(Measure(f"best peer / fovea: {case.title}", 1.0, 1.4, faster(case)) for case in cases.NETWORKS),
    Measure("best peer / fovea: geometric mean", 1.15, 1.4, faster_on_the_whole),
)
OF_MATRIX = (
    *(Measure(f"best peer / fovea: {case.title}", must, aim, faster(case)) for case, must, aim in (
        (cases.ONE_BY_ONE, 1.15, 1.5), (cases.ONE_BY_TWO, 1.15, 1.5), (cases.EIGHT_BY_TWO, 1.15, 1.5),
        (cases.GRADING, 1.25, 1.6))),
    Measure("effective GFLOP/s / FMA peak: 224, batch 8 x 2 threads", 0.95, 1.2, of_peak),
    Measure("best peer / fovea direct: 224, batch 8 x 2 threads", 1.0, 1.1,
            faster(cases.EIGHT_BY_TWO, "fovea_direct")),
    Measure(f"best peer / fovea: {cases.AVX2.title}", 1.1, 1.4, faster(cases.AVX2)),
    Measure("2 threads over 1: 224, batch 1", 1.8, 1.95, scaling),
    Measure("peak memory, direct: 224, batch 1", 150, 115, plain("fovea_direct", "peak_rss_mb", " MB"), False, " MB"),
    Measure("peak memory, fast: 224, batch 1", 210, 170, plain("fovea", "peak_rss_mb", " MB"), False, " MB"),
    Measure("load, from .h5 to ready: 224", 0.25, 0.1, plain("fovea", "load_ms", " s", 1e-3), False, " s"),
    Measure("first run / steady run: 224, batch 1 x 2 threads", 1.3, 1.05, first_to_steady, False),
    Measure("RMS error / Keras float32's: direct", 2, 1, error("fovea_direct", "off_rms"), False),
    Measure("RMS error / Keras float32's: fast", 10, 4, error("fovea", "off_rms"), False),
    Measure("largest error / Keras float32's: fast", 20, 20, error("fovea", "off_largest"), False),
)


def judge(measure, value):
    """The better of the two lines that the value reaches."""
    reached = (lambda line: value >= line) if measure.at_least else (lambda line: value <= line)
    if reached(measure.aim):
        return "aim"
    return "must" if reached(measure.must) else "MISSED"


def rows(results):
    """The table of verdicts, its header first; nothing for cases that have no targets."""
    measures = OF_MATRIX if results["matrix"] else OF_NETWORKS if results.get("networks") else ()
    lines = [HEADER] if measures else []
    for measure in measures:
        sign = ">=" if measure.at_least else "<="
        limits = [f"{sign} {line:g}{measure.unit}" for line in (measure.must, measure.aim)]
        got = measure.value(results)
        if got is None:
            lines.append([measure.title, *limits, "-", "not measured", ""])
        else:
            value, against = got
            shown = f"{value:.{0 if measure.unit == ' MB' else 3}f}{measure.unit}"
            lines.append([measure.title, *limits, shown, judge(measure, value), against])
    return lines
