"""peer-bench's arguments, and the cases they name."""
import argparse
import os
import pathlib

import cases
import engines

ROOT = pathlib.Path(__file__).resolve().parents[2]
EPILOG = """The peers are installed into an environment of their own under ~/.cache/fovea (XDG_CACHE_HOME), from
PyPI, and oneDNN from Debian; one that cannot be installed or run is listed with the reason. Building and using fovea
needs none of them. fovea itself is taken from a release build, as scripts/test makes it: FOVEA_BUILD_BENCH=ON, and for
the check of its answer FOVEA_BUILD_TESTS=ON. Run it on a machine that does nothing else."""


def positive(text):
    value = int(text)
    if value < 1:
        raise ValueError
    return value


positive.__name__ = "number above 0"  # what argparse calls it in its errors


def peer_list(text):
    names = text.split(",")
    unknown = [name for name in names if name not in engines.PEERS]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown peer {unknown[0]}; there are {', '.join(engines.PEERS)}")
    return [name for name in engines.PEERS if name in names]


def parser():
    parsed = argparse.ArgumentParser(prog="peer-bench", epilog=EPILOG, description=(
        "Times fovea against other engines in one interleaved run, all in fp32 on the same model and images, and "
        "checks every answer against Keras in float64."))
    what = parsed.add_argument_group("what is measured")
    what.add_argument("--model", metavar="FILE", help="Keras file (Keras' ResNet50 v1 at 224, random weights)")
    what.add_argument("--grading-700", action="store_true", help="ResNet50 with its head for grading, at 700x700")
    what.add_argument("--matrix", action="store_true",
                      help="all cases of the project's table of targets, and the verdict; takes about half an hour")
    what.add_argument("--networks", action="store_true",
                      help=f"{', '.join(cases.APPLICATIONS.values())} at their default size, and the verdict")
    what.add_argument("--batch", type=positive, metavar="N", help="images a run (1)")
    what.add_argument("--threads", type=positive, metavar="N", help="threads, and CPUs to run on (all allowed)")
    what.add_argument("--force-isa", choices=["avx2"], default="", help="hold every engine to AVX2 that can be")
    what.add_argument("--peers", type=peer_list, default=list(engines.PEERS), metavar="LIST",
                      help=f"these only, with commas between them (all: {','.join(engines.PEERS)})")
    how = parsed.add_argument_group("how")
    how.add_argument("--rounds", type=positive, default=5, metavar="N", help="processes of each engine (%(default)s)")
    how.add_argument("--repetitions", type=positive, default=10, metavar="N",
                     help="timed runs in each process (%(default)s)")
    how.add_argument("--warmup", type=int, default=3, metavar="N",
                     help="runs before them, after the first (%(default)s)")
    how.add_argument("--layer-bench", type=pathlib.Path, default=ROOT / "build" / "bin" / "layer-bench",
                     metavar="FILE", help="fovea's program to time (build/bin/layer-bench)")
    how.add_argument("--fovea-run", type=pathlib.Path, metavar="FILE",
                     help="fovea's program to check (fovea-run beside layer-bench)")
    output = parsed.add_argument_group("what is written")
    output.add_argument("--json", type=pathlib.Path, metavar="FILE", help="all figures, every single time among them")
    output.add_argument("--markdown", type=pathlib.Path, metavar="FILE", help="the tables as a page")
    output.add_argument("--plot", type=pathlib.Path, metavar="FILE", help="bars, .png or .svg")
    output.add_argument("--from-json", type=pathlib.Path, metavar="FILE",
                        help="measure nothing: the tables and pictures of an earlier --json")
    return parsed


def parse(words):
    options = parser().parse_args(words)
    single = [name for name in ("model", "grading_700", "batch", "threads", "force_isa") if getattr(options, name)]
    if options.matrix and options.networks:
        parser().error("--matrix and --networks are two measurements")
    if (options.matrix or options.networks) and single:
        whole = "matrix" if options.matrix else "networks"
        parser().error(f"--{whole} says itself what is measured: leave out --{single[0].replace('_', '-')}")
    if options.model and options.grading_700:
        parser().error("--model and --grading-700 name two models")
    if options.plot and options.plot.suffix not in (".png", ".svg"):
        parser().error(f"--plot {options.plot}: neither .png nor .svg")
    if options.warmup < 0:
        parser().error("--warmup is below 0")
    if not options.fovea_run:
        options.fovea_run = options.layer_bench.with_name("fovea-run")
    return options


def chosen_cases(options):
    allowed = len(os.sched_getaffinity(0))
    if options.matrix:
        chosen = list(cases.MATRIX)
    elif options.networks:
        chosen = list(cases.NETWORKS)
    else:
        model = options.model or (cases.RESNET_700 if options.grading_700 else cases.RESNET_224)
        chosen = [cases.Case(model, options.batch or 1, options.threads or allowed, options.force_isa)]
    return [case for case in chosen if case.threads <= allowed], [case for case in chosen if case.threads > allowed]
