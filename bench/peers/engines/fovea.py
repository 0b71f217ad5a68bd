"""fovea itself on the Keras file, timed by layer-bench; its answer comes from fovea-run, which the tests build."""
import functools
import json
import pathlib

import launch

TITLE = "fovea"
FORMAT = "h5"
HELD_TO_AVX2 = {}  # by an argument


@functools.cache
def options(program):
    """What --help of a program names."""
    return launch.run([program, "--help"])


def answer(job, arithmetic):
    """Writes fovea's answer for the images; returns why there is none, or nothing."""
    program = job["fovea_run"]
    if not pathlib.Path(program).is_file():
        return f"{program} is not built"
    command = [program, "--batch", job["batch"], "--threads", job["threads"]]
    command += ["--isa", job["isa"]] if job["isa"] else []
    if "--arithmetic" in options(program):
        command += ["--arithmetic", arithmetic]
    elif arithmetic != "fast":
        return f"{program} has no --arithmetic"
    launch.run([*command, job["model"], job["images"], job["answer"]], job["cpus"])
    return ""


def time_arithmetic(job, arithmetic):
    program, figures = job["layer_bench"], pathlib.Path(job["result"])
    command = [program, "--model", job["model"], "--batch", job["batch"], "--threads", job["threads"], "--arithmetic",
               arithmetic, "--repetitions", job["warmup"] + job["repetitions"], "--json", figures]
    command += ["--end-to-end"] if "--end-to-end" in options(program) else []
    command += ["--isa", job["isa"]] if job["isa"] else []
    launch.run(command, job["cpus"])
    result = json.loads(figures.read_text(encoding="utf-8"))
    result["ms_per_image"] = result["ms_per_image"][job["warmup"]:]
    result["precision"] = f"fp32, {result['isa']}, {arithmetic}"
    if job["precision"]:
        result["not_checked"] = answer(job, arithmetic)
    return result


def measure(job):
    return time_arithmetic(job, "fast")
