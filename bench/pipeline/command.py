"""What scripts/pipeline-bench does: the same photographs through fovea and through two Python jobs, round by round."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "peers"))

import command as peers  # noqa: E402  (peer-bench's parts)
import environment  # noqa: E402
import launch  # noqa: E402
from launch import Failed  # noqa: E402

JOBS = {"fovea": "fovea batch-predict", "keras_tensorflow": "OpenCV + Keras", "openvino": "OpenCV + OpenVINO"}
SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"}


def parse(words):
    parser = argparse.ArgumentParser(prog="pipeline-bench", description=(
        "Times the whole job, from photographs on disk to grades, in fovea and as Python users run it, with the recipe "
        "of the preset gaussian-700. Loading of models and programs is left out of all times."))
    parser.add_argument("--images", type=pathlib.Path, default=ROOT.parent / "shared" / "data" / "images" / "raw",
                        metavar="DIR", help="folder of photographs")
    parser.add_argument("--passes", type=int, default=2, metavar="N", help="times each photograph in a round [2]")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="rounds, each job once in each [3]")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)), metavar="N",
                        help="threads and CPUs of each job [all]")
    parser.add_argument("--model", metavar="FILE", help="Keras file for 700x700 [ResNet50 with its grading head]")
    parser.add_argument("--batch-predict", type=pathlib.Path, default=ROOT / "build" / "bin" / "batch-predict",
                        metavar="FILE", help="the program to time [build/bin/batch-predict]")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write all figures")
    parser.add_argument("--markdown", type=pathlib.Path, metavar="FILE", help="write the table for a page")
    parser.add_argument("--plot", type=pathlib.Path, metavar="FILE", help="draw it, .png or .svg")
    options = parser.parse_args(words)
    for name in ("passes", "rounds", "threads"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} must be at least 1")
    return options


def photographs(folder):
    found = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
    if not found:
        raise Failed(f"{folder}: no photographs")
    return [path.resolve() for path in found]


def run_fovea(options, model, images, cpus, folder):
    """The photographs, each as often as there are passes, are one list for fovea; its own record says how long it took.
    """
    listed = folder / "images"
    listed.mkdir(exist_ok=True)
    for turn in range(options.passes):
        for image in images:
            link = listed / f"{turn:04d}-{image.name}"
            if not link.exists():
                link.symlink_to(image)
    labels = folder / "labels.csv"
    launch.run([options.batch_predict, "--model", model, "--preprocess", "gaussian-700", "--input", listed, "--output",
                labels, "--threads", options.threads, "--quiet"], cpus)
    record = json.loads((folder / "labels.run.json").read_text(encoding="utf-8"))
    rows = labels.read_text(encoding="utf-8").splitlines()[1:]
    grades = [int(row.rpartition(",")[2]) for row in rows]
    return {"seconds": [record["run"]["seconds"] / options.passes], "grades": grades[:len(images)], "steps": {},
            "precision": f"fp32, {record['run']['isa']}, {record['run']['arithmetic']}"}


def run_python(engine, options, python, files, images, cpus):
    model = files["openvino" if engine == "openvino" else "h5"]
    words = [python, ROOT / "bench" / "pipeline" / "python_job.py", engine, model, options.threads, options.passes]
    return json.loads(launch.run([*words, *images], cpus).splitlines()[-1])


def openvino_file(model, python, folder):
    """The model as OpenVINO's own file."""
    launch.run([python, ROOT / "bench" / "peers" / "prepare.py", model, 1, folder, "xml"])
    failures = json.loads((folder / "prepared.json").read_text(encoding="utf-8"))["failures"]
    if failures:
        raise Failed(f"OpenVINO cannot take the model: {failures['xml']}")
    return folder / "model.xml"


def cpu_name():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"


def measure(options):
    images = photographs(options.images)
    if not options.batch_predict.is_file():
        raise Failed(f"{options.batch_predict}: is not built (scripts/demo or scripts/test build it)")
    found = environment.ensure(peers.say)
    model = peers.model_file(options.model or "resnet50-700-grading", found.python)
    cpus = launch.physical_cpus(options.threads)
    runs = {name: [] for name in JOBS}
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        files = {"h5": model, "openvino": openvino_file(model, found.python, folder)}
        order = list(JOBS)
        for turn in range(options.rounds):
            for name in order:
                if name == "fovea":
                    runs[name].append(run_fovea(options, model, images, cpus, folder))
                else:
                    runs[name].append(run_python(name, options, found.python, files, images, cpus))
                peers.say(f"round {turn + 1} of {options.rounds}: {JOBS[name]:20}"
                          f"{1e3 * min(runs[name][-1]['seconds']) / len(images):8.0f} ms an image")
            order = order[1:] + order[:1]
    return {"cpu": cpu_name(), "threads": options.threads, "images": len(images), "passes": options.passes,
            "rounds": options.rounds, "commit": peers.commit(), "jobs": summary(runs, len(images))}


def summary(runs, count):
    jobs = []
    for name, parts in runs.items():
        times = [1e3 * value / count for part in parts for value in part["seconds"]]
        steps = {step: min(part["steps"][step] for part in parts) for step in parts[0]["steps"]}
        jobs.append({"name": name, "title": JOBS[name], "precision": parts[0]["precision"], "ms_min": min(times),
                     "ms_median": statistics.median(times), "images_per_second": 1e3 / min(times), "steps": steps,
                     "grades": parts[0]["grades"]})
    for job in jobs:
        job["ratio"] = job["ms_min"] / jobs[0]["ms_min"]
        job["same_grades"] = sum(a == b for a, b in zip(job["grades"], jobs[0]["grades"]))
    return jobs


def table(results):
    steps = list(next(job["steps"] for job in results["jobs"] if job["steps"]))
    lines = ["| job | " + " | ".join(steps) + " | ms an image, min | median | images/s | fovea's rate / its | same grades |",
             "| --- |" + " ---: |" * (len(steps) + 5)]
    for job in results["jobs"]:
        cells = [f"{job['steps'][step]:.0f}" if job["steps"] else "" for step in steps]
        cells += [f"{job['ms_min']:.0f}", f"{job['ms_median']:.0f}", f"{job['images_per_second']:.2f}",
                  f"{job['ratio']:.2f}", f"{job['same_grades']} of {results['images']}"]
        lines.append(f"| {job['title']} | " + " | ".join(cells) + " |")
    return (f"{results['cpu']}, {results['threads']} threads, fovea at {results['commit']}; {results['images']} "
            f"photographs, {results['passes']} times in each of {results['rounds']} rounds, all in fp32; models loaded "
            "and warm.\n\n" + "\n".join(lines) + "\n")


def main(words):
    options = parse(words)
    try:
        results = measure(options)
        print(table(results))
        if options.markdown:
            options.markdown.write_text(table(results), encoding="utf-8")
        if options.json:
            options.json.write_text(json.dumps(results, indent=2), encoding="utf-8")
        if options.plot:
            with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
                json.dump(results, file)
                file.flush()
                launch.run([environment.ready(), ROOT / "bench" / "pipeline" / "draw.py", file.name, options.plot])
    except (Failed, OSError, subprocess.SubprocessError) as error:
        print(f"pipeline-bench: {error}", file=sys.stderr)
        return 2
    return 0
