"""From the runs of a case to its figures and its table."""
import statistics

OURS = "fovea"
HEADER = ("engine", "ran as", "min", "median", "min / fovea", "median / fovea", "load", "first run", "peak MB",
          "RMS off", "largest off")
NOTES = (
    "min, median: milliseconds an image, of all repetitions of all rounds; / fovea: an engine's time over that of "
    "fovea in its fast arithmetic. load: milliseconds from its own file, in the page cache, to ready, the least of "
    "the rounds, without starting Python and importing packages. first run: milliseconds an image, the median of the "
    "rounds. peak MB: the most memory its process ever held (VmHWM), which for all but fovea and oneDNN includes "
    "Python. off: the answer's difference from Keras in float64, over all images and outputs. ran as: what the engine "
    "itself reports. Threads wait for work as each engine's default has it (ONNX Runtime's spin).")


def figures(row):
    """A row's figures; None for one without a single run."""
    if row["error"] or not row["runs"]:
        return None
    times = [time for run in row["runs"] for time in run["ms_per_image"]]
    return {
        "ms_min": min(times),
        "ms_median": statistics.median(times),
        "timed_runs": len(times),
        "load_ms": min(run["load_ms"] for run in row["runs"]),
        "first_run_ms": statistics.median(run["first_run_ms"] for run in row["runs"]),
        "peak_rss_mb": max(run["peak_rss_mb"] for run in row["runs"]),
    }


def by_engine(result):
    """Engine -> (row, figures), of those that ran."""
    both = {row["engine"]: (row, figures(row)) for row in result["rows"]}
    return {name: (row, found) for name, (row, found) in both.items() if found}


def best_peer(result, figure="ms_min"):
    """Title and time of the fastest peer that ran as the case asks; None without one."""
    peers = [(found[figure], row["title"]) for name, (row, found) in by_engine(result).items()
             if not name.startswith(OURS) and not row["not_held"]]
    return min(peers)[::-1] if peers else None


def small(value):
    return f"{value:.1e}"


def cells(row, ours):
    """The words of a row of the table; an engine that did not run has its reason in the second column."""
    found = figures(row)
    title = f"{row['title']} {row.get('version', '')}".strip()
    if found is None:
        return [title, f"NOT MEASURED: {row['error'] or 'no run'}"] + [""] * (len(HEADER) - 2)
    unchecked = row.get("not_checked")
    ratios = ["-", "-"] if ours is None else [f"{found[k] / ours[k]:.2f}" for k in ("ms_min", "ms_median")]
    state = row["precision"] + (f" (NOT HELD: {row['not_held']})" if row["not_held"] else "")
    return [title, state, f"{found['ms_min']:.2f}", f"{found['ms_median']:.2f}", *ratios, f"{found['load_ms']:.0f}",
            f"{found['first_run_ms']:.1f}", f"{found['peak_rss_mb']:.0f}",
            *(["not checked", "not checked"] if unchecked else [small(row["off_rms"]), small(row["off_largest"])])]


def table(result):
    """Header and rows of one case."""
    ours = by_engine(result).get(OURS, (None, None))[1]
    return [HEADER] + [cells(row, ours) for row in result["rows"]]


def remarks(result):
    """What the table of a case cannot say: why something was not checked, and that the machine was not quiet."""
    lines = [f"{row['title']}: the answer was not checked, {row['not_checked']}" for row in result["rows"]
             if row.get("not_checked")]
    if result["load_before"] > 0.5:
        lines.append(f"The machine was not quiet: load {result['load_before']:.1f} before the first round.")
    return lines


def as_text(rows, words=(0, 1)):
    """Columns under each other: those of words to the left, figures to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        parts = [cell.ljust(width) if i in words else cell.rjust(width)
                 for i, (cell, width) in enumerate(zip(row, widths))]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


def as_markdown(rows, words=(0, 1)):
    rule = ["---" if i in words else "---:" for i in range(len(rows[0]))]
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    lines = [escaped[0], rule, *escaped[1:]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def conditions(results):
    """What the figures were measured on, in one line."""
    runs = f"rounds: {results['rounds']}, with {results['repetitions']} timed runs after {results['warmup']} to warm up"
    build = f"fovea {results['version']}" + (f" at {results['commit']}" if results["commit"] else "")
    return (f"{results['machine']['cpu']}, {results['machine']['system']}, {results['date']}, {build}; {runs}; every "
            "engine in fp32, in a process of its own, pinned to as many CPUs as it has threads, the order rotated from "
            "round to round.")


def whole(results, verdict_rows, markdown):
    """The report: every case's table, then what must hold."""
    heading = (lambda text: f"## {text}\n") if markdown else (lambda text: f"\n{text}\n")
    render = as_markdown if markdown else as_text
    parts = [conditions(results) + ("\n" if markdown else "")]
    for result in results["cases"]:
        parts += [heading(result["title"]), render(table(result)), ""]
        parts += [f"{line}\n" for line in remarks(result)]
    parts += [f"Not measured: {line}\n" for line in results["left_out"]]
    parts.append(NOTES + "\n")
    if verdict_rows:
        parts += [heading("What must hold"), render(verdict_rows, words=(0, 4, 5)), ""]
    return "\n".join(parts)
