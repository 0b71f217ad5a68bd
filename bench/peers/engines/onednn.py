"""oneDNN, Debian's libdnnl-dev: the network as a program of primitives (onednn_network.h), built when needed."""
import ctypes.util
import json
import os
import pathlib

import launch
from launch import Failed

TITLE = "oneDNN"
FORMAT = "flat"
HELD_TO_AVX2 = {"ONEDNN_MAX_CPU_ISA": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2"}
SOURCES = pathlib.Path(__file__).resolve().parents[1]
HEADER = pathlib.Path("/usr/include/dnnl.hpp")


def install():
    """Debian's package, if it is missing and we may."""
    if HEADER.exists() and ctypes.util.find_library("dnnl"):
        return
    if os.geteuid() != 0:
        raise Failed("Debian's libdnnl-dev is not installed (apt-get install libdnnl-dev)")
    launch.run(["apt-get", "update", "-q"])
    launch.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", "libdnnl-dev"],
               further={"DEBIAN_FRONTEND": "noninteractive"})


def build(program):
    newest = max(source.stat().st_mtime for source in SOURCES.glob("onednn_*"))
    if program.exists() and program.stat().st_mtime > newest:
        return
    program.parent.mkdir(parents=True, exist_ok=True)
    launch.run(["g++", "-std=c++20", "-O2", "-I", SOURCES.parents[1], SOURCES / "onednn_graph.cpp", "-ldnnl", "-o", program])


def measure(job):
    program = pathlib.Path(job["programs"]) / "onednn-graph"
    install()
    build(program)
    command = [program, job["model"], job["images"], job["answer"], job["batch"], job["warmup"], job["repetitions"]]
    return json.loads(launch.run(command, job["cpus"], {**job["held"], "OMP_NUM_THREADS": str(job["threads"])}))
