"""What the tests of peer-bench share: its modules on the path, and results made up by hand."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEERS = ROOT / "bench" / "peers"
sys.path.insert(0, str(PEERS))


def run(times, load=100.0, first=20.0, memory=200.0):
    return {"ms_per_image": times, "load_ms": load, "first_run_ms": first, "peak_rss_mb": memory}


def row(engine, title, runs, not_held="", error="", **further):
    checked = {} if error else {"version": "1.0", "precision": "float32", "not_checked": "", "off_rms": 2e-7,
                                "off_largest": 3e-6, "machine": {"cpu": "a CPU", "gmacs": 4.0}}
    return {"engine": engine, "title": title, "not_held": not_held, "error": error, "runs": runs, **checked, **further}


def case_result(case, rows, load=0.1):
    return {"title": case.title, "batch": case.batch, "threads": case.threads, "isa": case.isa, "load_before": load,
            "fma_peak_gflops": 400.0, "rows": rows}


def two(case):
    """fovea at 10 ms and OpenVINO at 15."""
    return case_result(case, [row("fovea", "fovea", [run([10])]), row("openvino", "OpenVINO", [run([15])])])


def results(cases, **further):
    return {"peer_bench": 1, "matrix": True, "version": "0.1.0", "commit": "abc", "date": "2000-01-02",
            "machine": {"cpu": "a CPU", "system": "Linux"}, "rounds": 2, "repetitions": 3, "warmup": 1,
            "left_out": [], "cases": cases, **further}
