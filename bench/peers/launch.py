"""Starts one engine's process: on the CPUs given, with nothing in its environment that sets another engine's mood."""
import os
import pathlib
import subprocess

TIMEOUT_S = 1800
# Settings of threads, instruction sets and precision that a user may have set: every engine starts without them.
CLEARED = ("DNNL_", "FOVEA_", "GOMP_", "KMP_", "LITERT_", "MKL_", "OMP_", "ONEDNN_", "OPENCV_", "ORT_", "OV_",
           "OPENVINO_", "TBB_", "TF_", "XNNPACK_")


class Failed(Exception):
    """Something that cannot be run here; the message is the reason to state."""


def environment(further):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(CLEARED)}
    return {**kept, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "PYTHONDONTWRITEBYTECODE": "1", **further}


def last_line(text, default):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else default


def run(command, cpus=None, further=None):
    """Runs a command to its end and returns what it printed; Failed with its last words if it fails."""
    command = [str(word) for word in command]
    pin = (lambda: os.sched_setaffinity(0, cpus)) if cpus else None
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=TIMEOUT_S, check=False,
                              env=environment(further or {}), preexec_fn=pin)
    except OSError as error:
        raise Failed(f"{command[0]}: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{pathlib.Path(command[0]).name} took longer than {TIMEOUT_S} s") from error
    if done.returncode != 0:
        raise Failed(last_line(done.stderr, f"{pathlib.Path(command[0]).name} ended with {done.returncode}"))
    return done.stdout


def physical_cpus(count):
    """`count` of the CPUs this process may use, on cores of their own as far as they go."""
    allowed = sorted(os.sched_getaffinity(0))
    seen, first, second = set(), [], []
    for cpu in allowed:
        path = pathlib.Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        siblings = path.read_text(encoding="ascii").strip() if path.exists() else str(cpu)
        (second if siblings in seen else first).append(cpu)
        seen.add(siblings)
    return (first + second)[:count]
