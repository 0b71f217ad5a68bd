"""Measures one case: rounds in which every engine runs once, each in a process of its own, the order rotated."""
import array
import json
import math
import pathlib

import engines
import launch
from launch import Failed

HERE = pathlib.Path(__file__).resolve().parent


def held(engine, isa):
    """The environment that holds an engine to an instruction set, or the reason why it cannot be held."""
    if not isa:
        return {}, ""
    if hasattr(engine, "HELD_TO_AVX2"):
        return engine.HELD_TO_AVX2, ""
    return {}, engine.NOT_HELD


def prepare(case, model, names, python, folder):
    """Images, truth and the model in every format these engines load; returns what prepared.json says."""
    marker = folder / "prepared.json"
    if not marker.exists():
        folder.mkdir(exist_ok=True)
        formats = sorted({engines.module(name).FORMAT for name in names} - {"h5"})
        launch.run([python, HERE / "prepare.py", model, case.batch, folder, *formats])
    return json.loads(marker.read_text(encoding="utf-8"))


def off_truth(answer, truth):
    """Root mean square and largest difference of two files, float32 against float64."""
    got, want = array.array("f", answer.read_bytes()), array.array("d", truth.read_bytes())
    if len(got) != len(want):
        raise Failed(f"answered {len(got)} numbers where Keras answers {len(want)}")
    differences = [abs(a - b) for a, b in zip(got, want)]
    if not all(math.isfinite(difference) for difference in differences):
        raise Failed("answered with numbers that are not finite")
    return math.sqrt(sum(difference**2 for difference in differences) / len(differences)), max(differences)


def measure_once(name, job, python):
    engine = engines.module(name)
    if hasattr(engine, "measure"):
        return engine.measure(job)
    path = pathlib.Path(job["result"]).with_suffix(".job")
    path.write_text(json.dumps(job), encoding="utf-8")
    launch.run([python, HERE / "worker.py", path], job["cpus"], job["held"])
    return json.loads(pathlib.Path(job["result"]).read_text(encoding="utf-8"))


class Run:
    """All rounds of one engine in one case."""

    def __init__(self, name, case, model, prepared, folder, settings):
        self.engine = engines.module(name)
        environment, reason = held(self.engine, case.isa)
        self.row = {"engine": name, "title": self.engine.TITLE, "not_held": reason, "error": "", "runs": []}
        if self.engine.FORMAT in prepared["failures"]:
            self.row["error"] = prepared["failures"][self.engine.FORMAT]
        package = getattr(self.engine, "PACKAGE", "")
        if package in settings["missing"]:
            self.row["error"] = settings["missing"][package]
        self.truth = folder / "truth.f64"
        self.job = {
            "engine": name, "held": environment, "batch": case.batch, "threads": case.threads, "isa": case.isa,
            "model": str(model if self.engine.FORMAT == "h5" else folder / f"model.{self.engine.FORMAT}"),
            "images": str(folder / "images.f32"), "shape": prepared["shape"], "answer": str(folder / f"{name}.f32"),
            "result": str(folder / f"{name}.json"), "cpus": launch.physical_cpus(case.threads),
            **{key: settings[key] for key in ("warmup", "repetitions", "layer_bench", "fovea_run", "programs")}}

    def once(self, python):
        """One round; the first one also checks the answer and asks what was computed with."""
        first = not self.row["runs"]
        result = measure_once(self.row["engine"], {**self.job, "precision": first}, python)
        if first:
            self.row.update({key: result[key] for key in ("version", "precision")})
            self.row["machine"] = {key: result[key] for key in ("cpu", "gmacs", "commit") if key in result}
            self.row["not_checked"] = result.get("not_checked", "")
            if not self.row["not_checked"]:
                off = off_truth(pathlib.Path(self.job["answer"]), self.truth)
                self.row["off_rms"], self.row["off_largest"] = off
        self.row["runs"].append(
            {key: result[key] for key in ("load_ms", "first_run_ms", "peak_rss_mb", "ms_per_image")})
        return min(result["ms_per_image"])


def measure(case, model, names, python, folder, settings, say):
    """The rows of a case, in the order of `names`. An engine that fails keeps its row and the reason, and is not run
    again."""
    prepared = prepare(case, model, names, python, folder)
    runs = [Run(name, case, model, prepared, folder, settings) for name in names]
    for number in range(settings["rounds"]):
        turn = number % len(runs)
        for run in runs[turn:] + runs[:turn]:
            if run.row["error"]:
                continue
            try:
                best = run.once(python)
                say(f"round {number + 1} of {settings['rounds']}: {run.row['title']:18}{best:9.2f} ms")
            except Failed as error:
                run.row["error"] = str(error)
                say(f"round {number + 1} of {settings['rounds']}: {run.row['title']}: {error}")
    return [run.row for run in runs]
