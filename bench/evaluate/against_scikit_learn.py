"""Times all metrics with their bootstrap intervals in fovea and as a loop over scikit-learn; --help says how.

To be run with the tests' own Python (tests/requirements.txt) after a build with tests. Values are compared before
anything is timed.
"""
import argparse
import pathlib
import statistics
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "evaluate"))

import oracle  # noqa: E402


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1923, metavar="N", help="images in the benchmark [1923]")
    parser.add_argument("--resamples", type=int, default=2000, metavar="N", help="of the bootstrap [2000]")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], metavar="N", help="fovea's [1 2]")
    parser.add_argument("--loop", type=int, default=50, metavar="N",
                        help="resamples timed in scikit-learn, of which the rest is concluded [50]; 0 for none of it")
    parser.add_argument("--repetitions", type=int, default=5, metavar="N", help="of fovea's, the fastest counts [5]")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of grades and probabilities [1]")
    return parser.parse_args()


def check(sample):
    """The largest difference of a metric; a metric undefined on one side alone ends the program."""
    answer = oracle.fovea_evaluate([sample.case()])[0]["metrics"]
    worst = 0
    for key, want in oracle.expected(sample).items():
        got = oracle.number(answer[key]["value"])
        if np.isnan(got) != np.isnan(want):
            sys.exit(f"{key}: {got} in fovea, {want} in scikit-learn")
        worst = max(worst, abs(got - want)) if not np.isnan(got) else worst
    return worst


def scikit_learn_seconds(sample, rng, count):
    """Median seconds of one resample: rows drawn by grade, then every metric."""
    by_grade = [np.flatnonzero(sample.truth == grade) for grade in range(sample.classes)]
    seconds = []
    for _ in range(count):
        start = time.perf_counter()
        rows = np.concatenate([rng.choice(of_grade, len(of_grade)) for of_grade in by_grade if len(of_grade)])
        oracle.expected(oracle.Sample(sample.truth[rows], sample.predicted[rows], sample.probabilities[rows]))
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main():
    options = parse()
    rng = np.random.default_rng(options.seed)
    sample = oracle.random_sample(rng, options.rows)
    print(f"{options.rows} rows, five grades with probabilities, {options.resamples} resamples")
    if options.loop:
        print(f"largest difference of a metric: {check(sample):.1e}")
        one = scikit_learn_seconds(sample, rng, options.loop)
        loop = one * options.resamples
        print(f"scikit-learn: {1000 * one:.1f} ms a resample (median of {options.loop}), so {loop:.1f} s for all")
    cases = [sample.case(resamples=options.resamples, threads=threads, time=options.repetitions)
             for threads in options.threads]
    for threads, answer in zip(options.threads, oracle.fovea_evaluate(cases)):
        ratio = f": {loop / answer['seconds']:.0f} x" if options.loop else ""
        print(f"fovea, {threads} thread(s): {answer['seconds']:.3f} s, fastest of {options.repetitions}{ratio}")


if __name__ == "__main__":
    main()
