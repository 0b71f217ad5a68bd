"""What peer-bench does: prepare, measure every case, write the report."""
import datetime
import hashlib
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

import arguments
import cases
import environment
import launch
import report
import runner
import verdict
from launch import Failed

HERE = pathlib.Path(__file__).resolve().parent
FORMAT = 1  # of --json


def say(text):
    print(text, file=sys.stderr, flush=True)


def model_file(name, python):
    """The Keras file of a case: the one given, or one of ours, built once and kept."""
    if name not in cases.TITLES:
        path = pathlib.Path(name).resolve()
        if not path.is_file():
            raise Failed(f"{name}: no such file")
        return path
    sources = [HERE / "default_models.py", HERE / "images.py", HERE / "cases.py",
               arguments.ROOT / "tests" / "keras" / "networks.py"]
    key = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    path = environment.cache_folder() / "models" / f"{name}-{key}.h5"
    if not path.exists():
        say(f"building {path}")
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"unfinished-{os.getpid()}-{path.name}")
        try:
            launch.run([python, HERE / "default_models.py", name, unfinished])
            unfinished.rename(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return path


def commit():
    command = ["git", "-C", str(arguments.ROOT), "describe", "--always", "--dirty", "--abbrev=12"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def measure_peak(options, model, case):
    """GFLOP/s of the machine's multiply-adds, as layer-bench measures them; 0 if it does not."""
    with tempfile.TemporaryDirectory() as temporary:
        figures = pathlib.Path(temporary) / "peaks.json"
        try:
            launch.run([options.layer_bench, "--model", model, "--threads", case.threads, "--repetitions", 1, "--json",
                        figures], launch.physical_cpus(case.threads))
            return json.loads(figures.read_text(encoding="utf-8")).get("peak_gflops") or 0
        except (Failed, OSError) as error:
            say(f"the machine's peak was not measured: {error}")
            return 0


def measure_case(case, options, python, settings, temporary):
    """One case as it stands in the results."""
    model = model_file(case.model, python)
    folder = temporary / hashlib.sha256(f"{model} {case.batch}".encode()).hexdigest()[:12]
    wants_peak = case == cases.EIGHT_BY_TWO
    peaks = [measure_peak(options, model, case)] if wants_peak else []
    load = os.getloadavg()[0]
    rows = runner.measure(case, model, ["fovea", "fovea_direct", *options.peers], python, folder, settings, say)
    if wants_peak:  # again: a busy moment makes the peak too low, and us too good
        peaks.append(measure_peak(options, model, case))
    if rows[0]["error"]:
        raise Failed(f"fovea could not be measured: {rows[0]['error']}")
    return {"title": case.title, "batch": case.batch, "threads": case.threads, "isa": case.isa, "load_before": load,
            "fma_peak_gflops": max(peaks, default=0), "rows": rows}


def measure(options, chosen, left_out):
    """All results, as --json writes them. A case that fails is left out with the reason, unless it is the first."""
    if not options.layer_bench.is_file():
        raise Failed(f"{options.layer_bench}: is not built (cmake --preset release -DFOVEA_BUILD_BENCH=ON)")
    installed = environment.ensure(say)
    settings = {"rounds": options.rounds, "repetitions": options.repetitions, "warmup": options.warmup,
                "layer_bench": str(options.layer_bench.resolve()), "fovea_run": str(options.fovea_run.resolve()),
                "programs": str(arguments.ROOT / "build" / "peers"), "missing": installed.failures}
    measured = []
    with tempfile.TemporaryDirectory(prefix="fovea-peers-") as temporary:
        for number, case in enumerate(chosen):
            say(f"[{number + 1} of {len(chosen)}] {case.title}")
            try:
                measured.append(measure_case(case, options, installed.python, settings, pathlib.Path(temporary)))
            except Failed as error:
                if not measured:
                    raise
                left_out.append(f"{case.title}: {error}")
                say(f"left out: {error}")
    ours = measured[0]["rows"][0]
    built = ours["machine"].get("commit", "unknown")
    return {"peer_bench": FORMAT, "matrix": options.matrix, "networks": options.networks, "version": ours["version"],
            "commit": commit() if built == "unknown" else built, "date": datetime.date.today().isoformat(),
            "machine": {"cpu": ours["machine"]["cpu"], "system": f"Linux {platform.release()}"},
            **{key: settings[key] for key in ("rounds", "repetitions", "warmup")}, "left_out": left_out,
            "cases": measured}


def read(path):
    """The results of an earlier run."""
    try:
        results = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Failed(f"{path}: {error}") from error
    if not isinstance(results, dict) or results.get("peer_bench") != FORMAT:
        raise Failed(f"{path}: was not written by --json of this peer-bench")
    return results


def write(options, results):
    """Prints the report and writes the files asked for."""
    verdicts = verdict.rows(results)
    print(report.whole(results, verdicts, markdown=False))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if options.markdown:
        options.markdown.write_text(report.whole(results, verdicts, markdown=True), encoding="utf-8")
    if options.plot:
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(results, file)
            file.flush()
            launch.run([environment.ensure(say).python, HERE / "plot.py", file.name, options.plot.resolve()])


def main(words):
    options = arguments.parse(words)
    try:
        if options.from_json:
            results = read(options.from_json)
        else:
            chosen, too_wide = arguments.chosen_cases(options)
            left_out = [f"{case.title}: this process may not use {case.threads} CPUs" for case in too_wide]
            if not chosen:
                raise Failed(left_out[0])
            results = measure(options, chosen, left_out)
        write(options, results)
    except (Failed, OSError) as error:
        say(f"peer-bench: {error}")
        return 2
    except KeyboardInterrupt:
        return 130
    return 0
